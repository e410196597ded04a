"""The seminar room in Chromium: a whole game with four browsers, and what must not be possible."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from hedgerow.seminar.replay import replay
from tests.browser.chromium import needed, sticks_out
from tests.browser.server import Site, browsing, serving

pytestmark = [needed, pytest.mark.slow]
SLOW = 180_000
PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1440, "height": 900}}
EVIL = "<img src=x onerror=hacked=1>"
SEATS = {"United States": PHONE, "China": DESK, "East Africa": PHONE, "The Sahel": PHONE}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as found:
        yield found


@contextmanager
def up(where: Path, *options: str, port: int | None = None) -> Iterator[Site]:
    """Start a server and wait until it lets a browser in."""
    with serving(where, *options, port=port) as found:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", found.port), 1):
                break
            time.sleep(0.1)
        yield found


class Person:
    """Someone at a device of their own."""

    def __init__(self, browser: Any, screen: dict[str, Any] | None = None) -> None:
        self.context = browser.new_context(**(screen or DESK))
        self.wrong: list[str] = []
        self.outside: list[str] = []
        self.page: Any = None
        self.new_page()

    def new_page(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(SLOW)
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("request", lambda r: self._note(r.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "data:", "blob:", "ws://127.0.0.1")):
            self.outside.append(url)

    def sees(self, text: str) -> None:
        self.page.wait_for_selector(f"text={text}")

    def press(self, text: str) -> None:
        self.page.click(f"button:has-text({json.dumps(text)})")

    def send(self) -> None:
        self.press("Send the decision")
        self.sees("Sent.")


def host(browser: Any, site: Site, exercise: str = "leahy-dilemma") -> Person:
    """Open a room of three turns; the person's ``code`` is its join code."""
    person = Person(browser)
    page = person.page
    page.goto(f"{site.url}/seminar")
    page.select_option("#exercise", exercise)
    page.wait_for_selector(f'a[href="/seminar/guide/{exercise}"]')
    page.fill("#turns", "3")
    page.fill("#seed", "3")
    person.press("Open the room")
    page.wait_for_selector("[data-part=controls]")
    person.code = page.inner_text("[data-part=code]")  # type: ignore[attr-defined]
    return person


def join(browser: Any, site: Site, code: str, seat: str, name: str = "Ada") -> Person:
    person = Person(browser, SEATS.get(seat))
    person.page.goto(f"{site.url}/seminar")
    person.page.fill("#code", code)
    person.page.fill("#name", name)
    person.press("Choose a seat")
    person.page.click(f'.seat-list button:has-text("{seat}")')
    person.sees("Your brief")
    return person


def test_a_whole_seminar_with_four_browsers_a_leaver_and_a_restart(tmp_path, browser) -> None:
    options = ("--rooms", str(tmp_path / "rooms.sqlite"), "--workers", "1")
    with up(tmp_path, *options) as site:
        leader = host(browser, site)
        seats = {seat: join(browser, site, leader.code, seat) for seat in SEATS}
        leader.press("Start the game")
        for person in seats.values():
            person.sees("Your decision for Jun to Aug 2023")
        seats["United States"].page.click('[aria-label="Less Training for East Africa"]')
        seats["United States"].page.click('[aria-label="More Meetings for The Sahel"]')
        seats["East Africa"].page.locator("label.answer", has_text="Accept").first.click()
        for person in seats.values():
            person.send()
        leader.press("Close the turn now")
        for person in (*seats.values(), leader):
            person.sees("Turn 2 of 3")
        _leaves_and_comes_back(seats["United States"], leader)
        for seat in ("China", "The Sahel"):
            seats[seat].send()
        everybody = [*seats.values(), leader]
        for person in everybody:
            person.page.evaluate("window.before = 1")
        port = site.port
        site.kill()
    with up(tmp_path, *options, port=port) as site:
        for person in everybody:
            person.page.wait_for_function("window.before === undefined", timeout=SLOW)
            person.sees("Turn 2 of 3")
        leader.page.wait_for_selector("text=China: has decided")
        seats["China"].sees("Sent.")
        seats["East Africa"].send()
        leader.press("Close the turn now")
        for person in everybody:
            person.sees("Turn 3 of 3")
        for person in seats.values():
            person.send()
        leader.press("Close the turn now")
        for person in everybody:
            person.sees("What drove the result")
            assert not sticks_out(person.page)
        _the_file_replays(leader, tmp_path / "session.json")
        for person in everybody:
            assert not person.wrong
            assert not person.outside
            person.context.close()
        site.stop()


