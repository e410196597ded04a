"""Borrow a missing value from similar states: a median, or a median ratio to a known size."""

from collections.abc import Callable

import pandas as pd

MICRO_STATE_PEOPLE = 1.5e6
MINIMUM_PEERS = 2

Fill = Callable[[pd.DataFrame, str, str], float]


def peer_values(table: pd.DataFrame, values: pd.Series, iso3: str) -> pd.Series:
    """Choose the observed values of the states nearest in place and size to one state.

    The circles are tried in order and the first with at least two observed values is used: the subregion, the region,
    the world. Within a circle a state of fewer than 1.5 million people is compared first with others as small.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table indexed by ISO 3166 alpha-3 code, with region, subregion and population.
    values : pandas.Series
        The quantity to borrow, on the same index, blank where unknown; any unit.
    iso3 : str
        The state to find peers for; it is never its own peer.

    Returns
    -------
    pandas.Series
        The observed values of the peers.

    Raises
    ------
    ValueError
        If no circle holds two observed values.
    """
    everywhere = pd.Series(True, index=table.index)
    small = table["population"] < MICRO_STATE_PEOPLE
    observed = values.drop(iso3).dropna()
    same = [table[level] == table.at[iso3, level] for level in ("subregion", "region")]
    for circle in [*same, everywhere]:
        masks = [circle & small, circle] if small[iso3] else [circle]
        for mask in masks:
            found = observed[mask.reindex(observed.index)]
            if len(found) >= MINIMUM_PEERS:
                return found
    raise ValueError(f"no peers with an observed value for {iso3}")


def median(table: pd.DataFrame, column: str, iso3: str) -> float:
    """Fill with the median of the state's peers.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table indexed by ISO 3166 alpha-3 code, blanks unfilled.
    column : str
        The column to fill, in its own unit.
    iso3 : str
        The state to fill.

    Returns
    -------
    float
        The median, in the column's unit.
    """
    return float(peer_values(table, table[column], iso3).median())


def ratio(base: str) -> Fill:
    """Make a rule that fills with the peers' median ratio to a size column, times the own size.

    Parameters
    ----------
    base : str
        The size column, for example ``gdp_usd``; must be filled before the rule is used.

    Returns
    -------
    Callable
        The rule, taking the table, the column and the state.
    """

    def fill(table: pd.DataFrame, column: str, iso3: str) -> float:
        shares = table[column] / table[base].where(table[base] > 0)
        own = max(float(table[base][iso3]), 0.0)
        return float(peer_values(table, shares, iso3).median()) * own

    return fill
