"""Outcomes read as medians and 90% intervals, with their names in words and units."""

import pandas as pd

from hedgerow.core.metrics import REGIONS
from hedgerow.runs.chance import shares

LOW, HIGH = 0.05, 0.95

_DONOR = {
    "alignment": ("Mean alignment with {}, at the end", "0-1"),
    "alignment_shift": ("Change of alignment with {}", "0-1"),
    "alignment_shift_by_population": ("... weighted by population, {}", "0-1"),
    "alignment_shift_by_gdp": ("... weighted by GDP, {}", "0-1"),
    "alignment_shift_by_vote": ("... weighted by vote in the UN, {}", "0-1"),
    **{f"alignment_shift_in_{region.lower()}": (f"... in {region}, {{}}", "0-1") for region in REGIONS},
    "officers": ("Officers trained by {}", "people"),
    "officer_weeks": ("Training given by {}", "officer-weeks"),
    "officers_denied": ("Officers denied by {}", "people"),
    "equipment_usd": ("Equipment given by {}", "US$"),
    "spent_usd": ("Spent by {}", "US$"),
    "alignment_per_million_usd": ("Alignment gained per US$ million, {}", "states x 0-1"),
    "alignment_per_officer": ("Alignment gained per officer, {}", "states x 0-1"),
    "lock_in": ("Installed technology of {}", "systems a state"),
    "active_agreements": ("States with an active agreement with {}", "states"),
    "statements": ("States that declared support for {}", "states"),
    "meetings": ("Meetings held by {}", "meetings"),
    "bilaterals": ("... of them bilateral, {}", "meetings"),
    "sidelines": ("... of them at the margins of a forum, {}", "meetings"),
    "multilaterals": ("... of them multilateral, {}", "meetings"),
    "partners": ("Partners met bilaterally by {}", "partners"),
    "top_five_share": ("Share of bilaterals with the top five, {}", "share"),
    "top_thirteen_share": ("Share of bilaterals with the top thirteen, {}", "share"),
    "meeting_gini": ("Concentration of bilaterals (Gini), {}", "0-1"),
}
_WORLD = {
    "share_hybrid": ("States close to both", "share"),
    "share_hedger": ("States that hedge", "share"),
    "share_disengaged": ("States close to neither", "share"),
    "capability_change": ("Change of police capability", "0-1"),
    "crime_change": ("Change of crime, 1 = at the start", "index"),
    "policing_model_change": ("Change towards order-and-surveillance policing", "0-1"),
    "entanglement_change": ("Change of officials' ties to illicit markets", "0-1"),
    "voting_movement": ("Movement of UN ideal points", "ideal points"),
    "signatures": ("Signatures given at forums", "signatures"),
    "attendance": ("Forum invitations taken up", "share"),
    "abuses": ("Abuses by police units", "cases"),
    "flagged_units": ("Units under credible allegation, at the end", "units"),
    "welfare_loss": ("Welfare lost to interdicted food and fuel", "peacetime months"),
    "pushbacks": ("Agreements paused by recipients", "cases"),
    "cut_offs": ("Recipients cut off", "cases"),
    "exposures": ("Service centres exposed", "cases"),
}
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


def label(outcome: str, names: dict[str, str]) -> tuple[str, str]:
    """Return an outcome's name in words and its unit.

    Parameters
    ----------
    outcome : str
        Column of the outcomes table.
    names : dict
        Donor names by code.
    """
    if outcome in _WORLD:
        return _WORLD[outcome]
    if outcome.startswith("alignment_shift_difference"):
        weight = outcome.removeprefix("alignment_shift_difference").replace("_", " ")
        one, two = list(names.values())[:2]
        return f"... {one} less {two}{weight}", "0-1"
    for code, name in names.items():
        stem = outcome.replace(f"_{code}", "")
        if stem != outcome and stem in _DONOR:
            words, unit = _DONOR[stem]
            return words.format(name), unit
        if outcome == f"share_leaning_{code}":
            return f"States that lean to {name}", "share"
        if outcome.startswith(f"meetings_{code}_"):
            return f"... by {outcome.rsplit('_', 1)[1]} of {name}", "meetings"
    return outcome.replace("_", " "), ""


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
    """Return the outcomes a first reader wants, in reading order."""
    padded = [*codes, "-", "-"]
    wanted = [name.format(*padded) for name in HEADLINES]
    found = table.set_index("outcome")
    return found.loc[[w for w in wanted if w in found.index]].reset_index()
