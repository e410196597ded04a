"""Briefs as a person meets them: in a browser, by keyboard, on a telephone and on paper."""

import base64
import io
import json
import math
import xml.etree.ElementTree as ET
from concurrent.futures import Executor, Future
from itertools import pairwise

import pandas as pd
import pytest

import hedgerow
from hedgerow.report.brief import html, subject
from hedgerow.runs import folder
from tests.browser.chromium import WIDTHS, Watched, chromium, needed, sticks_out

pytestmark = needed

EVIL = "<script>alert(1)</script> & Sons"
STUDY = """
[study]
name = "tiny"
question = "Does vetting matter?"
base = "baseline-2022-25"
replications = 1
months = 2
fixed = true
outcomes = ["alignment_shift_difference", "spent_usd_USA", "alignment_shift_difference_in_africa"]

[design]
method = "lhs"
samples = 6

[design.factors]
scenario = { values = ["baseline-2022-25", "leahy-off", "us-retrenchment"] }
"parameters.alignment.reversion" = { low = 0.01, high = 0.05 }
"parameters.acceptance.gap" = { low = 0.0, high = 4.0 }
"""
KINDS = ("alone", "compared", "swept")


class AtOnce(Executor):
    """An executor that does the work where it is asked to."""

    def submit(self, function, /, *given, **named):
        future: Future = Future()
        future.set_result(function(*given, **named))
        return future


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Write one small page of each kind, from folders whose tables can be looked up."""
    where = tmp_path_factory.mktemp("briefs")
    base = hedgerow.load("baseline-2022-25", months=4)
    other = hedgerow.load("baseline-2022-25", ["policies.leahy.scope=none", f"title='{EVIL}'"], months=4)
    hedgerow.run(base, runs=4, fixed=True, out=where / "alone")
    hedgerow.compare(base, other, runs=4, fixed=True, out=where / "compared", workers=1)
    study = where / "tiny.toml"
    study.write_text(STUDY)
    hedgerow.sweep(study, where / "swept", executor=AtOnce(), workers=1)
    for kind in KINDS:
        page = subject.page(subject.Wish(str(where / kind), probes=1))
        html.write(page, where / f"{kind}.html")
    return where


@pytest.fixture(scope="module")
def browser():
    with chromium() as context:
        yield context


@pytest.fixture(scope="module", params=KINDS)
def opened(request, made, browser):
    """Open a page once for all tests that only read it."""
    watched = Watched(browser)
    watched.open(made / f"{request.param}.html")
    yield watched
    watched.page.close()


def embedded(page) -> dict[str, pd.DataFrame]:
    """Return the tables that a page offers for download, by name, indexed by their keys."""
    links = page.eval_on_selector_all("a[data-csv]", "all => all.map(a => [a.dataset.csv, a.dataset.keys, a.href])")
    found = {}
    for name, keys, href in links:
        text = base64.b64decode(href.partition("base64,")[2]).decode()
        table = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""])
        index = table[keys.split(",")].astype(str).agg("/".join, axis=1)
        found[name] = table.set_axis(index)
    return found


def shown_as(text: str, value: float, scale: str, places: str) -> bool:
    """Say whether a text is the number, in its unit and rounded to so many places."""
    if text == "not known":
        return math.isnan(value)
    plain = text.replace(",", "").replace("\N{MINUS SIGN}", "-")
    if plain[0] in "+-" and (plain[0] == "-") != (value < 0):
        return False
    wanted = round(abs(value) * float(scale), int(places))
    return abs(float(plain)) == pytest.approx(wanted, abs=1e-12)


def test_numbers_in_sentences_are_those_of_the_tables(opened) -> None:
    tables = embedded(opened.page)
    numbers = opened.page.eval_on_selector_all(
        "data", "all => all.map(d => [d.dataset.key, d.value, d.dataset.scale, d.dataset.places, d.textContent])"
    )
    assert len(numbers) > 8
    for key, value, scale, places, text in numbers:
        table, _, rest = key.partition(":")
        row, _, column = rest.rpartition(":")
        cell = float(tables[table].loc[row, column])
        assert float(value) == cell or (math.isnan(float(value)) and math.isnan(cell)), key
        assert shown_as(text, cell, scale, places), (key, text, cell)


def test_numbers_in_shown_tables_are_those_of_the_tables(opened) -> None:
    tables = embedded(opened.page)
    cells = opened.page.eval_on_selector_all(
        "td[data-column]",
        """all => all.map(td => [td.closest('table').dataset.table, td.parentNode.dataset.row,
             td.dataset.column, td.dataset.scale, td.dataset.places, td.textContent])""",
    )
    assert len(cells) > 20
    for table, row, column, scale, places, text in cells:
        assert shown_as(text, float(tables[table].loc[row, column]), scale, places), row


@pytest.mark.parametrize("name", ["differences", "movers", "backfill", "monthly"])
def test_offered_tables_are_the_parquet_files(made, browser, name) -> None:
    watched = Watched(browser)
    page = watched.open(made / "compared.html")
    offered = embedded(page)[name].reset_index(drop=True)
    page.close()
    kept = folder.frame(made / "compared", name).drop(columns="variant")
    numeric = kept.select_dtypes("number").columns
    assert len(kept) == len(offered)
    pd.testing.assert_frame_equal(offered[numeric], kept[numeric], check_dtype=False)


def test_no_sentence_holds_a_number_of_its_own(opened) -> None:
    texts = opened.page.eval_on_selector_all(
        ".said",
        """all => all.map(p => { const copy = p.cloneNode(true);
             copy.querySelectorAll('data, time, code, .name').forEach(d => d.remove());
             return copy.textContent; })""",
    )
    assert len(texts) > 5
    notes = opened.page.locator("#limits").inner_text()
    assert [t for t in texts if any(c.isdigit() for c in t) and t not in notes] == []


def test_nothing_leaves_the_page_and_nothing_fails(opened) -> None:
    assert opened.errors == []
    assert opened.requests == []
    policy = opened.page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out(opened, width) -> None:
    opened.page.set_viewport_size({"width": width, "height": 800})
    assert sticks_out(opened.page) == []


def test_a_reader_who_listens_is_told_everything(opened) -> None:
    page = opened.page
    assert page.get_attribute("html", "lang") == "en"
    levels = page.eval_on_selector_all("h1, h2, h3", "all => all.map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    alts = page.eval_on_selector_all("img", "all => all.map(i => i.alt)")
    alts += page.eval_on_selector_all("svg", "all => all.map(s => s.getAttribute('aria-label'))")
    assert alts
    assert all(len(text) > 30 for text in alts)
    assert page.locator("table").count() == page.locator("table > caption").count()
    assert page.eval_on_selector_all("th:not([scope])", "all => all.length") == 0


def test_pictures_can_be_taken_as_svg(opened) -> None:
    hrefs = opened.page.eval_on_selector_all("a.svg", "all => all.map(a => a.href)")
    assert len(hrefs) == opened.page.locator("figure").count() > 0
    for href in hrefs:
        head, _, body = href.partition(",")
        text = base64.b64decode(body).decode() if "base64" in head else None
        if text is None:
            text = opened.page.evaluate("t => decodeURIComponent(t)", body)
        assert ET.fromstring(text).tag.endswith("svg")


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_sorted_by_keyboard(made, browser, kind) -> None:
    watched = Watched(browser)
    page = watched.open(made / f"{kind}.html")
    table = page.locator("table.sortable").first
    button = table.locator("th button").first
    page.keyboard.press("Tab")
    for _ in range(80):
        if button.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    names = "all => all.map(row => row.cells[0].textContent)"
    page.keyboard.press("Enter")
    rising = table.locator("tbody tr").evaluate_all(names)
    assert rising == sorted(rising, key=str.casefold) or rising == page.evaluate(
        "names => names.toSorted((a, b) => a.localeCompare(b, 'en'))", rising
    )
    assert table.locator("th").first.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert table.locator("tbody tr").evaluate_all(names) == rising[::-1]
    table.locator("th button").nth(1).press("Enter")
    sorts = "all => all.map(row => Number(row.cells[1].dataset.sort))"
    values = table.locator("tbody tr").evaluate_all(sorts)
    assert values == sorted(values)
    assert "ascending" in page.locator("#told").inner_text()
    page.close()


def test_what_a_scenario_file_says_is_text(made, browser) -> None:
    watched, asked = Watched(browser), []
    watched.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page = watched.open(made / "compared.html")
    assert page.locator("h1").inner_text() == EVIL
    assert EVIL in page.locator(".answer").inner_text()
    assert asked == []
    assert page.locator("script").count() == 1
    page.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(opened, paper) -> None:
    page = opened.page
    page.set_viewport_size({"width": 768, "height": 1000})
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    for table in page.locator("table.sortable").all():
        rows = table.locator("tbody tr").evaluate_all("all => all.filter(r => r.offsetHeight).length")
        assert 0 < rows <= 20
    assert sticks_out(page) == []
    pdf = page.pdf(format=paper)
    page.emulate_media(media="screen")
    assert pdf.startswith(b"%PDF")
    pages = pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page") - pdf.count(b"/Type/Pages")
    assert 2 <= pages <= 16


def test_the_file_is_small_and_the_same_each_time(made) -> None:
    for kind in KINDS:
        file = made / f"{kind}.html"
        assert file.stat().st_size < 3e6
    again = html.render(subject.page(subject.Wish(str(made / "compared"), probes=1)))
    assert again == (made / "compared.html").read_text(encoding="utf-8")
    assert json.dumps(again).count("http-equiv") == 1
