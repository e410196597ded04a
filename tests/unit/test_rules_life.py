"""Crime, illicit markets, policing, politics, centres and reaction, by hand."""

from math import exp, log

import numpy as np
import pytest
from scipy.special import ndtr
from tiny import go, lever, month_of, network, numbers, one, tiny

from hedgerow.core.compiled import record
from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.levers import IllicitLever, Leahy, ReactionLever
from hedgerow.core.phases.live import live
from hedgerow.core.phases.react import react
from hedgerow.core.phases.shocks import shocks
from hedgerow.core.rules import centres, crime, illicit, policing, politics, reaction
from hedgerow.core.world import Agreement, Regime, World

P = numbers()
BORDER = CAPABILITIES.index("border")


CALM = {
    "systems": one(0),
    "investigation_gain": one(0),
    "entanglement_gain": one(0),
    "trouble": one(0),
    "spill": one(0),
    "noise": one(0),
}


@pytest.mark.parametrize(
    ("name", "value", "change"),
    [
        ("systems", 0.5, -0.00025),  # 0.02 / 12 x 0.3 x 0.5
        ("systems", 7.0, -0.0005),  # no more than one whole system counts
        ("investigation_gain", 0.02, -0.01),
        ("entanglement_gain", 0.1, 0.03),
        ("trouble", 1.0, 0.01),
        ("spill", 0.5, 0.01),
        ("noise", -1.0, -0.02),
    ],
)
def test_crime_moves_by(name, value, change):
    got = crime.crime_change(one(0.0), **(CALM | {name: one(value)}), p=P.crime)
    assert got.item() == pytest.approx(change)


def test_crime_returns_to_its_own_level():
    got = crime.crime_change(one(log(2)), **CALM, p=P.crime).item()
    assert got == pytest.approx(-0.03 * log(2))
    assert crime.crime_change(one(0.0), **CALM, p=P.crime).item() == 0.0


def trade(demand, pairs, *, cost=None, crackdown=0.0, land=None, goods=illicit.GOODS, **others):
    """Return a month's rents and welfare loss, ``(rows,)`` each.

    ``demand`` is 0 in peace, 3 at war; ``cost`` is of a route through a row; ``crackdown`` on some
    goods, one number or one a row; ``others`` may hold sanctions, development and gdp.
    """
    rows = len(demand)
    net, loss = network(rows, pairs), np.zeros((1, rows))
    net = net if land is None else net._replace(land=np.array(land))
    capability = np.zeros((1, 4, rows))
    capability[0, BORDER] = np.array(cost or [0.0] * rows) / 1.5
    held = np.zeros((4, 1, rows))
    held[[illicit.GOODS.index(good) for good in goods]] = crackdown
    rents = illicit.trade(
        one(*demand) / 3,
        np.zeros((1, rows), dtype=np.int64),
        np.ones(rows, dtype=bool),
        capability,
        one(*[0.0] * rows),
        np.array(others.get("gdp", [1.0] * rows)),
        held,
        one(*[others.get("sanctions", 0.0)] * rows),
        one(*[others.get("development", 0.0)] * rows),
        loss,
        net,
        record(P.illicit, 1),
    )
    return rents[0], loss[0]


def test_demand_of_war_and_trouble():
    got = illicit.excess_demand(one(0, 1, 0, 1), one(0, 0, 1, 1), P.illicit)
    assert got[0].tolist() == [0.0, 3.0, 1.0, 4.0]  # four times the usual, 3 more


def test_one_route_carries_all():
    rents, loss = trade([3, 0, 0], [(0, 1)])
    assert rents.tolist() == [1.5, 1.5, 0.0]  # economies alike: half a weight each
    assert not loss.any()


def test_rents_weigh_by_the_economy_they_enter():
    assert illicit.rent_weight(one(1), one(3)).item() == 0.25
    assert trade([3, 0], [(0, 1)], gdp=[1.0, 3.0])[0].tolist() == [1.5, 0.75]  # 3 x 1 / (1 + 3)


