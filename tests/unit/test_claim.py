"""Claims: who holds one, who is refused, and what becomes of one whose holder is gone or that says nonsense."""

import errno
import json
import multiprocessing
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.disk import claim
from hedgerow.runs.folder import FolderError, claimed_file, hold, read_manifest
from hedgerow.scenario import new
from hedgerow.scenario.errors import ScenarioError

HERE = {"process": os.getpid(), "host": platform.node(), "words": ["run", "a b; c"], "identity": "x", "runs": 3}


def ended() -> int:
    """Return the number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def no_locks(monkeypatch) -> None:
    """Let a file system say that it has no locks, as some of NFS and Lustre do."""

    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(claim.fcntl, "flock", refuse)


@pytest.fixture(params=["locks", "none"])
def system(request, monkeypatch):
    if request.param == "none":
        no_locks(monkeypatch)
    return request.param


def test_a_second_holder_is_told_who_the_first_is(system, tmp_path, monkeypatch) -> None:
    token = claim.COMMAND.set(("run", "a b", "--out", "$(x)"))
    with claim.held(tmp_path / "new" / "lock.json") as first:
        first.tell("x", runs=3)
        assert claim.at_work(tmp_path / "new" / "lock.json") == claim.left(tmp_path / "new" / "lock.json")
        with pytest.raises(claim.TakenError) as told, claim.held(tmp_path / "new" / "lock.json"):
            pass
    claim.COMMAND.reset(token)
    assert str(told.value) == f"process {os.getpid()} (hedgerow run 'a b' --out '$(x)') is at work there"
    assert list(tmp_path.iterdir()) == []  # nor the folder that it made


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"process": -1}', b'{"process": "1"}', b"\xff", b"[" * 9999, b'{"words": 3}']
)
def test_a_claim_that_says_nonsense_is_nobodys(system, tmp_path, content) -> None:
    (tmp_path / "lock.json").write_bytes(content)
    assert claim.at_work(tmp_path / "lock.json") is None
    with claim.held(tmp_path / "lock.json") as mine:
        assert mine.before is None
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_that_is_gone_held_is_taken_over(system, tmp_path) -> None:
    path = tmp_path / "lock.json"
    path.write_text(json.dumps(HERE | {"process": ended()}))
    assert claim.at_work(path) is None
    with claim.held(path) as mine:
        assert mine.before is not None
        assert mine.before.identity == "x"
    assert path.exists()  # still says who left something unfinished
    with claim.held(path) as mine:
        mine.tell("y")
    assert not path.exists()


def test_without_locks_a_holder_elsewhere_is_believed(tmp_path, monkeypatch) -> None:
    no_locks(monkeypatch)
    (tmp_path / "lock.json").write_text(json.dumps(HERE | {"host": "elsewhere"}))
    with (
        pytest.raises(claim.TakenError, match=rf"process {os.getpid()} of elsewhere \("),
        claim.held(tmp_path / "lock.json"),
    ):
        pass
    assert (tmp_path / "lock.json").exists()


def test_a_planted_link_is_not_followed(tmp_path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "lock.json").symlink_to(tmp_path / "mine")
    with pytest.raises(FolderError, match="cannot be written"), hold(tmp_path / "folder", {"hash": "x"}):
        pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_what_a_claim_shows_is_quoted_for_a_shell(tmp_path) -> None:
    (tmp_path / "lock.json").write_text(json.dumps(HERE | {"words": ["run", "x; rm -rf ~", "\x1b[2J\n"]}))
    with pytest.raises(FolderError) as told:
        read_manifest(tmp_path)
    assert str(told.value) == f"{tmp_path}: was begun and not finished; start `hedgerow run 'x; rm -rf ~' '?[2J?'` again"


def _many(where: str, gate, found) -> None:
    gate.wait()
    for _ in range(30):
        try:
            with claim.held(Path(where) / "new" / "lock.json") as mine:
                mine.tell()
                with (Path(where) / "one").open("x"):  # another in here would fail
                    pass
                (Path(where) / "one").unlink()
                found.put("held")
        except claim.TakenError:
            found.put("refused")
        except OSError as error:
            found.put(str(error))


def test_never_two_hold_it_however_they_come_and_go(tmp_path) -> None:
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    gate, found = context.Barrier(4), context.Queue()
    processes = [context.Process(target=_many, args=(str(tmp_path), gate, found)) for _ in range(4)]
    for process in processes:
        process.start()
    told = [found.get(timeout=60) for _ in range(4 * 30)]
    for process in processes:
        process.join()
    assert set(told) <= {"held", "refused"}
    assert told.count("held") > 0
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_the_folder_of_another_unfinished_run_is_refused_or_another_taken(tmp_path) -> None:
    folder = tmp_path / "o"
    folder.mkdir()
    (folder / "lock.json").write_text(json.dumps(HERE | {"process": ended(), "identity": "other"}))
    (folder / "panel.parquet").write_text("theirs")
    with (
        pytest.raises(FolderError, match="holds what `hedgerow run 'a b; c'` began and did not finish"),
        hold(folder, {"hash": "x"}),
    ):
        pass
    with hold(folder, {"hash": "x"}, numbered=True) as held:
        assert held.where == tmp_path / "o-2"
    with hold(folder, {"hash": "other"}) as held:
        assert held.where == folder
    assert read_manifest(folder) == {"hash": "other"}
    assert not (folder / "lock.json").exists()


@pytest.mark.parametrize("name", ["half \ud800", "zero \0"])
def test_what_no_file_can_be_called_is_said(tmp_path, name) -> None:
    with pytest.raises(FolderError, match="is no name that a file can have"), hold(tmp_path / name, {"hash": "x"}):
        pass
    with pytest.raises(FolderError, match="is no name that a file can have"), claimed_file(tmp_path / name):
        pass
    with pytest.raises(ScenarioError, match="is no name that a file can have"):
        new.write(tmp_path / name, "baseline-2022-25")
