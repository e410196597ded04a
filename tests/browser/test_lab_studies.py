"""The studies in Chromium: a sweep that is listed, looked at and watched while it grows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hedgerow
from tests.browser.chromium import needed
from tests.browser.server import Site, browsing, serving

pytestmark = [needed, pytest.mark.slow]
STUDY = """
[study]
name = "tiny"
question = "What if vetting were <b>looser</b>?"
base = "baseline-2022-25"
months = 1
replications = 2
fixed = true
outcomes = ["officers_denied_USA", "alignment_shift_USA"]

[design]
method = "grid"

[design.factors]
"policies.leahy.strictness" = { values = [0.0, 1.0] }
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("studies")
    (where / "study.toml").write_text(STUDY)
    hedgerow.sweep(where / "study.toml", where / "results" / "tiny", workers=1)
    return where / "results"


@pytest.fixture(scope="module")
def site(results: Path) -> Iterator[Site]:
    with serving(results.parent, "--workers", "1", "--results", str(results)) as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    found = context.new_page()
    found.set_default_timeout(60_000)
    yield found
    context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as found:
        yield found


def test_a_sweep_is_listed_read_and_watched(site: Site, page: Any, results: Path) -> None:
    page.goto(f"{site.url}/studies")
    assert "What if vetting were <b>looser</b>?" in page.inner_text("table")
    page.get_by_role("link", name="tiny").click()
    page.get_by_text("4 of 4 runs done").wait_for()
    page.locator(".chart circle").nth(1).wait_for()
    assert page.locator(".chart circle").count() == 2
    page.get_by_text("As a table").click()
    frame = hedgerow.open(results / "tiny").frame()
    medians = frame.groupby("policies.leahy.strictness")["officers_denied_USA"].median()
    cells = page.locator("details table tbody tr").all_inner_texts()
    assert [row.split("\t")[1] for row in cells] == [f"{m:.4g}" for m in medians]

    hedgerow.extend(results / "tiny", replications=3, workers=1)
    page.get_by_text("6 of 6 runs done").wait_for()
    page.get_by_text("As a table").wait_for()


def test_a_study_that_is_not_there_is_said_to_be_so(site: Site, page: Any) -> None:
    page.goto(f"{site.url}/studies/view?name=../../etc")
    assert "There is no such study" in page.inner_text("h1")