def _leaves_and_comes_back(person: Person, leader: Person) -> None:
    """Close the tab, let the room go on, and open the address again: same seat, same books."""
    where = person.page.url
    person.page.close()
    leader.press("2 more minutes")
    person.new_page()
    person.page.goto(where)
    person.sees("Your decision for Sep to Nov 2023")
    assert "Turn 2 of 3" in person.page.inner_text("header.room-head")
    assert person.page.inner_text("h1") == "United States"
    training = person.page.locator(".stepper", has_text="Training").first
    assert training.locator("output").inner_text() == "1"
    person.send()


def _the_file_replays(leader: Person, file: Path) -> None:
    with leader.page.expect_download() as download:
        leader.page.click("text=Download the session")
    download.value.save_as(file)
    again = replay(file)
    assert again.same, again.why_not
    assert len(again.state.closed) == 3
    assert set(again.state.closed[0].orders) == {"USA", "CHN", "east", "sahel"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with up(tmp_path_factory.mktemp("site"), "--workers", "1") as found:
        yield found


@pytest.fixture(scope="module")
def leader(browser, site) -> Person:
    return host(browser, site, "pacific-pact")


def orders(leader: Person) -> list[dict[str, Any]]:
    """Return the orders in the session's file."""
    room = leader.page.url.rsplit("/", 1)[1]
    origin = leader.page.url.split("/seminar")[0]
    answer = leader.context.request.get(f"{origin}/seminar/session/{room}")
    return [move for move in answer.json()["moves"] if move["kind"] == "order"]


def test_a_wrong_code_is_told_and_a_link_to_the_screen_needs_the_right_one(browser, site) -> None:
    person = Person(browser, PHONE)
    person.page.goto(f"{site.url}/seminar")
    person.page.fill("#code", "AAAA AAAA")
    person.page.fill("#name", "Bo")
    person.press("Choose a seat")
    person.sees("No open room has this code")
    person.page.goto(f"{site.url}/seminar/screen/AAAAAAAA")
    person.sees("No open room has this code")
    person.page.goto(f"{site.url}/seminar/enter/no-such-token")
    person.sees("leads nowhere any more")
    assert not sticks_out(person.page)


def test_a_student_reaches_neither_the_facilitators_page_nor_anothers(browser, site, leader) -> None:
    student = join(browser, site, leader.code, "China")
    seat, stranger = student.page.url, Person(browser)
    stranger.page.goto(seat)
    stranger.sees("leads nowhere any more")
    for where in ("host", "session"):
        student.page.goto(seat.replace("/seat/", f"/{where}/"))
        text = student.page.inner_text("body")
        assert "Close the turn" not in text
        assert "leads nowhere" in text or "Only the facilitator" in text
    cookies = student.context.cookies()
    assert cookies
    assert all(c["httpOnly"] and c["sameSite"] == "Lax" for c in cookies)
    assert all(c["expires"] > time.time() + 60 * 86_400 for c in cookies), "a paused room is left for long"
    assert student.page.evaluate("document.cookie") == ""


def test_names_and_headlines_are_text_to_everybody(browser, site, leader) -> None:
    student = join(browser, site, leader.code, "Australia", EVIL)
    screen = Person(browser)
    screen.page.goto(f"{site.url}/seminar/screen/{leader.code.replace(' ', '')}")
    leader.sees(EVIL)
    for person in (student, screen, leader):
        assert person.page.evaluate("window.hacked") is None
        assert person.page.locator("img[src=x]").count() == 0
        assert not sticks_out(person.page)


def test_pressing_twice_counts_once_and_two_facilitators_step_once(browser, site, leader) -> None:
    student = join(browser, site, leader.code, "Melanesia")
    link = leader.page.locator("code", has_text="/seminar/enter/").text_content()
    second = Person(browser)
    second.page.goto(f"{site.url}{link}")
    second.page.wait_for_selector("[data-part=controls]")
    assert link not in second.page.url
    leader.press("Start the game")
    student.page.wait_for_selector("text=Send the decision")
    student.page.dblclick("text=Send the decision")
    student.sees("Sent.")
    assert [order["seat"] for order in orders(leader)] == ["melanesia"]
    second.sees("Turn 1 of 3")
    for person in (leader, second):
        person.page.evaluate(
            """() => Array.from(document.querySelectorAll('button'))
                 .find((b) => b.textContent.includes('Close the turn now')).click()"""
        )
    student.sees("Turn 2 of 3")
    student.page.wait_for_timeout(1500)
    assert "Turn 2 of 3" in student.page.inner_text("header.room-head")


def test_a_removed_student_is_told_and_the_link_is_stale(browser, site, leader) -> None:
    student = join(browser, site, leader.code, "Micronesia", "Rude")
    leader.page.click('[aria-label="Remove Rude"]')
    student.sees("leads nowhere any more")
    student.page.reload()
    student.sees("leads nowhere any more")


def test_a_room_is_closed_opened_again_and_deleted_by_its_facilitator_in_two_steps(browser, site) -> None:
    leader = host(browser, site)
    student = join(browser, site, leader.code, "China")
    leader.press("Start the game")
    student.page.wait_for_selector("text=Send the decision")
    student.send()
    _close(leader)
    student.sees("its facilitator closed it on")
    student.page.reload()
    student.sees("its facilitator closed it on")
    assert not student.page.locator("text=Delete the room").count()
    leader.press("Open it again")
    leader.page.wait_for_selector("text=Let the clock run")
    student.press("Look again")
    student.sees("Sent.")
    _close(leader)
    leader.press("Delete the room with all names and moves")
    leader.press("Keep it")
    leader.press("Delete the room with all names and moves")
    leader.press("Yes, delete it")
    leader.sees("The room is deleted")
    student.page.reload()
    student.sees("leads nowhere any more")
    assert not leader.wrong + student.wrong


def _close(leader: Person) -> None:
    leader.page.click("summary:has-text('Close the room')")
    leader.press("Close the room")
    leader.sees("Go on with it")


def test_a_wrong_code_leaves_what_was_typed(browser, site) -> None:
    person = Person(browser)
    person.page.goto(f"{site.url}/seminar?code=AAAAAAAA")
    person.page.fill("#name", "Bo")
    person.page.fill("#seed", "7")
    person.press("Choose a seat")
    person.sees("No open room has this code")
    assert [person.page.input_value(f"#{field}") for field in ("code", "name", "seed")] == ["AAAAAAAA", "Bo", "7"]


def test_a_facilitators_own_event_is_injected_and_withdrawn(browser, site, leader) -> None:
    page = leader.page
    page.click("text=An event of your own")
    page.fill("#event-title", "A coup in paradise")
    page.select_option("#event-where", "FJI")
    leader.press("Inject this event")
    page.wait_for_selector("strong:has-text('A coup in paradise')")
    leader.press("Withdraw")
    page.wait_for_selector("strong:has-text('A coup in paradise')", state="detached")


def test_an_event_of_a_later_turn_counts_once_however_often_it_is_pressed(browser, site) -> None:
    leader = host(browser, site)
    leader.press("Start the game")
    leader.page.wait_for_selector(".event-list button")
    leader.press("Close the turn now")
    leader.sees("Turn 2 of 3")
    leader.page.locator(".event-list button").first.dblclick()
    leader.page.wait_for_selector(".pending")
    leader.page.wait_for_timeout(1000)
    assert leader.page.locator(".pending").count() == 1
    leader.page.locator(".event-list button").nth(1).click()
    leader.page.wait_for_function("document.querySelectorAll('.pending').length === 2")
    leader.page.dblclick("button:has-text('Withdraw')")
    leader.page.wait_for_timeout(1000)
    assert leader.page.locator(".pending").count() == 1
    assert not leader.page.locator(".error").count()


def test_the_last_of_a_team_to_send_decides_also_what_was_sent_before(browser, site) -> None:
    leader = host(browser, site)
    one, two = (join(browser, site, leader.code, "East Africa", name) for name in ("Di", "Ed"))
    leader.press("Start the game")
    one.page.wait_for_selector("text=Send the decision")
    one.page.locator("label.answer", has_text="Accept").first.click()
    one.send()
    two.sees("Your team has sent another decision")
    two.page.locator("label.answer", has_text="Refuse").first.click()
    two.send()
    one.sees("Your team has sent another decision")
    one.send()
    two.sees("Your team has sent another decision")
    assert [order["body"]["answers"]["USA"] for order in orders(leader)] == ["accept", "refuse", "accept"]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["390", "1440"])
def test_the_pages_fit_their_screens(browser, site, leader, screen) -> None:
    person = Person(browser, screen)
    for where in ("/seminar", "/seminar/guide/leahy-dilemma"):
        person.page.goto(f"{site.url}{where}")
        person.page.wait_for_selector("h1")
        assert not sticks_out(person.page)
    student = join(browser, site, leader.code, "Polynesia", "Cy")
    student.page.set_viewport_size(screen["viewport"])
    student.sees("What you alone know")
    assert not sticks_out(student.page)
    leader.page.set_viewport_size(screen["viewport"])
    assert not sticks_out(leader.page)
    assert not person.wrong + student.wrong + leader.wrong