def test_flow_splits_over_routes_by_cost():
    assert illicit.odds(one(0, 1), P.illicit)[0] == pytest.approx([1.0, exp(-1)])  # 2 x 0.5
    assert trade([3, 0, 0], [(0, 1), (0, 2)])[0] == pytest.approx([1.5, 0.75, 0.75])
    share = 1 / (1 + exp(-1))
    rents, _ = trade([3, 0, 0], [(0, 1), (2, 0)], cost=[0, 0, 1])  # half a weight
    assert rents == pytest.approx([1.5, 1.5 * share, 1.5 * (1 - share)])


def test_two_neighbours_at_war_supply_each_other():
    # each moves 3 over the one border: 1.5 of its own and half of the other's
    assert trade([3, 3], [(0, 1)])[0].tolist() == [3.0, 3.0]


def test_goods_pass_by_land_alone():
    assert trade([3, 0, 0], [(0, 1), (0, 2)], land=[False, True])[0].tolist() == [1.5, 0.0, 1.5]


def test_crackdown_costs_welfare_and_aid_makes_some_good():
    rents, loss = trade([3, 0], [(0, 1)], crackdown=1.0)
    assert rents == pytest.approx([1.05, 1.05])  # 0.3 stopped
    assert loss == pytest.approx([0.9, 0.0])  # 0.3 x 3 of food and of fuel
    rents, loss = trade([3, 0], [(0, 1)], crackdown=1.0, sanctions=1.0, development=1.0)
    assert rents == pytest.approx([0.525, 0.525])
    assert loss == pytest.approx([0.45, 0.0])


def test_what_people_do_not_live_on_costs_no_welfare():
    rents, loss = trade([3, 0], [(0, 1)], crackdown=1.0, goods=("arms",))
    assert rents == pytest.approx([1.5 * (1 - 0.3 / 4)] * 2)  # a quarter of the trade
    assert not loss.any()
    assert trade([3, 0], [(0, 1)], crackdown=1.0, goods=("fuel",))[1][0] == pytest.approx(0.45)


def test_crackdown_on_one_route_moves_flow_to_another():
    rents, _ = trade([3, 0, 0], [(0, 1), (0, 2)], crackdown=[0, 1, 0])
    # risk 3 on the way through row 1: odds exp(-3) : 1; of the rest 0.3 is stopped
    share = exp(-3) / (1 + exp(-3))
    assert rents[1:] == pytest.approx([1.5 * share * 0.7, 1.5 * (1 - share)])


def test_no_demand_or_no_border_no_trade():
    for rents, loss in (trade([0, 0], [(0, 1)]), trade([3, 0], [])):
        assert not rents.any()
        assert not loss.any()


def test_guards_deter_and_protection_invites():
    got = illicit.guard(one(0.6), one(0.4), P.illicit)
    assert got.item() == pytest.approx(0.3)  # 1.5 x 0.6 - 1 x 0.4 - 0.5 x 0.4


@pytest.mark.parametrize(
    ("now", "rents", "change"),
    [
        (0.2, 0.0, 0.0),
        (0.2, 1.0, (0.002 + 0.05 * 0.2) * 0.8),
        (0.4, 0.0, -0.02 * 0.5 * 0.2),  # undone towards the usual 0.2
        (0.6, 0.0, 0.0),  # beyond 0.5 nothing undoes it
        (1.0, 2.0, 0.0),  # nothing left to entangle
    ],
)
def test_entanglement(now, rents, change):
    got = illicit.entanglement_change(one(now), one(0.2), one(rents), one(0.5), P.illicit)
    assert got.item() == pytest.approx(change)


def test_abuses():
    # 6 units x 0.01 x exp(1.5 x 1 + 1 x 1) x 0.5 = 0.365; exp(-0.365) = 0.694
    for draw, count in ((0.69, 0), (0.70, 1)):
        got = policing.abuses(one(1.0), one(1.0), one(0.5), one(draw), P.policing, P.vetting)
        assert got.item() == count
    safe = policing.abuses(one(1.0), one(1.0), one(1.0), one(0.999), P.policing, P.vetting)
    assert safe.item() == 0.0


def test_flags_need_an_abuse_a_press_and_a_clean_unit():
    n = 20_000
    uniform = np.random.default_rng(6).random((1, n))

    def share(abuses, flagged, press):
        return policing.newly_flagged(
            np.full((1, n), abuses), np.full((1, n), flagged), np.full((1, n), press), uniform, P.policing, P.vetting
        ).mean()

    chance = 1 - 0.9**2  # two abuses, each reported with 0.2 x 0.5
    assert abs(share(2.0, 0.0, 0.5) - chance) < 4 * np.sqrt(chance * (1 - chance) / n)
    assert share(0.0, 0.0, 1.0) == share(2.0, 0.0, 0.0) == share(2.0, 6.0, 1.0) == 0.0
    assert share(2.0, 5.0, 1.0) > 0.0


def test_flags_clear_sooner_under_remediation():
    draw = one(0.05, 0.07, 0.0)
    flagged = one(2.0, 2.0, 0.0)
    assert policing.cleared(flagged, 0.0, draw, P.vetting).tolist() == [[1.0, 0.0, 0.0]]  # 0.06
    assert policing.cleared(flagged, 1.0, draw, P.vetting).tolist() == [[1.0, 1.0, 0.0]]  # 0.18


def test_policing_model():
    def change(model=0.5, threat=0.5, coalition=0.2, **what):
        zero = {k: one(0) for k in ("export", "reform", "neighbours", "deterred")}
        given = zero | {k: one(v) for k, v in what.items()}
        return policing.model_change(one(model), one(threat), one(coalition), **given, p=P.policing).item()

    assert change() == 0.0
    assert change(export=1.0) == pytest.approx(0.005 * 0.4 * 0.5)
    assert change(export=1.0, coalition=1.0) == 0.0
    assert change(reform=1.0) == pytest.approx(-0.001)
    assert change(neighbours=0.2) == pytest.approx(0.001)
    assert change(deterred=0.01) == pytest.approx(-0.01)


def test_threat():
    def after(now, trouble=0.0, war=0.0, noise=0.0):
        return politics.threat(one(now), one(0.3), one(trouble), one(war), one(noise), P.politics).item()

    assert after(0.5, 1.0, 1.0, 1.0) == pytest.approx(0.54)  # - 0.02 + 2 x 0.015 + 0.03
    assert after(0.3) == pytest.approx(0.3)
    assert after(1.0, noise=99.0) == 1.0
    assert after(0.0, noise=-99.0) == 0.0


def test_leaders_change_more_often_in_broad_coalitions():
    got = politics.turnover(one(0, 0, 1, 1), one(0.005, 0.007, 0.017, 0.019), P.politics)
    assert got[0].tolist() == [True, False, True, False]  # 0.006 and 0.018


@pytest.mark.parametrize(
    ("regime", "draw", "following"),
    [
        (Regime.STABLE, 0.004, Regime.TRANSITION),  # 0.0015 x (1 + 4 x 0.5) = 0.0045
        (Regime.STABLE, 0.005, Regime.STABLE),
        (Regime.TRANSITION, 0.039, Regime.STABLE),
        (Regime.TRANSITION, 0.069, Regime.STALLED),
        (Regime.TRANSITION, 0.089, Regime.BACKSLIDING),
        (Regime.TRANSITION, 0.091, Regime.TRANSITION),
        (Regime.STALLED, 0.019, Regime.STABLE),
        (Regime.BACKSLIDING, 0.019, Regime.STABLE),
        (Regime.BACKSLIDING, 0.021, Regime.BACKSLIDING),
    ],
)
def test_regime_path(regime, draw, following):
    before = np.array([[int(regime)]])
    assert politics.path(before, one(0.5), one(draw), P.politics).item() == following
    assert before.item() == regime


def test_only_stalled_and_backsliding_are_troubled():
    assert politics.troubled(np.array([0, 1, 2, 3])).tolist() == [0, 0, 1, 1]


