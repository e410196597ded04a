"""The examples in docstrings and the README run as they stand."""

import doctest
import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import hedgerow

ROOT = Path(__file__).parents[2]
MODULES = sorted(m.name for m in pkgutil.walk_packages(hedgerow.__path__, "hedgerow.") if "__main__" not in m.name)


@pytest.mark.parametrize("name", ["hedgerow", *MODULES])
def test_docstring_examples(name) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def blocks(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.startswith("hedgerow ")]


def test_the_readme_has_examples() -> None:
    assert commands()
    assert blocks("python")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("readme")


@pytest.mark.parametrize("command", commands())
def test_readme_commands(command, folder) -> None:
    words = shlex.split(command)[1:]
    code = "from hedgerow.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("python"))
def test_readme_python(block, folder, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    exec(compile(block, "README.md", "exec"), {})


def test_every_picture_of_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture
