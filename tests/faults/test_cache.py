"""The cache of compiled kernels is never believed: it costs a compile at worst, never a command or a wrong number."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from hedgerow.core.kept import kernels
from tests.faults import harness
from tests.faults.kernels import KERNELS, ask

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes of files")
FLIPS = int(os.environ.get("CACHE_FLIPS", "45"))
NOBODY = 65534
root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as another user")


class Home:
    """A home for caches, with a filled one."""

    def __init__(self, where: Path, capfd) -> None:
        self.where, self.capfd = where, capfd
        self.marker = where.parent / "marker"
        assert self.ask() == (0, [])
        self.base, self.folder = where / "hedgerow", kernels().folder
        assert self.folder.parent == self.base

    def ask(self) -> tuple[int, list[str]]:
        """Ask for the kernels; return how many were found compiled, and what was said."""
        self.capfd.readouterr()
        right, found = ask()
        assert right
        return found, self.capfd.readouterr().err.splitlines()

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def plant(self) -> None:
        """Put code that leaves a mark where compiled kernels were, as somebody would who knows how they are kept."""
        for file in self.files():
            file.write_bytes(whole(pickle.dumps(Evil(self.marker))))


class Evil:
    """A thing that acts when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


def whole(content: bytes) -> bytes:
    return sha256(content).digest() + content


@pytest.fixture
def home(monkeypatch, capfd):
    # Not below pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory(prefix="hedgerow-") as where:
        Path(where).chmod(0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", f"{where}/cache")
        yield Home(Path(where) / "cache", capfd)
    kernels.cache_clear()


def test_what_was_compiled_is_found(home):
    assert home.ask() == (KERNELS, [])


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o077])
def test_whatever_may_be_written_by_default_a_cache_is_closed(home, mask):
    shutil.rmtree(home.where)
    before = os.umask(mask)
    try:
        assert home.ask() == (0, [])
    finally:
        os.umask(before)
    assert home.ask() == (KERNELS, [])
    assert {p.stat().st_mode & 0o777 for p in home.files()} == {0o600}
    assert {p.stat().st_mode & 0o777 for p in (home.where, home.base, home.folder)} == {0o700}


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def link(file: Path) -> None:
    file.rename(file.parent.parent / "elsewhere")
    file.symlink_to(file.parent.parent / "elsewhere")


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DAMAGED = {
    "empty": lambda file: file.write_bytes(b""),
    "cut in its checksum": lambda file: file.write_bytes(file.read_bytes()[:31]),
    "cut after its checksum": lambda file: file.write_bytes(file.read_bytes()[:32]),
    "cut in the middle": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "a byte short": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "a byte long": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "a bit of its checksum flipped": lambda file: file.write_bytes(flipped(file.read_bytes(), 100)),
    "a bit of its content flipped": lambda file: file.write_bytes(flipped(file.read_bytes(), 9999)),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "no pickle": lambda file: file.write_bytes(whole(b"x")),
    "a pickle of something else": lambda file: file.write_bytes(whole(pickle.dumps(7))),
    "a pickle of nothing known": lambda file: file.write_bytes(whole(b"cnowhere\nnothing\n.")),
    "writable by its group": lambda file: file.chmod(0o620),
    "writable by all": lambda file: file.chmod(0o602),
    "a link": link,
    "a pipe": pipe,
    "another user's": pytest.param(lambda file: os.chown(file, NOBODY, NOBODY), marks=root),
}


def cases(table: dict) -> list:
    made = [case if hasattr(case, "values") else pytest.param(case) for case in table.values()]
    return [pytest.param(*case.values, marks=case.marks, id=name) for name, case in zip(table, made, strict=True)]


@pytest.mark.parametrize("damage", cases(DAMAGED))
def test_a_damaged_file_is_compiled_afresh_once_with_one_word(home, damage):
    damage(home.files()[0])
    found, said = home.ask()
    assert found == KERNELS - 1
    assert len(said) == 1
    assert said[0].startswith(f"hedgerow: compiled rules: {home.files()[0]}") or "symbolic link" in said[0]
    assert home.ask() == (KERNELS, [])


def test_many_damaged_files_are_one_word(home):
    for file in home.files():
        file.write_bytes(b"")
    found, said = home.ask()
    assert (found, len(said)) == (0, 1)
    assert home.ask() == (KERNELS, [])


def test_a_kernel_under_the_name_of_another_is_not_taken_for_it(home):
    one, other = home.files()
    shutil.copy(one, other)
    assert home.ask() == (KERNELS - 1, [])
    assert home.ask() == (KERNELS, [])


def test_a_folder_in_the_place_of_a_file_costs_a_compile(home):
    one, _ = home.files()
    one.unlink()
    one.mkdir()
    found, said = home.ask()
    assert (found, len(said)) == (KERNELS - 1, 1)


