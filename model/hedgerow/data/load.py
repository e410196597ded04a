"""Read the shipped tables. Each file is read once; every call returns a fresh copy."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

TEXT_COLUMNS = ("iso_numeric", "name", "region", "subregion", "imputed")


def _path(name: str) -> Path:
    """Find a shipped file.

    Parameters
    ----------
    name : str
        File name in the data package.

    Returns
    -------
    pathlib.Path
        Where it is on disk.
    """
    with as_file(files("hedgerow.data") / name) as path:
        return path


@cache
def _countries() -> pd.DataFrame:
    """Read the country table once.

    Returns
    -------
    pandas.DataFrame
        The shared table; never hand it out.
    """
    text = dict.fromkeys(TEXT_COLUMNS, str)
    table = pd.read_csv(_path("countries.csv"), dtype=text, keep_default_na=False)
    return table.set_index("iso3").sort_index()


@cache
def _table(name: str) -> pd.DataFrame:
    """Read any other table once, as text where a column holds anything but numbers.

    Parameters
    ----------
    name : str
        File name in the data package.

    Returns
    -------
    pandas.DataFrame
        The shared table; never hand it out.
    """
    return pd.read_csv(_path(name), keep_default_na=False, na_values=[""])


def countries() -> pd.DataFrame:
    """Give the country table, without blanks.

    Returns
    -------
    pandas.DataFrame
        199 states indexed by ``iso3`` and sorted by it; units in ``SOURCES.md``; ``imputed``
        names the filled columns of the row, joined by ``;``, empty when none.
    """
    return _countries().copy()


def imputed() -> pd.DataFrame:
    """List every imputed value of the country table.

    Returns
    -------
    pandas.DataFrame
        Columns ``iso3``, ``name``, ``column`` and ``value`` (in the column's unit), one row per filled cell.
    """
    table = _countries()
    rows = [
        (iso3, table.at[iso3, "name"], column, float(table[column][iso3]))
        for iso3, names in table["imputed"].items()
        for column in names.split(";")
        if column
    ]
    return pd.DataFrame(rows, columns=["iso3", "name", "column", "value"])


def borders() -> pd.DataFrame:
    """Give the pairs of neighbouring states.

    Returns
    -------
    pandas.DataFrame
        Columns ``iso3_a``, ``iso3_b`` (unordered pair, once) and ``kind`` (``land`` or ``sea``, within 400 miles).
    """
    return _table("borders.csv").copy()


def facts() -> pd.DataFrame:
    """Give the facts read in the source documents.

    Returns
    -------
    pandas.DataFrame
        254 facts indexed by ``id``; ``value`` is text, because some facts are words or ranges.
    """
    return _table("facts.csv").set_index("id")


def panel() -> pd.DataFrame:
    """Give the country-year panel 2010-2021 for estimating responses of alignment.

    Returns
    -------
    pandas.DataFrame
        One row per ``iso3`` and ``year``; blanks are left as NaN, nothing is imputed.
    """
    return _table("alignment_panel_2010_2021.csv").copy()


def world_map_path() -> Path:
    """Give the world map: TopoJSON whose feature ids are ``iso_numeric``.

    Returns
    -------
    pathlib.Path
        The Natural Earth 1:110m map; it has no shape for 31 small states, and Kosovo's shape has a name but no id.
    """
    return _path("natural_earth_110m.topojson")