def test_centres_open_and_are_exposed():
    # 0.004 x 20 x 1 x 0.5 = 0.04; exp(-0.04) = 0.961
    opened = centres.openings(one(1, 1, 0), one(0.5, 0.5, 0.0), 20.0, one(0.97, 0.96, 1 - 1e-9), P.centres)
    assert opened[0].tolist() == [1.0, 0.0, 0.0]
    found = centres.exposed(one(2, 2, 0), one(0.5, 0.5, 1), 1.0, one(0.011, 0.013, 0), P.centres)
    assert found[0].tolist() == [True, False, False]  # 0.012 x 0.5 x 2


def test_pushback_needs_an_agreement_and_something_visible():
    def pushed(draw, sovereignty=0.5, cover=0.5, visibility=0.4, active=1.0):
        return reaction.pushback(one(sovereignty), one(cover), visibility, one(active), one(draw), P.reaction).item()

    assert pushed(0.0005)  # 0.004 x 0.5 x (0.5 + 0.5 x 0.5) x 0.4 = 0.0006
    assert not pushed(0.0007)
    assert not pushed(0.0, active=0.0)
    assert not pushed(0.0, visibility=0.0)
    assert not pushed(0.0, sovereignty=0.0)


def test_contagion_spares_those_who_pushed():
    got = reaction.contagion(one(0, 1), one(0.5, 0.5), P.reaction)
    assert got[0].tolist() == [0.075, 0.0]


def test_statement_of_support():
    # -4.9 + 3 x 0.5 + 0.5 - 0.5 = -3.4 -> 0.0323
    got = reaction.statement(one(0.5, 0.5), one(1, 1), one(1, 1), one(0.032, 0.033), P.reaction)
    assert got[0].tolist() == [True, False]


def test_a_donors_picture_lags():
    assert reaction.lagged(one(0.0, 0.3), one(0.9, 0.3), 9.0)[0] == pytest.approx([0.1, 0.3])


def lived(rows=1, donors=({},), draws=None, gained=0.0, **world) -> World:
    """Return the world after crime, markets and the police have run a month; no abuse is drawn."""
    month = month_of(tiny(rows, donors, **world), {"abuse": 0.0} | (draws or {}))
    month.capability_before = month.world.capability - gained
    return go(month, live).world


def test_a_quiet_month_changes_nothing():
    world = lived(2, pairs=[(0, 1)])
    assert world.crime[0] == pytest.approx([1.0, 1.0])
    assert world.entanglement[0].tolist() == [0.2, 0.2]
    assert world.policing_model[0].tolist() == [0.5, 0.5]
    assert not world.flagged.any()
    assert not world.abuses.any()


def test_crime_of_a_month_by_hand():
    world = lived(1, [{}, {}], lock_in=[[0.5], [0.5]], uptime=0.5, gained=0.02)
    assert log(world.crime.item()) == pytest.approx(-0.00025 - 0.01)  # half a system; 0.5 x 0.02
    spilt = lived(2, crime=[1.0, 2.0], pairs=[(0, 1)]).crime[0]
    assert np.log(spilt) == pytest.approx([0.02 * log(2), (1 - 0.03 - 0.02) * log(2)])
    assert log(lived(regime=Regime.STALLED).crime.item()) == pytest.approx(0.01)
    assert log(lived(draws={"crime": ndtr(-1.0)}).crime.item()) == pytest.approx(-0.02, abs=1e-6)


def test_war_entangles_officials_on_both_sides_of_a_border_and_feeds_crime():
    border = np.zeros((4, 2))
    world = lived(2, pairs=[(0, 1)], war=[1.0, 0.0], capability=border, fact_capability=border)
    grown = 1.5 * 0.8 * (0.002 + 0.05 * 0.2)  # rents of 1.5 each, as the trade above
    assert world.entanglement[0] == pytest.approx([0.2 + grown] * 2)
    assert np.log(world.crime[0]) == pytest.approx([0.3 * grown + 0.01, 0.3 * grown])
    held = lever(IllicitLever, [1, 0], crackdown=1.0, development=1.0)
    world = lived(2, pairs=[(0, 1)], war=[1.0, 0.0], levers=[held])
    assert world.welfare_loss[0] == pytest.approx([0.45, 0.0])


