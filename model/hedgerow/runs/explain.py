"""``hedgerow.explain``: why a recipient accepts, why a donor turns to it, why its alignment moves.

Decisions of the model are sums of named terms. This module runs the model's own phases, stops
before the one asked about, and reads the terms the phase is about to use; there is no second
account of a rule here. A new kind of explanation is a function that returns named terms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.phases import PHASES
from hedgerow.core.phases.align import change_terms
from hedgerow.core.rules import acceptance, allocation
from hedgerow.core.rules.provision import Offer
from hedgerow.data.load import countries
from hedgerow.data.select import OTHER_ROWS, pick
from hedgerow.data.start import names
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.manifest import load
from hedgerow.runs.posterior import policy
from hedgerow.runs.summary import HIGH, LOW
from hedgerow.runs.threads import Progress, in_order
from hedgerow.scenario.check import month_number
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.suggest import country_like

TOPICS = {
    "training": "utility of the donor's courses",
    "small kit": "utility of the donor's small packages",
    "surveillance system": "utility of the donor's surveillance systems",
    "score": "the donor's score for the recipient",
    "share": "share of the donor's effort, in per cent",
    "alignment this month": "change of alignment with the donor, this month",
    "alignment since the start": "change of alignment with the donor, since the start",
}
OFFERS = ("training", "small kit", "surveillance system")
TOTAL = "total"

Terms = dict[tuple[str, str], dict[str, FloatArray]]


@dataclass(frozen=True)
class Explanation:
    """The terms of what a recipient and its donors decided.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns ``topic``, ``donor``, ``term``, ``value`` (mean over runs), ``low``, ``high`` (5th
        and 95th percentile over runs) and, where compared, ``base`` and ``difference``. The row
        ``total`` of a topic and donor is the sum of the rows above it.
    recipient : str
    month : date
    scenario : Scenario
    versus : Scenario or None
    """

    table: pd.DataFrame
    recipient: str
    month: date
    scenario: Scenario
    versus: Scenario | None

    @property
    def name(self) -> str:
        """The recipient's name."""
        return names()[self.recipient]


def explain(
    scenario: str | Path | Scenario,
    recipient: str,
    month: str | date | None = None,
    *,
    versus: str | Path | Scenario | None = None,
    runs: int = 32,
    seed: int = 1,
    fixed: bool = False,
) -> Explanation:
    """Explain a recipient's acceptance, its donors' scores and its alignment, term by term.

    Parameters
    ----------
    scenario : str, Path or Scenario
    recipient : str
        ISO 3166 code of a recipient state.
    month : str or date, optional
        Such as ``"2024-09"``; the last month if none.
    versus : str, Path or Scenario, optional
        Scenario to compare with, run by run.
    runs, seed : int
        Over how many runs to average.
    fixed : bool
        Keep the parameters as each scenario has them instead of drawing them from the posterior.

    Returns
    -------
    Explanation

    Raises
    ------
    ScenarioError
        If the recipient or the month is not one of the scenario's.

    Examples
    --------
    >>> import hedgerow
    >>> why = hedgerow.explain("baseline-2022-25", "KEN", "2022-08", runs=2)
    >>> rows = why.table[(why.table["topic"] == "training") & (why.table["donor"] == "CHN")]
    >>> bool(rows["value"].iloc[:-1].cumsum().iloc[-1] == rows["value"].iloc[-1])
    True
    """
    chosen = load(scenario)
    base = None if versus is None else load(versus)
    index = _month_index(chosen, month)
    asked = [(chosen, index)]
    if base is not None:
        if list(base.donors) != list(chosen.donors):
            raise ScenarioError(base.title, "donors", f"must be {', '.join(chosen.donors)}, to compare term by term")
        asked.append((base, _month_index(base, _date(chosen, index))))

    draws = policy(fixed=fixed)
    ensembles = [(Ensemble(one, range(runs), seed, draws), at) for one, at in asked]

    def job(ensemble: Ensemble, at: int) -> Callable[[Progress], Terms]:
        return lambda _: terms(ensemble, recipient, at)

    own = any(ensemble.only_here for ensemble, _ in ensembles)
    found = list(in_order([job(*one) for one in ensembles], workers=1 if own else None))
    table = _table(found[0], None if base is None else found[1])
    return Explanation(table, recipient, _date(chosen, index), chosen, base)


def explained(ensemble: Ensemble, recipient: str, month: str | date | None = None) -> Explanation:
    """Explain a recipient in the runs of an ensemble; see :func:`explain`."""
    scenario = ensemble.scenario
    index = _month_index(scenario, month)
    return Explanation(_table(terms(ensemble, recipient, index), None), recipient, _date(scenario, index), scenario, None)


def terms(ensemble: Ensemble, recipient: str, index: int) -> Terms:
    """Return terms by topic and donor, ``(runs,)`` each, for one recipient in one month."""
    batch, scenario = ensemble.batch(), ensemble.scenario
    row = _row(scenario, recipient, batch.world.recipients, batch.world.states)
    found: Terms = {}
    while batch.index <= index:
        month = batch.month()
        _advance(month, row, found, last=batch.index == index)
        batch.close(month)
    return {key: values for key, values in found.items() if not _replaced(scenario, row, *key)}


