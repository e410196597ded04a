"""One finding reads the same wherever it is told: on the terminal, on a page, in an analysis."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from hedgerow.wording import names, numbers, terms, verdicts

ends = st.floats(-10, 10, allow_nan=False)


@given(ends, ends)
def test_every_reading_of_an_interval_claims_the_same_direction(one, two) -> None:
    low, high = sorted((one, two))
    said = verdicts.verdict(low, high)
    row = {"mean_low": low, "mean_high": high, "share_zero": 0.0}
    frame = pd.DataFrame({"mean": [(low + high) / 2], "low": [low], "high": [high]})
    assert verdicts.of_difference(row) == said
    assert verdicts.clear(frame).tolist() == [said in verdicts.SIDED]
    (direction,) = verdicts.directions(frame, {"A": "Atlantis", "B": "United Lands"})
    wanted = {verdicts.HIGHER: "towards Atlantis", verdicts.LOWER: "towards the United Lands"}
    assert direction == wanted.get(said, "no clear direction")
    assert ("spans zero" in verdicts.bracketed(low, high)) == (said == verdicts.UNCLEAR)


def test_a_single_run_claims_nothing() -> None:
    nan = math.nan
    assert verdicts.verdict(nan, nan) == verdicts.ONE_RUN
    assert verdicts.of_difference({"mean_low": nan, "mean_high": nan, "share_zero": 0.0}) == verdicts.UNCLEAR
    assert "no interval" in verdicts.bracketed(nan, nan)


def test_a_list_of_markup_stays_escaped() -> None:
    said = names.listed([Markup("{}").format(text) for text in ("<a>", "b", "c")])
    assert said == Markup("&lt;a&gt;, b and c")
    assert isinstance(said, Markup)
    assert names.several("abcdefgh", most=2) == "a, b and 6 more"


@pytest.mark.parametrize("value", [1.3e9, 2.42e8, 5.5e3, 12.0])
def test_money_is_counted_in_one_size_everywhere(value) -> None:
    size, word, letters = numbers.magnitude(value)
    assert numbers.number_format([value], "US$").unit == f"US$ {word}".strip()
    assert numbers.amount(value, "US$") == (f"{value / size:,.3g} {letters}".strip())
    assert numbers.difference([value], "US$")[0].endswith(letters)


def test_the_terms_named_are_the_largest_and_never_the_total() -> None:
    values = pd.Series({"help": 0.2, "chance": -0.5, "meetings": 1e-9, "total": -0.3})
    assert terms.largest(values, 1e-6) == ["chance", "help"]
    assert set(terms.IN_A_SENTENCE) <= set(terms.LABELS)