def test_help_teaches_its_donors_policing_and_vetting_restrains():
    cover = 1 - exp(-1)
    threatened = {"threat": 0.5, "fact_coalition": 0.2, "help": 0.5, "fact_threat": 0.5}
    order = lived(donors=[{"model_export": 0.6}], lock_in=0.2, **threatened)
    change = 0.005 * 0.6 * (cover + 0.2) * 0.4 * 0.5
    assert order.policing_model.item() == pytest.approx(0.5 + change)
    reform = lived(donors=[{"model_export": -0.6}], lock_in=0.2, **threatened)
    assert reform.policing_model.item() == pytest.approx(0.5 - 0.002 * 0.6 * cover * 0.5)
    law = lever(Leahy, donor="AAA", scope="unit", strictness=0.5)
    vetted = lived(donors=[{}, {}], levers=[law], help=[[0.3], [0.1]])
    assert vetted.policing_model.item() == pytest.approx(0.5 - 0.01 / 12 * 0.5 * 0.75 * 0.5)


def test_a_law_without_scope_restrains_nobody():
    def model(*scopes: str) -> float:
        laws = [lever(Leahy, donor="AAA", scope=scope, strictness=0.5) for scope in scopes]
        return lived(levers=laws, help=0.3).policing_model.item()

    assert model("none") == model() == 0.5
    assert model("country") == model("unit") == pytest.approx(0.5 - 0.01 / 12 * 0.5 * 0.5)
    assert model("unit", "none") == 0.5  # the later holds


def test_the_law_of_one_donor_restrains_those_who_rely_on_it():
    law = lever(Leahy, [1, 0], donor="BBB", scope="unit")
    model = lived(2, [{}, {}], levers=[law], help=[[0.3, 0.3], [0.1, 0.1]]).policing_model[0]
    assert model == pytest.approx([0.5 - 0.01 / 12 * 0.25 * 0.5, 0.5])


def test_the_policing_model_follows_neighbours_within_reach():
    model = lived(3, policing_model=[0.4, 0.6, 0.95], pairs=[(0, 1), (1, 2)]).policing_model[0]
    # 0.005 of 0.2; half of -0.2, as the third is beyond 0.3; of nobody
    assert model == pytest.approx([0.401, 0.5995, 0.95])


def test_abuse_is_counted_and_flags_follow():
    # one abuse, drawn as above; reported with 0.2 x 0.5
    bad = {"policing_model": 1.0, "threat": 1.0, "fact_threat": 1.0}
    for report, flagged in ((0.09, 1.0), (0.11, 0.0)):
        world = lived(draws={"abuse": 0.70, "report": report}, **bad)
        assert (world.abuses.item(), world.flagged.item()) == (1.0, flagged)
    cleared = lived(draws={"flag_clearing": 0.05}, flagged=2.0)
    assert cleared.flagged.item() == 1.0


def struck(rows=1, donors=({},), draws=None, **world) -> World:
    """Return the world after shocks; unless drawn, none happen."""
    none = dict.fromkeys(("leadership", "regime", "centre_exposure"), 0.999)
    return go(month_of(tiny(rows, donors, **world), none | (draws or {})), shocks).world


def test_threat_and_sensitivity_of_a_month():
    world = struck(threat=0.5, fact_threat=0.3, regime=Regime.STALLED, war=1.0, sovereignty=0.6)
    assert world.threat.item() == pytest.approx(0.51)  # - 0.02 + 2 x 0.015
    assert world.sovereignty.item() == pytest.approx(0.59)  # 0.05 of the way to 0.4
    changed = struck(draws={"leadership": 0.011})  # 0.012 at a coalition of 0.5
    assert changed.sovereignty.item() == pytest.approx(0.48)


def test_a_regime_that_turns_troubled_is_threatened_from_the_next_month():
    world = struck(regime=Regime.TRANSITION, draws={"regime": 0.05})
    assert world.regime.item() == Regime.STALLED
    assert world.threat.item() == pytest.approx(0.0)


