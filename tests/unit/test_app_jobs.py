"""The crew: turns, limits, faults, and processes that are lost."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.app.jobs import Busy, Crew, Failed, Refused
from hedgerow.app.settings import Limits
from hedgerow.scenario.errors import ScenarioError

LIMITS = Limits(waiting=4, queue=6, seconds=3.0)


def double(value: int) -> int:
    return 2 * value


def here() -> int:
    return os.getpid()


def held(path: str, name: str) -> None:
    """Wait until a file is there, then note a name in another."""
    gate = Path(path)
    while not gate.exists():
        time.sleep(0.01)
    with gate.with_suffix(".log").open("a") as log:
        log.write(name)


def refuse() -> None:
    raise ScenarioError("file", "key", "is wrong")


def broken() -> None:
    raise ZeroDivisionError


def die() -> None:
    os._exit(1)


def forever() -> None:
    time.sleep(60)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    found = Crew(1, LIMITS)
    yield found
    found.close()


def test_work_is_done_in_another_process(crew: Crew) -> None:
    assert crew.submit("a", double, 21).result() == 42
    assert crew.submit("a", here).result() != os.getpid()


def test_clients_take_turns_and_each_has_a_limit(crew: Crew, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = crew.submit("a", held, str(gate), "a")
    rest = [crew.submit("a", held, str(gate), "a") for _ in range(3)]
    with pytest.raises(Busy, match="you already have"):
        crew.submit("a", double, 1)
    rest += [crew.submit("b", held, str(gate), "b") for _ in range(2)]
    with pytest.raises(Busy, match="busy with others"):
        crew.submit("c", double, 1)
    gate.touch()
    for future in (first, *rest):
        future.result()
    assert gate.with_suffix(".log").read_text() in ("aababa", "ababaa")
    assert crew.submit("c", double, 1).result() == 2


def test_the_pages_of_one_address_leave_room_for_others(tmp_path: Path) -> None:
    crew = Crew(1, Limits(waiting=2, address=3, queue=6))
    gate = tmp_path / "gate"
    pages = [crew.submit(f"10.0.0.1/{page}", held, str(gate), "a") for page in "abc"]
    with pytest.raises(Busy, match="from where you are"):
        crew.submit("10.0.0.1/d", double, 1)
    other = crew.submit("10.0.0.11/a", double, 1)
    gate.touch()
    for future in pages:
        future.result()
    assert other.result() == 2
    crew.close()


def test_a_job_that_is_called_off_frees_its_place(crew: Crew, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = crew.submit("a", held, str(gate), "a")
    waiting = [crew.submit("a", double, i) for i in range(3)]
    assert all(future.cancel() for future in waiting)
    again = crew.submit("a", double, 4)
    gate.touch()
    first.result()
    assert again.result() == 8


def test_faults_are_told_in_the_words_of_the_command_line(crew: Crew) -> None:
    with pytest.raises(Refused, match=r"^file: key: is wrong$"):
        crew.submit("a", refuse).result()
    with pytest.raises(Failed, match="log says how"):
        crew.submit("a", broken).result()
    assert crew.submit("a", double, 1).result() == 2


def test_a_lost_process_is_replaced(crew: Crew) -> None:
    before = crew.submit("a", here).result()
    with pytest.raises(Failed, match="lost"):
        crew.submit("a", die).result()
    assert crew.submit("a", here).result() not in (before, os.getpid())


def test_what_takes_too_long_is_stopped(crew: Crew) -> None:
    with pytest.raises(Failed, match="longer than 3 seconds"):
        crew.submit("a", forever).result()
    assert crew.submit("a", double, 1).result() == 2


def test_the_end_calls_off_what_waits(tmp_path: Path) -> None:
    crew = Crew(1, LIMITS)
    gate = tmp_path / "gate"
    first = crew.submit("a", held, str(gate), "a")
    while not first.running():
        time.sleep(0.01)
    second = crew.submit("a", double, 1)
    crew.close()
    assert second.cancelled()
    gate.touch()
    first.result()
    with pytest.raises(Failed, match="ending"):
        crew.submit("a", double, 1)
