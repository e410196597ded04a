"""Crime, illicit markets, policing, politics, centres and reaction, by hand."""

from math import exp, log

import numpy as np
import pytest
from tiny import network, numbers

from hedgerow.core.rules import centres, crime, illicit, policing, politics, reaction
from hedgerow.core.world import Regime

P = numbers()


def one(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


CALM = {
    "systems": one(0), "investigation_gain": one(0), "entanglement_gain": one(0),
    "trouble": one(0), "spill": one(0), "noise": one(0),
}  # fmt: skip


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
    got = crime.crime_change(one(1.0), **(CALM | {name: one(value)}), p=P.crime)
    assert got.item() == pytest.approx(change)


def test_crime_returns_to_its_own_level():
    got = crime.crime_change(one(2.0), **CALM, p=P.crime).item()
    assert got == pytest.approx(-0.03 * log(2))
    assert crime.crime_change(one(1.0), **CALM, p=P.crime).item() == 0.0


def trade(demand, pairs, *, cost=None, crackdown=0.0, sanctions=0.0, development=0.0, gdp=None):
    rows = len(demand)
    everywhere = np.ones((1, rows))
    cracked = dict.fromkeys(illicit.GOODS, crackdown * everywhere) if crackdown else {}
    pressure = illicit.Pressure(cracked, sanctions * everywhere, development * everywhere)
    guarded, economy = one(*(cost or [0.0] * rows)), np.array(gdp or [1.0] * rows)
    net = network(rows, pairs)
    return illicit.trade(one(*demand), guarded, economy, pressure, network=net, p=P.illicit)


def test_demand_of_war_and_trouble():
    got = illicit.excess_demand(one(0, 1, 0, 1), one(0, 0, 1, 1), P.illicit)
    assert got[0].tolist() == [0.0, 3.0, 1.0, 4.0]  # four times the usual, 3 more


def test_one_route_carries_all():
    got = trade([3, 0, 0], [(0, 1)])
    assert got.rents[0].tolist() == [1.5, 1.5, 0.0]  # economies alike: half a weight each
    assert not got.welfare_loss.any()


def test_rents_weigh_by_the_economy_they_enter():
    got = trade([3, 0], [(0, 1)], gdp=[1.0, 3.0])
    assert got.rents[0].tolist() == [1.5, 0.75]  # 3 x 1 / (1 + 3)


def test_flow_splits_over_routes_by_cost():
    got = trade([3, 0, 0], [(0, 1), (0, 2)])
    assert got.rents[0] == pytest.approx([1.5, 0.75, 0.75])
    got = trade([3, 0, 0], [(0, 1), (2, 0)], cost=[0, 0, 1])
    # odds 1 : exp(-1 / (2 x 0.5)), half a weight
    share = 1 / (1 + exp(-1))
    assert got.rents[0] == pytest.approx([1.5, 1.5 * share, 1.5 * (1 - share)])


def test_crackdown_costs_welfare_and_aid_makes_some_good():
    got = trade([3, 0], [(0, 1)], crackdown=1.0)
    assert got.rents[0] == pytest.approx([1.05, 1.05])  # 0.3 stopped
    assert got.welfare_loss[0] == pytest.approx([0.9, 0.0])  # 0.3 x 3 of food and of fuel
    got = trade([3, 0], [(0, 1)], crackdown=1.0, sanctions=1.0, development=1.0)
    assert got.rents[0] == pytest.approx([0.525, 0.525])
    assert got.welfare_loss[0] == pytest.approx([0.45, 0.0])


def test_crackdown_on_one_route_moves_flow_to_another():
    rows = 3
    crackdown = {good: one(0, 1, 0) for good in illicit.GOODS}
    pressure = illicit.Pressure(crackdown, one(0, 0, 0), one(0, 0, 0))
    net = network(rows, [(0, 1), (0, 2)])
    got = illicit.trade(
        one(3, 0, 0), one(0, 0, 0), np.ones(rows), pressure, network=net, p=P.illicit
    )
    # risk 3 on the way through row 1: odds exp(-3) : 1; of the rest 0.3 is stopped
    share = exp(-3) / (1 + exp(-3))
    assert got.rents[0, 1:] == pytest.approx([1.5 * share * 0.7, 1.5 * (1 - share)])


def test_no_demand_or_no_border_no_trade():
    for got in (trade([0, 0], [(0, 1)]), trade([3, 0], [])):
        assert not got.rents.any()
        assert not got.welfare_loss.any()


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
        got = policing.abuses(one(1.0), one(1.0), one(0.5), one(draw), p=P.policing, v=P.vetting)
        assert got.item() == count
    safe = policing.abuses(one(1.0), one(1.0), one(1.0), one(0.999), p=P.policing, v=P.vetting)
    assert safe.item() == 0.0


def test_flags_need_an_abuse_a_press_and_a_clean_unit():
    n = 20_000
    uniform = np.random.default_rng(6).random((1, n))

    def share(abuses, flagged, press):
        return policing.newly_flagged(
            np.full((1, n), abuses), np.full((1, n), flagged), np.full((1, n), press), uniform,
            p=P.policing, v=P.vetting,
        ).mean()  # fmt: skip

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
        return policing.model_change(
            one(model), one(threat), one(coalition), **given, p=P.policing
        ).item()

    assert change() == 0.0
    assert change(export=1.0) == pytest.approx(0.005 * 0.4 * 0.5)
    assert change(export=1.0, coalition=1.0) == 0.0
    assert change(reform=1.0) == pytest.approx(-0.001)
    assert change(neighbours=0.2) == pytest.approx(0.001)
    assert change(deterred=0.01) == pytest.approx(-0.01)


def test_threat():
    def after(now, trouble=0.0, war=0.0, noise=0.0):
        return politics.threat(
            one(now), one(0.3), trouble=one(trouble), war=one(war), noise=one(noise), p=P.politics
        ).item()

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
    opened = centres.openings(
        one(1, 1, 0), one(0.5, 0.5, 0.0), 20.0, one(0.97, 0.96, 1 - 1e-9), P.centres
    )
    assert opened[0].tolist() == [1.0, 0.0, 0.0]
    found = centres.exposed(one(2, 2, 0), one(0.5, 0.5, 1), 1.0, one(0.011, 0.013, 0), P.centres)
    assert found[0].tolist() == [True, False, False]  # 0.012 x 0.5 x 2


def test_pushback_needs_an_agreement_and_something_visible():
    def pushed(draw, sovereignty=0.5, cover=0.5, visibility=0.4, active=1.0):
        return reaction.pushback(
            one(sovereignty), one(cover), visibility, one(active), uniform=one(draw), p=P.reaction
        ).item()

    assert pushed(0.0005)  # 0.004 x 0.5 x (0.5 + 0.5 x 0.5) x 0.4 = 0.0006
    assert not pushed(0.0007)
    assert not pushed(0.0, active=0.0)
    assert not pushed(0.0, visibility=0.0)
    assert not pushed(0.0, sovereignty=0.0)


def test_contagion_spares_those_who_pushed():
    got = reaction.contagion(np.array([[False, True]]), one(0.5, 0.5), P.reaction)
    assert got[0].tolist() == [0.075, 0.0]


def test_statement_of_support():
    # -4.9 + 3 x 0.5 + 0.5 - 0.5 = -3.4 -> 0.0323
    got = reaction.statement(one(0.5, 0.5), one(1, 1), one(1, 1), one(0.032, 0.033), P.reaction)
    assert got[0].tolist() == [True, False]


def test_a_donors_picture_lags():
    assert reaction.lagged(one(0.0, 0.3), one(0.9, 0.3), 9.0)[0] == pytest.approx([0.1, 0.3])
