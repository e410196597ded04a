"""Supply: what is installed is what was tested, by its hash, whatever index it comes from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = {p.name: p.read_text(encoding="utf-8") for p in ROOT.glob("requirements*.txt")}
DEPENDENCIES = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"].values()
GROUPS = PROJECT["dependency-groups"]
NEEDED = {
    "requirements.txt": DEPENDENCIES,
    "requirements-dev.txt": [*DEPENDENCIES, *(line for extra in EXTRAS for line in extra), *GROUPS["build"]],
    "requirements-build.txt": [*PROJECT["build-system"]["requires"], *GROUPS["build"]],
    "requirements-release.txt": GROUPS["release"],
}
PLACES = [
    {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system, "os_name": name}
    for version in ("3.11", "3.12", "3.13")
    for system, name in (("linux", "posix"), ("darwin", "posix"), ("win32", "nt"))
]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(name: str) -> list[tuple[Requirement, list[str]]]:
    """Return the requirements of a file with the options that stand beside them."""
    lines = FILES[name].replace("\\\n", " ").splitlines()
    stated = [line for line in lines if line.strip() and not line.startswith("#")]
    split = [re.split(r"\s+(?=--)", line.strip()) for line in stated]
    return [(Requirement(first), options) for first, *options in split]


def versions(name: str, place: dict[str, str]) -> dict[str, str]:
    """Return the versions that a file would have installed somewhere."""
    found = {}
    for pin, _ in pins(name):
        if pin.marker is None or pin.marker.evaluate(place):
            known = canonicalize_name(pin.name)
            assert known not in found, f"{known} is pinned twice for {place}"
            (one,) = pin.specifier
            found[known] = one.version
    return found


def test_every_file_of_requirements_is_known():
    assert set(FILES) == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_every_pin_is_one_version_with_its_hashes(name):
    assert pins(name)
    for pin, options in pins(name):
        assert pin.url is None
        assert [one.operator for one in pin.specifier] == ["=="], pin
        assert "*" not in str(pin.specifier)
        assert options, pin
        assert all(HASH.fullmatch(option) for option in options), pin


@pytest.mark.parametrize("name", NEEDED)
def test_no_place_to_download_from_is_named(name):
    assert "//" not in FILES[name]
    assert not re.search(r"^\s*-(?!-hash=)", FILES[name], re.MULTILINE)  # no option but hashes
    hosts = re.findall(r"\b[a-z0-9-]+\.(?:org|com|io|net|dev)\b", FILES[name])
    assert not hosts


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place['sys_platform']}-{place['python_version']}")
@pytest.mark.parametrize("name", NEEDED)
def test_what_the_project_needs_is_pinned_within_its_ranges(name, place):
    found = versions(name, place)
    for line in NEEDED[name]:
        needed = Requirement(line)
        assert found[canonicalize_name(needed.name)] in needed.specifier, needed


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place['sys_platform']}-{place['python_version']}")
def test_what_is_installed_together_is_pinned_alike(place):
    tested = versions("requirements-dev.txt", place)
    for name in ("requirements.txt", "requirements-build.txt"):
        assert versions(name, place).items() <= tested.items()
