"""The outcomes of a run (MODEL section 8): each declared once, with its words, its unit and its function.

Every outcome is a function of the first state, the last state and the counts kept on the way, so a
sweep needs neither ledger nor panel. To add one: a declaration here, and its row in
``model/README.md``; labels, summaries, units and what is better are read off it. A package of a
user's own offers outcomes of its own; see :mod:`hedgerow.scenario.own`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hedgerow.core.metrics import BY, IN, Ended, gini, mean, per, total
from hedgerow.core.numbers import FloatArray
from hedgerow.core.outcome import Outcome
from hedgerow.core.scene import Scene
from hedgerow.core.world import Agreement, World


def _shift(weight: str, words: str) -> Outcome:
    return Outcome(f"alignment_shift_{{donor}}{weight}", words, "0-1", lambda e, d: e.shift[weight][:, d], "donor")


def _difference(weight: str, words: str) -> Outcome:
    def of(e: Ended) -> FloatArray:
        return e.shift[weight][:, 0] - e.shift[weight][:, 1]

    name = f"alignment_shift_difference{weight}"
    return Outcome(name, f"... {{one}} less {{two}}{words}", "0-1", of, "donor", pair=True)


def _share(posture: str, words: str, name: str = "") -> Outcome:
    better: Any = "donor" if name else ""
    return Outcome(f"share_{name or posture}", words, "share", lambda e: e.postures[posture], better, pair=True)


ALIGNMENT = (
    Outcome(
        "alignment_{donor}",
        "Mean alignment with {donor}, at the end",
        "0-1",
        lambda e, d: mean(e.last.alignment[:, d], e.weights[""]),
        "donor",
    ),
    _shift("", "Change of alignment with {donor}"),
    *(_shift(weight, f"... weighted {words}, {{donor}}") for weight, words in BY.items()),
    *(_shift(weight, f"... {words}, {{donor}}") for weight, words in IN.items()),
)
RIVALRY = (
    *(_difference(weight, f" {words}".rstrip()) for weight, words in {"": "", **BY, **IN}.items()),
    _share("hybrid", "States close to both"),
    _share("hedger", "States that hedge"),
    _share("disengaged", "States close to neither"),
    _share("first", "States that lean to {one}", "leaning_{one}"),
    _share("second", "States that lean to {two}", "leaning_{two}"),
)


def _count(name: str, words: str, unit: str, *counted: str, better: Any = "") -> Outcome:
    return Outcome(name, words, unit, lambda e: e.count(*counted), better)


HELP = (
    Outcome("officers_{donor}", "Officers trained by {donor}", "people", lambda e, d: e.officers[:, d]),
    Outcome(
        "officer_weeks_{donor}", "Training given by {donor}", "officer-weeks", lambda e, d: total(e.last.officer_weeks[:, d])
    ),
    Outcome(
        "officers_denied_{donor}", "Officers denied by {donor}", "people", lambda e, d: total(e.last.denied[:, d]), "less"
    ),
    Outcome("equipment_usd_{donor}", "Equipment given by {donor}", "US$", lambda e, d: total(e.last.equipment_usd[:, d])),
    Outcome("spent_usd_{donor}", "Spent by {donor}", "US$", lambda e, d: e.spent[:, d], "less"),
    Outcome(
        "alignment_per_million_usd_{donor}",
        "Alignment gained per US$ million, {donor}",
        "states x 0-1",
        lambda e, d: per(e.gained[:, d], e.spent[:, d] / 1e6),
        "donor",
    ),
    Outcome(
        "alignment_per_officer_{donor}",
        "Alignment gained per officer, {donor}",
        "states x 0-1",
        lambda e, d: per(e.gained[:, d], e.officers[:, d]),
        "donor",
    ),
    Outcome(
        "lock_in_{donor}",
        "Installed technology of {donor}",
        "systems a state",
        lambda e, d: e.per_state(e.last.lock_in[:, d]),
        "donor",
    ),
    Outcome(
        "active_agreements_{donor}",
        "States with an active agreement with {donor}",
        "states",
        lambda e, d: total(e.last.agreement[:, d] == Agreement.ACTIVE, e.last.states),
        "donor",
    ),
    Outcome(
        "statements_{donor}",
        "States that declared support for {donor}",
        "states",
        lambda e, d: total(e.last.supports[:, d], e.last.states),
        "donor",
    ),
)
MEETINGS = (
    Outcome("meetings_{donor}", "Meetings held by {donor}", "meetings", lambda e, d: e.count("meetings", e.code(d))),
    Outcome("bilaterals_{donor}", "... of them bilateral, {donor}", "meetings", lambda e, d: total(e.bilaterals[:, d])),
    Outcome(
        "sidelines_{donor}",
        "... of them at the margins of a forum, {donor}",
        "meetings",
        lambda e, d: e.count("meetings", e.code(d), "sideline"),
    ),
    Outcome(
        "multilaterals_{donor}",
        "... of them multilateral, {donor}",
        "meetings",
        lambda e, d: e.count("meetings", e.code(d), "forum"),
    ),
    Outcome(
        "partners_{donor}", "Partners met bilaterally by {donor}", "partners", lambda e, d: total(e.last.meetings[:, d] > 0)
    ),
    Outcome(
        "top_five_share_{donor}",
        "Share of bilaterals with the top five, {donor}",
        "share",
        lambda e, d: e.share_of_top(d, 5),
    ),
    Outcome(
        "top_thirteen_share_{donor}",
        "Share of bilaterals with the top thirteen, {donor}",
        "share",
        lambda e, d: e.share_of_top(d, 13),
    ),
    Outcome(
        "meeting_gini_{donor}",
        "Concentration of bilaterals (Gini), {donor}",
        "0-1",
        lambda e, d: gini(e.last.meetings[:, d]),
    ),
    Outcome(
        "meetings_{donor}_{body}",
        "... by {body} of {donor}",
        "meetings",
        lambda e, d, body: e.count("meetings", e.code(d), f"body:{body}"),
    ),
)
CONDITIONS = (
    Outcome("capability_change", "Change of police capability", "0-1", lambda e: e.rise("capability"), "more"),
    Outcome("crime_change", "Change of crime, 1 = at the start", "index", lambda e: e.rise("crime"), "less"),
    Outcome(
        "policing_model_change",
        "Change towards order-and-surveillance policing",
        "0-1",
        lambda e: e.rise("policing_model"),
        "less",
    ),
    Outcome(
        "entanglement_change",
        "Change of officials' ties to illicit markets",
        "0-1",
        lambda e: e.rise("entanglement"),
        "less",
    ),
    Outcome("voting_movement", "Movement of UN ideal points", "ideal points", lambda e: e.per_state(np.abs(e.voting_moved))),
    _count("signatures", "Signatures given at forums", "signatures", "forums signed"),
    Outcome(
        "attendance",
        "Forum invitations taken up",
        "share",
        lambda e: e.count("forums attended") / np.maximum(e.count("forums invited"), 1.0),
    ),
    Outcome("abuses", "Abuses by police units", "cases", lambda e: total(e.last.abuses), "less"),
    Outcome(
        "flagged_units",
        "Units under credible allegation, at the end",
        "units",
        lambda e: total(e.last.flagged, e.last.states),
        "less",
    ),
    Outcome(
        "welfare_loss",
        "Welfare lost to interdicted food and fuel",
        "peacetime months",
        lambda e: total(e.last.welfare_loss),
        "less",
    ),
    _count("pushbacks", "Agreements paused by recipients", "cases", "incidents pushback", better="less"),
    _count("cut_offs", "Recipients cut off", "cases", "incidents cut_off", better="less"),
    _count("exposures", "Service centres exposed", "cases", "incidents exposure", better="less"),
)
BLOCKS = (ALIGNMENT, RIVALRY, (*HELP, *MEETINGS), CONDITIONS)
"""Outcomes in the order of the table; a block of outcomes of donors comes donor by donor."""
OUTCOMES = tuple(outcome for block in BLOCKS for outcome in block)


def outcomes(scene: Scene, first: World, last: World, tally: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the outcomes of each run, ``(runs,)`` each, by name: the model's, then the user's own."""
    ended = Ended(scene, first, last, tally)
    bodies = {code: tuple(dict.fromkeys(t.body for t in donor.tiers)) for code, donor in scene.donors}
    blocks = (*BLOCKS, *((own,) for own in scene.outcomes))
    return {name: value for block in blocks for name, value in _values(block, ended, bodies)}


def _values(
    block: tuple[Outcome, ...], ended: Ended, bodies: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, FloatArray]]:
    cells = [(d, name, outcome.of, where) for outcome in block for d, name, where in outcome.cells(bodies)]
    for _, name, of, where in sorted(cells, key=lambda cell: cell[0]):
        yield name, of(ended, *where)