@pytest.mark.slow
def test_no_flipped_bit_changes_a_number(home):
    order = [sys.executable, "-m", "tests.faults.kernels", "flip", str(FLIPS)]
    done = subprocess.run(order, cwd=harness.ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == FLIPS
    assert {tuple(json.loads(line)) for line in lines} == {(True, KERNELS - 1)}
    assert len(done.stderr.splitlines()) == FLIPS  # each is a new cache, which has one word


def moved(path: Path) -> Path:
    """Move a folder elsewhere; return where."""
    return path.rename(path.with_name("moved"))


def linked(path: Path) -> None:
    path.symlink_to(moved(path))


def linked_by_another(path: Path) -> None:
    linked(path)
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def given(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


def copied_by_another(folder: Path) -> None:
    """Let another user put what they made into a place where all could write for a while."""
    made = moved(folder)
    above = folder.parent
    for path in (above, above.parent, made, *made.rglob("*")):
        path.chmod(0o755)
    above.chmod(0o777)
    subprocess.run(["cp", "-r", str(made), str(folder)], user=NOBODY, group=NOBODY, check=True)
    above.chmod(0o755)


PLANTED = {
    "folder writable by its group": lambda home: home.folder.chmod(0o770),
    "folder writable by all": lambda home: home.folder.chmod(0o707),
    "folder as /tmp": lambda home: home.folder.chmod(0o1777),
    "base writable by its group": lambda home: home.base.chmod(0o770),
    "base writable by all": lambda home: home.base.chmod(0o777),
    "base as /tmp": lambda home: home.base.chmod(0o1777),
    "home of caches writable by its group": lambda home: home.where.chmod(0o770),
    "home of caches writable by all": lambda home: home.where.chmod(0o777),
    "the folder above writable by all": lambda home: home.where.parent.chmod(0o777),
    "folder a link": lambda home: linked(home.folder),
    "base a link": lambda home: linked(home.base),
    "folder another's": pytest.param(lambda home: given(home.folder), marks=root),
    "base another's": pytest.param(lambda home: given(home.base), marks=root),
    "home of caches another's": pytest.param(lambda home: given(home.where), marks=root),
    "the folder above another's": pytest.param(lambda home: given(home.where.parent), marks=root),
    "home of caches another's link": pytest.param(lambda home: linked_by_another(home.where), marks=root),
    "files another's": pytest.param(lambda home: [given(file) for file in home.files()], marks=root),
    "folder made by another": pytest.param(lambda home: copied_by_another(home.folder), marks=root),
    "base made by another": pytest.param(lambda home: copied_by_another(home.base), marks=root),
}


@pytest.mark.parametrize("open_", cases(PLANTED))
def test_a_planted_cache_is_never_loaded(home, open_):
    home.plant()
    open_(home)
    found, said = home.ask()
    assert not home.marker.exists()
    assert (found, len(said)) == (0, 1)
    assert said[0].endswith("; compiled afresh, which may take a minute")
    assert home.ask()[0] in (0, KERNELS)  # another's files are replaced by the user's own
    assert not home.marker.exists()


def test_what_is_planted_would_leave_a_mark_where_it_is_believed(home):
    home.plant()
    home.ask()
    assert home.marker.exists()


@root
def test_roots_own_cache_serves_a_user_who_cannot_write_to_it(home, monkeypatch):
    for path in (home.where, home.base, home.folder):
        path.chmod(0o755)
    for file in home.files():
        file.chmod(0o644)
    assert as_nobody(home.where, 2) == ([[True, KERNELS]] * 2, [])
    home.files()[0].unlink()
    numbers, said = as_nobody(home.where, 1)
    assert numbers == [[True, KERNELS - 1]]
    assert len(said) == 1
    assert "Permission denied" in said[0]


@root
def test_a_home_that_cannot_be_written_to_costs_a_compile(home):
    shutil.rmtree(home.where)
    numbers, said = as_nobody(home.where, 1)
    assert (numbers, len(said)) == ([[True, 0]], 1)
    assert not home.where.exists()


def as_nobody(home: Path, times: int) -> tuple[list, list[str]]:
    """Ask for the kernels as another user; return what it got, and what was said."""
    with tempfile.TemporaryDirectory() as before:
        env = {**os.environ, "XDG_CACHE_HOME": before, "THEN": str(home)}
        order = [sys.executable, "-m", "tests.faults.kernels", "ask", str(times), str(NOBODY)]
        done = subprocess.run(order, cwd=harness.ROOT, env=env, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.splitlines()


def file_at(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("mine")


def nowhere(path: Path) -> None:
    shutil.rmtree(path)
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    shutil.rmtree(path)
    path.symlink_to(path.name)


OUT_OF_REACH = {
    "folder a file": lambda home: file_at(home.folder),
    "base a file": lambda home: file_at(home.base),
    "home of caches a file": lambda home: file_at(home.where),
    "folder a link to nothing": lambda home: nowhere(home.folder),
    "base a link to nothing": lambda home: nowhere(home.base),
    "home of caches a link to nothing": lambda home: nowhere(home.where),
    "home of caches a circle of links": lambda home: circle(home.where),
    "name too long": lambda home: os.environ.update(XDG_CACHE_HOME=str(home.where / ("x" * 300))),
    "path too long": lambda home: os.environ.update(XDG_CACHE_HOME=str(home.where) + "/x" * 3000),
    "no folder of this kind can be made": lambda home: os.environ.update(XDG_CACHE_HOME="/proc/self/caches"),
}


@pytest.mark.parametrize("spoil", cases(OUT_OF_REACH))
def test_where_nothing_can_be_kept_it_costs_a_compile_with_one_word(home, spoil):
    spoil(home)
    found, said = home.ask()
    assert (found, len(said)) == (0, 1)


def test_a_link_of_the_users_own_may_lead_to_the_home_of_caches(home):
    linked(home.where)
    assert home.ask() == (KERNELS, [])


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system")
def test_a_full_disk_costs_a_compile_with_one_word(home, tmp_path):
    mount = "mount -t tmpfs -o size=64k,mode=700 tmpfs $XDG_CACHE_HOME"
    fill = "cat /dev/zero >$XDG_CACHE_HOME/ballast 2>/dev/null"
    order = f"{mount} && ! {fill} && exec $0 -m tests.faults.kernels ask 2"
    for flags in ("-m", "-Urm"):
        unshare = ["unshare", flags, "sh", "-c", order, sys.executable]
        done = subprocess.run(unshare, cwd=harness.ROOT, capture_output=True, text=True, check=False)
        if "mount" not in done.stderr and "unshare" not in done.stderr:
            break
    else:
        pytest.skip("no file system can be mounted here")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [[True, 0]] * 2
    assert [("No space left" in line) for line in done.stderr.splitlines()] == [True, True]  # one word a cache


def test_what_lies_beside_is_no_matter(home):
    (home.base / "dangling").symlink_to("nowhere")
    (home.base / "file").write_text("mine")
    (home.base / "closed").mkdir(mode=0)
    assert home.ask() == (KERNELS, [])
    assert {p.name for p in home.base.iterdir()} == {"dangling", "file", "closed", home.folder.name}


def test_a_cache_that_nobody_used_for_a_month_is_removed_and_nothing_else(home, tmp_path):
    name = "0123456789abcde"
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis").write_text("mine")
    for folder in (home.base / f"{name}0", home.base / "my-precious-data"):
        folder.mkdir()
        (folder / "file").write_text("")
        (folder / "link").symlink_to(precious)
    (home.base / f"{name}1").symlink_to(precious)
    (home.base / f"{name}2").write_text("a file")
    (home.base / f"{name}3").mkdir()
    then = home.folder.stat().st_mtime - 31 * 86_400
    for path in home.base.iterdir():
        os.utime(path, (then, then), follow_symlinks=False)
    os.utime(home.base / f"{name}3")
    assert home.ask() == (KERNELS, [])
    assert {p.name for p in home.base.iterdir()} == {
        "my-precious-data",
        f"{name}1",
        f"{name}2",
        f"{name}3",
        home.folder.name,
    }
    assert (precious / "thesis").read_text() == "mine"


def test_processes_that_fill_one_cache_at_once_do_not_disturb_one_another(home):
    shutil.rmtree(home.where)
    order = [sys.executable, "-m", "tests.faults.kernels", "ask", "3"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    at_once = [subprocess.Popen(order, cwd=harness.ROOT, **pipes) for _ in range(4)]
    for process in at_once:
        told, said = process.communicate(timeout=180)
        assert [json.loads(line)[0] for line in told.splitlines()] == [True] * 3, said
        assert said == ""
    assert home.ask() == (KERNELS, [])
    assert len(home.files()) == KERNELS


@pytest.mark.slow
def test_an_empty_file_does_not_break_a_command(tmp_path, monkeypatch):
    def run(out: str) -> tuple[list, list[str]]:
        order = ["run", "leahy-off", "--runs", "1", "--months", "1", "--fixed", "--out", str(tmp_path / out), "--json"]
        done = subprocess.run([sys.executable, "-c", harness.COMMAND, *order], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["outcomes"], done.stderr.splitlines()

    undisturbed, _ = run("before")
    kernels.cache_clear()
    shutil.copytree(kernels().folder, tmp_path / "hedgerow" / kernels().folder.name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kernels.cache_clear()
    emptied = list(kernels().folder.glob("_budgets-*"))
    assert emptied
    for file in emptied:
        file.write_bytes(b"")
    outcomes, said = run("after")
    assert outcomes == undisturbed
    assert len([line for line in said if line.startswith("hedgerow: compiled rules: ")]) == 1
    assert all(file.stat().st_size for file in emptied)
    kernels.cache_clear()
