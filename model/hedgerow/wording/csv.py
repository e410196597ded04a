"""Tables as CSV that a spreadsheet opens as what they are: a text never as a formula.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``; names and titles come from files that
others wrote. Such a text is given an apostrophe, which marks it as text; numbers stay numbers.
"""

from typing import Any

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv(table: pd.DataFrame) -> str:
    """Return a table as CSV, without its index, numbers in full."""
    plain = table.rename(columns=_cell)
    for place, kind in enumerate(plain.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            plain.isetitem(place, [_cell(value) for value in plain.iloc[:, place]])
    return plain.to_csv(index=False, lineterminator="\n")


def _cell(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
