"""Build the shipped tables from a folder of source tables.

Usage: ``python -m hedgerow.data.build SOURCE_DIR``. The folder holds ``countries.csv``,
``borders.csv``, ``facts.csv``, ``alignment_panel_2010_2021.csv`` and the Natural Earth map.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from hedgerow.data.impute import RULES

HERE = Path(__file__).parent
COPIED = (
    "borders.csv",
    "facts.csv",
    "natural_earth_110m.topojson",
    "natural_earth_LICENSE.txt",
    "alignment_panel_2010_2021.csv",
)
# The source marks 194 members; the Holy See is an observer, and the UN has 193 members.
CORRECTIONS = {("VAT", "un_member"): "0"}
TEXT = ("name", "region", "subregion")


def read_text(path: Path) -> pd.DataFrame:
    """Read a table as text, so that untouched cells are written back exactly as they came.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with an ``iso3`` column.

    Returns
    -------
    pandas.DataFrame
        Text cells indexed by ``iso3``, sorted; an empty string where the source is blank.
    """
    text = pd.read_csv(path, dtype=str, keep_default_na=False)
    return text.set_index("iso3").sort_index()


def to_numbers(text: pd.DataFrame) -> pd.DataFrame:
    """Turn the text table into numbers, leaving names and regions as text.

    Parameters
    ----------
    text : pandas.DataFrame
        Text cells, empty where blank.

    Returns
    -------
    pandas.DataFrame
        The same table with numeric columns, NaN where blank, and an empty ``imputed`` column.

    Raises
    ------
    ValueError
        If a cell that should be a number is not one.
    """
    table = text.copy()
    for column in table.columns.difference(list(TEXT)):
        table[column] = pd.to_numeric(text[column].replace("", None))
    table["imputed"] = ""
    return table


def fill(text: pd.DataFrame) -> pd.DataFrame:
    """Fill every blank by its column's rule and name the filled columns in each row.

    Parameters
    ----------
    text : pandas.DataFrame
        Text cells, empty where blank.

    Returns
    -------
    pandas.DataFrame
        Text cells without blanks, and ``imputed``: names of filled columns joined by ``;``.

    Raises
    ------
    KeyError
        If a column with blanks has no rule.
    """
    filled, numbers = text.copy(), to_numbers(text)
    blank = [column for column in text.columns if text[column].eq("").any()]
    missing = set(blank) - set(RULES)
    if missing:
        raise KeyError(f"no imputation rule for {sorted(missing)}")
    for column, rule in RULES.items():
        states = [str(iso3) for iso3 in text.index[text[column].eq("")]]
        values = {iso3: rule(numbers, column, iso3) for iso3 in states}
        for iso3, value in values.items():
            filled.at[iso3, column] = f"{value:.6g}"
            numbers.at[iso3, column] = value
            marks = [str(numbers.at[iso3, "imputed"]), column]
            numbers.at[iso3, "imputed"] = ";".join(mark for mark in marks if mark)
    return filled.assign(imputed=numbers["imputed"])


def build(source: Path, target: Path = HERE) -> pd.DataFrame:
    """Write the country table and copy the other tables and the map.

    Parameters
    ----------
    source : pathlib.Path
        Folder of source tables.
    target : pathlib.Path
        Folder to write; the package's own by default.

    Returns
    -------
    pandas.DataFrame
        The country table as written, text cells.

    Raises
    ------
    FileNotFoundError
        If a source table is missing.
    KeyError
        If a state has no line in ``iso_numeric.csv`` or a blank has no rule.
    """
    text = read_text(source / "countries.csv")
    for (iso3, column), value in CORRECTIONS.items():
        text.at[iso3, column] = value
    codes = read_text(HERE / "iso_numeric.csv")["iso_numeric"]
    table = fill(text)
    table.insert(0, "iso_numeric", codes.loc[list(table.index)])
    table.to_csv(target / "countries.csv", lineterminator="\n")
    for name in COPIED:
        shutil.copyfile(source / name, target / name)
    return table


def main(arguments: list[str]) -> int:
    """Run the build from the command line.

    Parameters
    ----------
    arguments : list of str
        One source folder.

    Returns
    -------
    int
        Exit status: 0 when built, 2 when the arguments are wrong.
    """
    if len(arguments) != 1:
        print("usage: python -m hedgerow.data.build SOURCE_DIR", file=sys.stderr)
        return 2
    table = build(Path(arguments[0]))
    print(table["imputed"].str.split(";").explode().loc[lambda name: name != ""].value_counts())
    print(f"{len(table)} states")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
