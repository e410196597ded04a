"""The lab in Chromium: levers, map, links, uploads, keyboard, phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.chromium import needed, sticks_out
from tests.browser.server import Site, browsing, serving

pytestmark = [needed, pytest.mark.slow]
SMALL = "runs=4&months=4"
SLOW = 120_000
EVIL = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site"), "--workers", "1") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as found:
        yield found


class Person:
    """Someone at a browser of their own, and what went wrong there."""

    def __init__(self, browser: Any, **settings: Any) -> None:
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(SLOW)
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.bytes = 0
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("requestfinished", self._count)

    def _count(self, request: Any) -> None:
        self.bytes += request.sizes()["responseBodySize"]

    def open(self, url: str) -> Any:
        self.page.goto(url)
        return self.page

    def answered(self) -> dict[str, str]:
        """Wait for the answer and return what the map shows, by state."""
        self.page.wait_for_selector("[data-part=map] path[data-value]")
        self.page.wait_for_selector(".status:not(.working)")
        return dict(
            self.page.eval_on_selector_all(
                "[data-part=map] [data-code][data-value]",
                "all => all.map(e => [e.dataset.code, e.dataset.value + e.getAttribute('fill')])",
            )
        )

    def headline(self) -> str:
        return str(self.page.inner_text("[data-part=headline]"))


@pytest.fixture
def person(browser: Any) -> Iterator[Person]:
    one = Person(browser)
    yield one
    one.context.close()
    assert one.wrong == []


def move(page: Any, policy: str, field: str, value: str) -> None:
    page.click(f"details[data-policy={policy}] > summary")
    field_ = page.locator(f"[data-key='policies.{policy}.{field}'] input[type=number]")
    field_.fill(value)
    field_.blur()
    page.wait_for_function(f"location.search.includes('{policy}.{field}')")
    page.wait_for_selector(".status.working")


def test_a_lever_redraws_the_map_and_its_link_gives_the_same_numbers(site: Site, browser: Any, person: Person) -> None:
    page = person.open(f"{site.url}/?{SMALL}")
    before = person.answered()
    assert len(before) > 190
    assert "Move a lever" in person.headline()
    move(page, "gap_fill", "share", "0.5")
    page.wait_for_function("!document.querySelector('[data-part=headline]').innerText.includes('Move')")
    after = person.answered()
    assert after.keys() == before.keys()
    assert after != before
    assert parse_qs(urlsplit(page.url).query)["set"] == ["policies.gap_fill.share=0.5"]

    other = Person(browser)
    other.open(page.url)
    assert other.answered() == after
    assert other.headline() == person.headline()
    other.context.close()

    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("!location.search.includes('gap_fill')")
    page.wait_for_function("document.querySelector('[data-part=headline]').innerText.includes('Move')")
    assert person.answered() == before


def test_the_first_load_is_small_and_asks_nobody_else(site: Site, person: Person) -> None:
    person.open(f"{site.url}/?{SMALL}")
    person.answered()
    assert person.bytes < 5_000_000
    elsewhere = [u for u in person.requests if not u.startswith((site.url, "data:", "blob:"))]
    assert elsewhere == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("scenario=gap-fil", "did you mean 'gap-fill'?"),
        ("scenario=../../etc/passwd", "no scenario '../../etc/passwd'"),
        ("set=policies.leahy.strictnes%3D0.5", "did you mean 'strictness'?"),
        ("set=policies.leahy.strictness%3D5", "out of range"),
        ("runs=0", "must be a whole number from 2 to"),
        ("runs=256&months=240", "more than this server takes at once"),
        ("scenario=own&file=AAAA", "damaged"),
        ("colour=red", "unknown part 'colour'"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why(site: Site, person: Person, query: str, words: str) -> None:
    page = person.open(f"{site.url}/?{query}")
    assert words in page.inner_text("[role=alert]")
    assert page.get_by_role("link", name="Start the lab from the baseline").is_visible()


def test_a_link_of_other_code_says_so(site: Site, person: Person) -> None:
    page = person.open(f"{site.url}/?{SMALL}&v=0123456789ab")
    assert "another version of hedgerow" in page.inner_text(".warn")


def test_a_file_of_ones_own_is_text_and_travels_in_the_link(
    site: Site, browser: Any, person: Person, tmp_path: Path
) -> None:
    page = person.open(f"{site.url}/?{SMALL}")
    person.answered()
    mine = tmp_path / "mine.toml"
    mine.write_text(
        f"extends = \"gap-fill\"\ntitle = '{EVIL}'\nquestion = '{EVIL}'\nmonths = 3\n[donors.CHN]\nname = '{EVIL}'\n"
    )
    page.set_input_files("input[type=file]", mine)
    page.wait_for_function("location.search.includes('file=')")
    page.wait_for_function("document.querySelector('h1').innerText.includes('<script>')")
    person.answered()
    assert page.inner_text("h1") == EVIL
    assert page.evaluate("window.hacked") is None

    other = Person(browser)
    other.open(page.url)
    other.answered()
    assert other.page.inner_text("h1") == EVIL
    assert other.page.evaluate("window.hacked") is None
    assert other.wrong == []
    other.context.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 40_000, "at most"),
        ('extends = "/etc/hostname"\ntitle = "x"', "is no shipped scenario"),
        ('extends = "gap-fill"\ntitle = "x', "not valid TOML"),
        ("a = " + "[" * 5000, "nested more than 32 deep"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_lost(
    site: Site, person: Person, tmp_path: Path, text: str, words: str
) -> None:
    page = person.open(f"{site.url}/?{SMALL}")
    before = person.answered()
    mine = tmp_path / "mine.toml"
    mine.write_text(text)
    page.set_input_files("input[type=file]", mine)
    page.get_by_role("alert").wait_for()
    assert words in page.get_by_role("alert").inner_text()
    assert person.answered() == before


def test_the_map_is_read_and_chosen_by_keyboard(site: Site, person: Person) -> None:
    page = person.open(f"{site.url}/?scenario=leahy-off&{SMALL}")
    person.answered()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the page itself"
    page.focus("[data-part=map] svg")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('state=')")
    code = parse_qs(urlsplit(page.url).query)["state"][0]
    chosen = page.locator(f"[data-part=map] [data-code={code}]").first
    assert chosen.get_attribute("aria-selected") == "true"
    name = str(chosen.get_attribute("aria-label")).partition(":")[0]
    page.locator("[data-part=why] table").first.wait_for(state="attached")
    assert name in page.inner_text("[data-part=why] h3 >> nth=0")


def test_on_a_phone_nothing_sticks_out(site: Site, browser: Any) -> None:
    one = Person(browser, viewport={"width": 390, "height": 844}, has_touch=True)
    page = one.open(f"{site.url}/?scenario=gap-fill&{SMALL}&state=KEN")
    one.answered()
    page.locator("[data-part=why] table").first.wait_for(state="attached")
    page.click("details[data-policy=leahy] > summary")
    page.locator("[data-key='policies.leahy.strictness']").wait_for()
    assert sticks_out(page) == []
    one.context.close()
    assert one.wrong == []


def test_every_field_has_a_name(site: Site, person: Person) -> None:
    page = person.open(f"{site.url}/?{SMALL}")
    person.answered()
    page.click("details[data-policy=leahy] > summary")
    page.locator("[data-key='policies.leahy.strictness']").wait_for()
    unnamed = page.evaluate(
        """() => Array.from(document.querySelectorAll("input, select, button, a, svg[tabindex]"))
          .filter((e) => !(e.labels && e.labels.length) && !e.getAttribute("aria-label")
                         && !e.textContent.trim()).map((e) => e.outerHTML.slice(0, 99))"""
    )
    assert unnamed == []


def test_the_server_says_what_it_exposes_and_ends_when_told(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--host", "0.0.0.0") as site:
        assert "for every machine" in site.told
        assert site.stop() == 0
    assert {p.name for p in tmp_path.iterdir()} <= {"results"}  # the seminar room's database
