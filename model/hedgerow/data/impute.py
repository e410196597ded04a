"""The rules that fill blanks in the country table, one per column, in the order they run.

A rule sees the table with its own column still blank and earlier columns filled, and returns one
value. ``SOURCES.md`` says why each column has the rule it has.
"""

import math

import pandas as pd

from hedgerow.data.peers import Fill, median, peer_values, ratio

NEAREST_STATES = 5
PUBLISHED_TRADE = {("USA", "trade_china_musd"): 688_280.0, ("CHN", "trade_us_musd"): 582_400.0}


def zero(table: pd.DataFrame, column: str, iso3: str) -> float:  # noqa: ARG001
    """Fill with zero, for sources that list only what exists.

    Parameters
    ----------
    table, column, iso3
        Country table, column and state; unused, every rule takes the same three.

    Returns
    -------
    float
        Zero, in the column's unit.
    """
    return 0.0


def governance(table: pd.DataFrame, column: str, iso3: str) -> float:
    """Fill a governance score; a state in armed conflict is compared with others in conflict.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table with ``region`` and ``intrastate_conflict`` (0, 1, 2).
    column : str
        A Worldwide Governance Indicators column, about -2.5 to 2.5.
    iso3 : str
        The state to fill.

    Returns
    -------
    float
        Median over the states of its region at the same conflict level, or over its peers when it is at peace.
    """
    level = table.at[iso3, "intrastate_conflict"]
    if level == 0:
        return median(table, column, iso3)
    alike = (table["intrastate_conflict"] == level) & (table["region"] == table.at[iso3, "region"])
    return float(table.loc[alike, column].median())


def regime_class(table: pd.DataFrame, column: str, iso3: str) -> float:
    """Fill the regime class from the electoral index where that is observed, else from peers.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table with ``polyarchy`` (0-1) filled and ``imputed`` marks written.
    column : str
        The class column, 0 to 3.
    iso3 : str
        The state to fill.

    Returns
    -------
    float
        Median class, rounded down, of the five states nearest in polyarchy; of the peers where
        polyarchy is itself imputed.
    """
    known = table[column].dropna()
    if "polyarchy" in str(table.at[iso3, "imputed"]).split(";"):
        return float(math.floor(peer_values(table, table[column], iso3).median()))
    distance = (table.loc[known.index, "polyarchy"] - table.at[iso3, "polyarchy"]).abs()
    nearest = distance.sort_values(kind="stable").index[:NEAREST_STATES]
    return float(math.floor(known[nearest].median()))


def military_aid(table: pd.DataFrame, column: str, iso3: str) -> float:
    """Fill US military aid as a share of US aid, zero where no US arms were delivered.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table with ``us_aid_usd`` filled (US$ a year) and ``arms_us_tiv`` (2012-21).
    column : str
        The military-aid column, US$ a year.
    iso3 : str
        The state to fill.

    Returns
    -------
    float
        Own aid times the peers' median military share, in US$ a year.
    """
    if table.at[iso3, "arms_us_tiv"] == 0:
        return 0.0
    armed = table[(table["arms_us_tiv"] > 0) | (table.index == iso3)]
    return ratio("us_aid_usd")(armed, column, iso3)


def trade(table: pd.DataFrame, column: str, iso3: str) -> float:
    """Fill goods trade: published for the China-US pair, zero with itself, else a share of GDP.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table with ``gdp_usd`` filled.
    column : str
        ``trade_china_musd`` or ``trade_us_musd``, US$ million.
    iso3 : str
        The state to fill.

    Returns
    -------
    float
        Trade in US$ million.
    """
    itself = {"trade_china_musd": "CHN", "trade_us_musd": "USA"}[column]
    if iso3 == itself:
        return 0.0
    published = PUBLISHED_TRADE.get((iso3, column))
    return ratio("gdp_usd")(table, column, iso3) if published is None else published


def with_itself(partner: str, rule: Fill) -> Fill:
    """Make a rule that fills zero for a donor's link to itself and follows another rule elsewhere.

    Parameters
    ----------
    partner : str
        ISO 3166 alpha-3 code of the donor the column is about.
    rule : Callable
        The rule for every other state.

    Returns
    -------
    Callable
        The combined rule.
    """

    def fill(table: pd.DataFrame, column: str, iso3: str) -> float:
        return 0.0 if iso3 == partner else rule(table, column, iso3)

    return fill


RULES: dict[str, Fill] = {
    "gdp_usd": ratio("population"),
    "polyarchy": median,
    "liberal_democracy": median,
    "regime_class": regime_class,
    "political_terror": median,
    "civil_liberties": median,
    "conflict_deaths_per_100k": median,
    "homicides_per_100k": median,
    "political_stability": governance,
    "rule_of_law": governance,
    "control_of_corruption": governance,
    "government_effectiveness": governance,
    "un_ideal_point": median,
    "us_aid_usd": zero,
    "us_military_aid_usd": military_aid,
    "us_troops": zero,
    "trade_china_musd": trade,
    "trade_us_musd": trade,
    "fdi_china_musd": with_itself("CHN", ratio("gdp_usd")),
    "fdi_us_musd": with_itself("USA", ratio("gdp_usd")),
    "china_influence_capacity": with_itself("CHN", median),
}
