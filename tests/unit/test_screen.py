"""What the terminal shows of texts that came from files: as they are, brackets and all."""

import pytest
from typer.testing import CliRunner

from hedgerow.cli import app

TITLE, QUESTION = "[/none] Help [bold]cut[/bold]", "[red]Who[/wrong] moves?"
FILE = f"""
extends = "leahy-off"
title = "{TITLE}"
question = "{QUESTION}"

[donors.USA]
name = "United [/States]"
"""
EXPLAINED = ("--runs", "2", "--fixed")
SHORT = ("--runs", "2", "--months", "2", "--fixed")


@pytest.mark.parametrize(
    "words", [("scenario", "show"), ("run",), ("compare", "baseline-2022-25"), ("explain", "--recipient", "KEN")]
)
def test_brackets_of_a_scenario_are_shown_as_they_are(tmp_path, monkeypatch, words) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.toml").write_text(FILE)
    short = {"scenario": (), "explain": ("--month", "2022-07", *EXPLAINED)}.get(words[0], SHORT)
    done = CliRunner().invoke(app, [*words, "odd.toml", *short], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert TITLE in done.output
    assert words[0] == "explain" or QUESTION in done.output
    # A comparison names donors as its base does.
    assert words[0] == "compare" or "United [/States]" in done.output
