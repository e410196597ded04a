"""Outcomes of a run, and the panel of its states (MODEL section 8).

Every outcome is a function of the first state, the last state and the counts kept on the way, so a
sweep needs neither ledger nor panel. Shares and means are over recipient states; peers,
organisations and donors are left out.
"""

from collections.abc import Mapping

import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.ledger import PANEL_BY_DONOR, PANEL_BY_ROW, Panel
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.rules.alignment import voting
from hedgerow.core.scene import Scene
from hedgerow.core.world import Agreement, World

REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")
HIGH = 0.5
HEDGE = 0.1
WEIGHTS = ("_by_population", "_by_gdp", "_by_vote", *(f"_in_{r.lower()}" for r in REGIONS))


def ideal_points(scene: Scene, world: World) -> FloatArray:
    """Return the voting readout, ``(runs, rows)``, on the scale of UN ideal points."""
    rise = world.alignment - world.facts.alignment
    facts = world.facts
    return voting(facts.ideal_point, rise, facts.pole, world.states, scene.parameters.voting)


def keep_panel(panel: Panel, month: Month) -> None:
    """Store the state of every recipient state at the end of a month."""
    world, states, t = month.world, month.world.states, month.index
    for name, variable in PANEL_BY_DONOR.items():
        for d, code in enumerate(world.donors):
            panel.keep(t, f"{name}_{code}", getattr(world, variable)[:, d][:, states])
    for k, capability in enumerate(CAPABILITIES):
        panel.keep(t, f"capability_{capability}", world.capability[:, k][:, states])
    for name, variable in PANEL_BY_ROW.items():
        panel.keep(t, name, getattr(world, variable)[:, states])
    panel.keep(t, "un_ideal_point", ideal_points(month.scene, world)[:, states])


def _sum(values: FloatArray | BoolArray, rows: BoolArray | slice = slice(None)) -> FloatArray:
    """Return sums over rows, ``(runs,)``.

    Laid out anew first, because NumPy adds in the order of memory, which differs with the batch.
    """
    return np.asarray(np.ascontiguousarray(values[..., rows], dtype=np.float64).sum(axis=-1))


def _mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(_sum(values * weights) / weights.sum())


def _per(gain: FloatArray, amount: FloatArray) -> FloatArray:
    return np.asarray(np.where(amount > 0, gain / np.where(amount > 0, amount, 1.0), 0.0))


def gini(counts: FloatArray) -> FloatArray:
    """Return the Gini coefficient of each run's counts over rows; 0 where there are none."""
    ordered = np.sort(counts, axis=-1)
    n = counts.shape[-1]
    rank = 2.0 * np.arange(1, n + 1) - n - 1.0
    total = _sum(ordered)
    return np.asarray(_sum(ordered * rank) / np.where(total > 0, total * n, 1.0))


def postures(alignment: FloatArray, states: BoolArray) -> dict[str, FloatArray]:
    """Return the share of states in each posture towards two donors, ``(runs,)`` each.

    Hybrids are close to both; hedgers, of the rest, keep within 0.1 of even; the disengaged, of the
    rest, are close to neither; the remainder lean to one.
    """
    one, two = alignment[:, 0][:, states], alignment[:, 1][:, states]
    hybrid = (one > HIGH) & (two > HIGH)
    hedger = ~hybrid & (np.abs(one - two) <= HEDGE)
    disengaged = ~hybrid & ~hedger & (one <= HIGH) & (two <= HIGH)
    rest = ~(hybrid | hedger | disengaged)
    parts = {
        "hybrid": hybrid,
        "hedger": hedger,
        "disengaged": disengaged,
        "first": rest & (one > two),
        "second": rest & (one <= two),
    }
    return {name: _sum(part) / part.shape[-1] for name, part in parts.items()}