def test_an_exposed_centre_closes_and_costs_alignment():
    host = {"donors": [{"centres": 1.0}], "centres": 2.0, "fact_exposure": 1.0}
    month = month_of(tiny(**host), {"centre_exposure": 0.011, "leadership": 0.9, "regime": 0.9})
    world = go(month, shocks).world  # 0.012 x 0.5 x 2
    assert world.centres.item() == 0.0
    assert world.sovereignty.item() == pytest.approx(0.5)
    assert month.loss.item() == pytest.approx(0.02)
    assert struck(**host).centres.item() == 2.0
    opened = struck(**host, draws={"centre_opening": 0.999})  # 0.004 x 0.5 = 0.002
    assert opened.centres.item() == 3.0


def reacted(rows=1, donors=({},), draws=None, **world) -> World:
    """Return the world after recipients' reaction; unless drawn, none react."""
    none = {"pushback": 0.999, "statement": 0.999}
    return go(month_of(tiny(rows, donors, **world), none | (draws or {})), react).world


def test_pushback_pauses_and_spreads():
    # 0.004 x 0.5 x (0.5 + 0.5 x 0.632) x 0.3
    chance = 0.0006 * (1 - 0.5 * exp(-1))
    agreed = {"agreement": [[1, 0]], "sovereignty": 0.5, "help": 0.5, "pairs": [(0, 1)]}
    world = reacted(2, draws={"pushback": chance - 1e-9}, **agreed)
    assert world.agreement[0, 0].tolist() == [Agreement.PAUSED, Agreement.NONE]
    assert world.pause_left[0, 0].tolist() == [12.0, 0.0]
    assert world.sovereignty[0] == pytest.approx([0.5, 0.65])
    calm = reacted(2, draws={"pushback": chance + 1e-9}, **agreed)
    assert calm.agreement[0, 0].tolist() == [Agreement.ACTIVE, Agreement.NONE]
    assert calm.sovereignty[0].tolist() == [0.5, 0.5]


def test_pauses_end_and_work_resumes_on_a_smaller_scale():
    world = reacted(3, agreement=[2, 2, 1], pause_left=[1.0, 5.0, 0.0])
    assert world.agreement[0, 0].tolist() == [1, 2, 1]
    assert world.pause_left[0, 0].tolist() == [0.0, 4.0, 0.0]
    assert world.scope[0, 0].tolist() == [0.6, 1.0, 1.0]


def test_states_declare_support_once_and_only_for_an_initiative():
    sure, draws = {"fact_pilot": 1.0, "alignment": 0.5}, {"statement": 0.032}
    # -4.9 + 3 x 0.5 + 0.5 - 0.5 x 1 = -3.4 -> 0.0323; the rival's value counts
    both = {"donors": [{"initiative": "GSI"}, {}], "fact_value": [[0.0], [1.0]]}
    assert reacted(**both, **sure, draws=draws).supports[0, :, 0].tolist() == [True, False]
    assert not reacted(**both, **sure, draws={"statement": 0.033}).supports.any()
    assert reacted(**both, **sure, supports=True).supports.all()  # nobody takes it back


def test_donors_notice_what_rivals_gain_since_the_start():
    world = reacted(1, [{}, {}], help=[[0.0], [0.5]], first_cover=0.1)
    gain = (1 - exp(-1) - 0.1) / 9
    assert world.reaction[0, :, 0] == pytest.approx([gain, -0.1 / 9])


def test_each_donor_notices_by_its_own_lag():
    slow, seen = [{"reaction_lag": 6}, {"reaction_lag": 12}], {"help": 0.5, "first_cover": 0.0}
    gain = 1 - exp(-1)
    assert reacted(1, slow, **seen).reaction[0, :, 0] == pytest.approx([gain / 6, gain / 12])
    quick = lever(ReactionLever, [1, 0], donor="BBB", lag=8.0)
    world = reacted(2, slow, levers=[quick], **seen)
    assert world.reaction[0] == pytest.approx(np.array([[gain / 6] * 2, [gain / 8, gain / 12]]))