def _replaced(scenario: Scenario, row: int, topic: str, donor: str) -> bool:
    """Say whether a user's rule decides a topic, so that the model's terms do not."""
    if topic in ("score", "share"):
        return donor in scenario.rules.plan
    selectors = scenario.rules.respond if topic in OFFERS else ()
    return any(pick(s, countries(), OTHER_ROWS)[row] for s in selectors)


def _advance(month: Month, row: int, found: Terms, *, last: bool) -> None:
    """Take a month through its phases, reading terms before the phases that use them."""
    for phase in PHASES:
        if last and phase.name == "plan":
            for d in month.donors():
                score = allocation.score_terms(month.situation, d)
                found["score", month.scene.code(d)] = _at(score, row)
                shares = allocation.share_terms(month.situation, d)
                per_cent = {name: 100.0 * share for name, share in shares.items()}
                found["share", month.scene.code(d)] = _at(per_cent, row)
        if last and phase.name == "respond":
            _keep_offers(found, month, row)
        if phase.name == "align":
            _keep_alignment(found, month, row, last=last)
        phase.run(month)


def _at(values: Mapping[str, FloatArray], row: int) -> dict[str, FloatArray]:
    return {name: value[:, row].copy() for name, value in values.items()}


def _keep_offers(found: Terms, month: Month, row: int) -> None:
    yes = np.ones(month.world.crime.shape, dtype=bool)
    for d in month.donors():
        deal = month.deals[d]
        offers: dict[str, Offer] = {
            "training": deal.training,
            "small kit": replace(deal.equipment, surveillance=~yes),
            "surveillance system": replace(deal.equipment, surveillance=yes),
        }
        for topic, offer in offers.items():
            values = acceptance.utility_terms(month.situation, d, offer)
            found[topic, month.scene.code(d)] = _at(values, row)


def _keep_alignment(found: Terms, month: Month, row: int, *, last: bool) -> None:
    for d, values in enumerate(change_terms(month)):
        now = _at(values, row)
        since = "alignment since the start", month.scene.code(d)
        before = found.get(since, {})
        found[since] = {name: value + before.get(name, 0.0) for name, value in now.items()}
        if last:
            found["alignment this month", month.scene.code(d)] = now


def _table(mine: Terms, theirs: Terms | None) -> pd.DataFrame:
    rows = []
    for (topic, donor), values in sorted(mine.items(), key=lambda i: list(TOPICS).index(i[0][0])):
        base = None if theirs is None else theirs.get((topic, donor))
        rows += _rows(topic, donor, values, base)
    table = pd.DataFrame(rows)
    return table if theirs is not None else table.drop(columns=["base", "difference"])


def _rows(
    topic: str, donor: str, values: Mapping[str, FloatArray], base: Mapping[str, FloatArray] | None
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    sums = {"value": 0.0, "base": 0.0, "difference": 0.0}
    together = np.zeros_like(next(iter(values.values())))
    for name, value in values.items():
        before = np.nan if base is None else float(base[name].mean())
        shown = {"value": float(value.mean()), "base": before}
        shown["difference"] = shown["value"] - before
        rows.append({"topic": topic, "donor": donor, "term": name, **shown, **_band(value)})
        sums = {k: sums[k] + shown[k] for k in sums}
        together = together + value
    rows.append({"topic": topic, "donor": donor, "term": TOTAL, **sums, **_band(together)})
    return rows


def _band(values: FloatArray) -> dict[str, float]:
    low, high = np.quantile(values, [LOW, HIGH])
    return {"low": float(low), "high": float(high)}


def _date(scenario: Scenario, index: int) -> date:
    months = scenario.start.year * 12 + scenario.start.month - 1 + index
    return date(months // 12, months % 12 + 1, 1)


def _month_index(scenario: Scenario, month: str | date | None) -> int:
    if month is None:
        return scenario.months - 1
    try:
        day = month if isinstance(month, date) else date.fromisoformat(f"{month}-01")
    except ValueError:
        raise ScenarioError(scenario.title, "month", f"'{month!s:.40}' is not a month such as 2024-09") from None
    index = month_number(scenario.start, day)
    if not 0 <= index < scenario.months:
        first, last = f"{scenario.start:%Y-%m}", f"{_date(scenario, scenario.months - 1):%Y-%m}"
        raise ScenarioError(scenario.title, "month", f"{day:%Y-%m} lies outside the period {first} to {last}")
    return index


def _row(scenario: Scenario, code: str, codes: tuple[str, ...], states: BoolArray) -> int:
    known = [c for c, state in zip(codes, states, strict=True) if state]
    if code in codes and code not in known:
        fault = f"'{code}' is a donor or is met only; it has no alignment to explain"
        raise ScenarioError(scenario.title, "recipient", fault)
    if code not in known:
        fault = f"no recipient state '{code:.40}'{country_like(code[:40])}"
        raise ScenarioError(scenario.title, "recipient", fault)
    return codes.index(code)