def outcomes(scene: Scene, first: World, last: World, tally: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the outcomes of each run, ``(runs,)`` each, by name; units in ``model/README.md``."""
    result: dict[str, FloatArray] = {}
    for d, code in enumerate(last.donors):
        result |= _alignment(first, last, d, code)
    if len(last.donors) > 1:
        one, two = last.donors[:2]
        for weight in ("", *WEIGHTS):
            shift = [result[f"alignment_shift_{code}{weight}"] for code in (one, two)]
            result[f"alignment_shift_difference{weight}"] = shift[0] - shift[1]
        result |= _posture_shares(last)
    for d, code in enumerate(last.donors):
        result |= _help(first, last, d, code)
        result |= _meetings(scene, last, tally, d)
    return result | _conditions(scene, first, last, tally)


def _alignment(first: World, last: World, d: int, code: str) -> dict[str, FloatArray]:
    shift = last.alignment[:, d] - first.alignment[:, d]
    states, facts = last.states.astype(np.float64), last.facts
    return {
        f"alignment_{code}": _mean(last.alignment[:, d], states),
        f"alignment_shift_{code}": _mean(shift, states),
        f"alignment_shift_{code}_by_population": _mean(shift, facts.population * states),
        f"alignment_shift_{code}_by_gdp": _mean(shift, facts.gdp_usd * states),
        f"alignment_shift_{code}_by_vote": _mean(shift, facts.vote * states),
        **{
            f"alignment_shift_{code}_in_{region.lower()}": _mean(shift, states * (facts.region == i))
            for i, region in enumerate(REGIONS)
        },
    }


def _posture_shares(last: World) -> dict[str, FloatArray]:
    shares = postures(last.alignment, last.states)
    one, two = last.donors[:2]
    names = {"first": f"leaning_{one}", "second": f"leaning_{two}"}
    return {f"share_{names.get(n, n)}": share for n, share in shares.items()}


def _help(first: World, last: World, d: int, code: str) -> dict[str, FloatArray]:
    officers = _sum(last.officers[:, d])
    spent = _sum(last.spent_usd[:, d])
    states = last.states
    gained = _sum(last.alignment[:, d] - first.alignment[:, d], states)
    return {
        f"officers_{code}": officers,
        f"officer_weeks_{code}": _sum(last.officer_weeks[:, d]),
        f"officers_denied_{code}": _sum(last.denied[:, d]),
        f"equipment_usd_{code}": _sum(last.equipment_usd[:, d]),
        f"spent_usd_{code}": spent,
        f"alignment_per_million_usd_{code}": _per(gained, spent / 1e6),
        f"alignment_per_officer_{code}": _per(gained, officers),
        f"lock_in_{code}": _sum(last.lock_in[:, d], states) / states.sum(),
        f"active_agreements_{code}": _sum(last.agreement[:, d] == Agreement.ACTIVE, states),
        f"statements_{code}": _sum(last.supports[:, d], states),
    }


def _meetings(scene: Scene, last: World, tally: Mapping[str, FloatArray], d: int) -> dict[str, FloatArray]:
    code, bodies = scene.code(d), dict.fromkeys(t.body for t in scene.donor(d).tiers)
    none = np.zeros(last.runs)
    counts = np.sort(last.meetings[:, d], axis=-1)[:, ::-1]
    held = np.maximum(_sum(counts), 1.0)
    result = {
        f"meetings_{code}": tally.get(f"meetings {code}", none),
        f"bilaterals_{code}": _sum(counts),
        f"sidelines_{code}": tally.get(f"meetings {code} sideline", none),
        f"multilaterals_{code}": tally.get(f"meetings {code} forum", none),
        f"partners_{code}": _sum(counts > 0),
        f"top_five_share_{code}": _sum(counts, slice(5)) / held,
        f"top_thirteen_share_{code}": _sum(counts, slice(13)) / held,
        f"meeting_gini_{code}": gini(last.meetings[:, d]),
    }
    by_body = {f"meetings_{code}_{b}": tally.get(f"meetings {code} body:{b}", none) for b in bodies}
    return result | by_body


def _conditions(scene: Scene, first: World, last: World, tally: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    states, none = last.states, np.zeros(last.runs)

    def rise(name: str) -> FloatArray:
        change = getattr(last, name) - getattr(first, name)
        by_row = change if change.ndim == 2 else change.sum(axis=1) / change.shape[1]
        return np.asarray(_sum(by_row, states) / states.sum())

    points = ideal_points(scene, last) - ideal_points(scene, first)
    invited = np.maximum(tally.get("forums invited", none), 1.0)
    kinds = {"pushback": "pushbacks", "cut_off": "cut_offs", "exposure": "exposures"}
    return {
        "capability_change": rise("capability"),
        "crime_change": rise("crime"),
        "policing_model_change": rise("policing_model"),
        "entanglement_change": rise("entanglement"),
        "voting_movement": _sum(np.abs(points), states) / states.sum(),
        "signatures": tally.get("forums signed", none),
        "attendance": tally.get("forums attended", none) / invited,
        "abuses": _sum(last.abuses),
        "flagged_units": _sum(last.flagged, states),
        "welfare_loss": _sum(last.welfare_loss),
        **{out: tally.get(f"incidents {kind}", none) for kind, out in kinds.items()},
    }
