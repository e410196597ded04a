"""Outcomes read as medians and 90% intervals, with their names in words and units."""

from collections.abc import Mapping

import pandas as pd

from hedgerow.runs.chance import shares
from hedgerow.scenario.own import declared, own_outcomes

LOW, HIGH = 0.05, 0.95

HEADLINES = (
    "alignment_shift_{0}",
    "alignment_shift_{1}",
    "alignment_shift_difference",
    "share_hybrid",
    "meetings_{0}",
    "bilaterals_{0}",
    "sidelines_{0}",
    "multilaterals_{0}",
    "partners_{0}",
    "top_five_share_{0}",
    "officers_{0}",
    "officers_{1}",
    "officers_denied_{1}",
    "equipment_usd_{0}",
    "equipment_usd_{1}",
    "capability_change",
    "crime_change",
    "policing_model_change",
    "abuses",
    "pushbacks",
)


def label(column: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return an outcome's name in words and its unit.

    Parameters
    ----------
    column : str
        Column of the outcomes table.
    names : mapping
        Donor names by code, in the order of the scenario.

    Examples
    --------
    >>> label("officers_denied_USA", {"CHN": "China", "USA": "the United States"})
    ('Officers denied by the United States', 'people')
    """
    found = declared(column)
    if found is None:
        return column.replace("_", " "), ""
    outcome, parts = found
    pair = dict(zip(("one", "two"), names.values(), strict=False))
    filled = {part: word if part == "body" else names.get(word, word) for part, word in parts.items()}
    return outcome.words.format(**{"one": "the first", "two": "the second"} | pair | filled), outcome.unit


def summary(outcomes: pd.DataFrame, names: dict[str, str], again: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return median and 90% interval of every outcome over runs.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Column ``run``, and a column an outcome.
    names : dict
        Donor names by code.
    again : pandas.DataFrame, optional
        The same for the first runs with their own parameters and other chance.

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome``, ``name``, ``unit``, ``median``, ``low`` and ``high`` (5th and 95th
        percentile over runs), and ``chance``: the share of the variance over runs that is chance
        rather than parameters, with the ends of its 90% interval, ``chance_low`` and
        ``chance_high``; not a number where no parameters were drawn or runs are too few.
    """
    values = outcomes.drop(columns=["run"])
    quantiles = values.quantile([LOW, 0.5, HIGH])
    rows = [(column, *label(column, names), *quantiles[column].loc[[0.5, LOW, HIGH]]) for column in values.columns]
    table = pd.DataFrame(rows, columns=["outcome", "name", "unit", "median", "low", "high"])
    return table.join(shares(values, values.iloc[:0] if again is None else again), on="outcome")


def headlines(table: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return the outcomes a first reader wants, in reading order, and those of the user's own."""
    padded, found = [*codes, "-", "-"], table.set_index("outcome")
    own = [c for c in found.index if (d := declared(c)) and d[0].name in own_outcomes()]
    wanted = [*(name.format(*padded) for name in HEADLINES), *own]
    return found.loc[[w for w in wanted if w in found.index]].reset_index()
