"""What goes out is quoted for where it goes: shell, CSV, HTML, TOML, Markdown, log and terminal.

One table of hostile texts drives every way out; what is read back must be the text itself, and nothing
that it tried may have happened. A new way out is a test over the same table.
"""

import csv as reader
import io
import json
import logging
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hedgerow
from hedgerow import cli
from hedgerow.app.lab.files import _file as download
from hedgerow.app.lab.pair import resolve
from hedgerow.app.lab.save import scenario_file
from hedgerow.app.lab.values import toml
from hedgerow.app.lab.whatif import OWN, WhatIf, packed
from hedgerow.app.logs import OneLine
from hedgerow.app.settings import Limits
from hedgerow.commands.gallery import GalleryEntry, page_of
from hedgerow.disk.plain import MESSAGE, command, visible
from hedgerow.report import screen
from hedgerow.report.brief import changes, html, subject
from hedgerow.runs import manifest
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import parse
from hedgerow.study.results import replay_command
from hedgerow.study.studyfile import parse as parse_study
from hedgerow.wording.csv import csv
from tests.browser.server import serving

MARK = "made-by-a-text"
HOSTILE = [
    f"; touch {MARK} #",
    f"$(touch {MARK})",
    f"`touch {MARK}`",
    f"'; touch {MARK}; '",
    f'"; touch {MARK}; "',
    f"x && touch {MARK}",
    f"x | touch {MARK}",
    f"> {MARK}",
    "~",
    "*",
    "-rf",
    "--out=elsewhere",
    "--",
    "a b",
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-1+cmd",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onload='alert(1)",
    "</title><b>bold</b>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "a|b",
    "[x](javascript:alert(1))",
    "{{ 7 * 7 }}{% raw %}",
    "{0}{x}%s%(x)s",
    "\\",
    "\\n",
    "#",
    "[/b][red]",
    "'''",
    '"""',
    "é漢🙂",
]
"""Texts that a file may hold."""
MOVING = [
    "a\nb",
    f"a\n; touch {MARK}",
    "a\r\n# b",
    "\ta",
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\x7f",
    "\x00",
    "a\u202eb",
    "a\u2066b",
    "a\u2028b",
    "a\x85b",
]
"""Texts that no name, title or setting may hold, but a folder may be called, or an exception say."""
FILE = """
extends = "gap-fill"
title = {0}
question = {0}
look_at = {0}

[donors.USA]
name = {1}

[policies.{2}]
lever = "leahy"
strictness = 0.2
"""


def written(text: str) -> str:
    """Return a scenario that holds a text wherever it may."""
    quoted = json.dumps(text, ensure_ascii=False)
    return FILE.format(quoted, quoted, quoted)


def heard(line: str, where: Path) -> list[str]:
    """Paste a line into a shell in which hedgerow says what it is given; return that."""
    said = 'hedgerow() { for word in "$@"; do printf "%s\\0" "$word"; done; }\n'
    done = subprocess.run(["bash", "-c", said + line], cwd=where, capture_output=True, check=True)
    assert not done.stderr
    assert not (where / MARK).exists()
    return [word.decode("utf-8", "surrogateescape") for word in done.stdout.split(b"\0")[:-1]]


def understood(line: str, where: Path) -> tuple[list[str], dict[str, str]]:
    """Return what a pasted command is about, and its options, as the command line takes them."""
    words, about, options = heard(line, where), [], {}
    while words:
        word = words.pop(0)
        if word == "--":
            return about + words, options
        name, equals, value = word.partition("=")
        if name.startswith("--"):
            options[name] = value if equals else words.pop(0)
        else:
            assert not word.startswith("-")
            about.append(word)
    return about, options


@pytest.mark.parametrize("text", [*HOSTILE, *(text for text in MOVING if "\0" not in text)], ids=ascii)
def test_a_command_pasted_into_a_shell_does_what_it_says(tmp_path, text) -> None:
    about, options = understood(command("report", text, versus=text, runs=8), tmp_path)
    assert about == ["report", text]
    assert options == {"--versus": text, "--runs": "8"}
    assert understood(subject.Wish(text, versus=text, settings=(text, text)).command(), tmp_path)[0] == ["report", text]
    folder = Path("results") / text.replace("/", "-")
    for where in (folder, Path(text.replace("/", "-"))):
        assert understood(replay_command(where, 1, 2), tmp_path)[0] == ["replay", str(where), "1", "2"]
    line = command("report", text)
    assert line == visible(line)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_the_command_a_page_tells_is_quoted_for_the_shell_and_the_page(tmp_path, text) -> None:
    told = Told()
    told.feed(str(changes.comparison_needed(text, text)))
    assert told.tags == Counter({("code", ()): 1})
    line = told.text.partition("For that: ")[2].rstrip(".")
    assert understood(line, tmp_path) == (["report", text], {"--versus": text})


@pytest.mark.parametrize("text", [t for t in HOSTILE if "/" not in t], ids=ascii)
def test_a_new_scenario_says_how_to_run_it(tmp_path, monkeypatch, capsys, text) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inside").mkdir()
    monkeypatch.setattr("sys.argv", ["hedgerow", "scenario", "new", "--", f"{text}.toml"])
    _main()
    line = capsys.readouterr().out.partition("then: ")[2]
    assert understood(line, tmp_path / "inside")[0] == ["run", f"{text}.toml"]
    assert hedgerow.load(f"{text}.toml").title


def _main() -> None:
    with suppress(SystemExit):
        cli.main()


STUDY = """
[study]
name = "{name}"
base = "gap-fill"
months = 1
replications = 1
outcomes = ["abuses"]

[design.factors]
"parameters.acceptance.gap" = {{ values = [1.0] }}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    where = tmp_path_factory.mktemp("store")
    (where / "study.toml").write_text(STUDY.format(name="plain"))
    hedgerow.sweep(where / "study.toml", where / "sweep", workers=1)
    return where / "sweep"


def test_the_command_that_a_foreign_store_holds_is_not_shown(store, tmp_path, monkeypatch, capsys) -> None:
    import hashlib

    where = tmp_path / f"; touch {MARK} #"
    shutil.copytree(store, where)
    entry = json.loads((where / "journal.jsonl").read_text())
    path = where / "parts" / f"{entry['chunk']}.parquet"
    part = pq.read_table(path)
    part = part.set_column(part.column_names.index("error"), "error", pa.array(["\x1b[2J\nfailed [/b]"]))
    pq.write_table(part.append_column("replay", pa.array([f"touch {MARK}"])), path)
    entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (where / "journal.jsonl").write_text(json.dumps(entry) + "\n")
    (row,) = hedgerow.open(where).failures().to_dict(orient="records")
    assert understood(row["replay"], tmp_path)[0] == ["replay", str(where), "0", "0"]
    monkeypatch.setattr("sys.argv", ["hedgerow", "failures", str(where)])
    _main()
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert r"\u001b[2J\u000afailed [/b]" in said
    line = next(line for line in said.splitlines() if "hedgerow replay" in line)
    assert understood(line, tmp_path)[0] == ["replay", str(where), "0", "0"]


@pytest.mark.parametrize("text", [*HOSTILE, *MOVING], ids=ascii)
def test_no_cell_of_a_csv_is_a_formula(text) -> None:
    table = pd.DataFrame({text: [text, "plain"], "number": [-1.5, 2.0], "word": ["-0.25", "+3"]})
    head, first, *_ = reader.reader(io.StringIO(csv(table), newline=""))
    for cell in (head[0], first[0]):
        assert cell.removeprefix("'") == text.removeprefix("'")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert first[1:] == ["-1.5", "-0.25"]
    again = pd.read_csv(io.StringIO(csv(table)))
    assert again["number"].tolist() == [-1.5, 2.0]


def test_a_table_without_texts_is_the_csv_it_was() -> None:
    table = pd.DataFrame({"a": [0.1, np.nan], "b": [1, 2], "c": pd.date_range("2024-01-01", periods=2)})
    assert csv(table) == table.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("text", [*HOSTILE, *MOVING], ids=ascii)
def test_a_value_in_toml_is_the_text_again(text) -> None:
    assert tomllib.loads(f"x = {toml(text)}\ny = {toml([text, text])}") == {"x": text, "y": [text, text]}
    assert len(f"x = {toml(text)}".splitlines()) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_what_if_saved_holds_the_text_and_no_more(tmp_path, text) -> None:
    asked = WhatIf(scenario=OWN, text=written(text), months=2)
    asked = asked.with_change("donors.CHN.name", json.dumps(text, ensure_ascii=False))
    pair = resolve(asked, Limits())
    path = tmp_path / "saved.toml"
    path.write_text(scenario_file(asked, pair), encoding="utf-8")
    saved = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (saved["title"], saved["donors"]["CHN"]["name"]) == (text, text)
    assert set(saved) == {"extends", "title", "question", "look_at", "months", "donors", "policies"}
    assert list(saved["policies"]) == [text]
    assert hedgerow.load(path) == pair.variant
    comments = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    run = next(line for line in comments if "Run it:" in line)
    assert understood(run.partition("Run it:")[2], tmp_path)[0][0] == "compare"
    given = next(line for line in comments if "--set donors" in line or "--set 'donors" in line)
    assert heard("hedgerow " + given.partition("as in")[2], tmp_path)[1].partition("=")[0] == "donors.CHN.name"


class Told(HTMLParser):
    """What a page is made of: its tags with the names of their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[Any] = Counter()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(sorted(name for name, _ in attrs))] += 1

    def handle_comment(self, data: str) -> None:
        self.tags["comment", ()] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def tags(page: str) -> Counter[Any]:
    told = Told()
    told.feed(page)
    return told.tags


@pytest.fixture(scope="module")
def brief(tmp_path_factory) -> Any:
    where = tmp_path_factory.mktemp("brief")

    def made(text: str) -> str:
        path = where / "scenario.toml"
        path.write_text(written(text), encoding="utf-8")
        return html.render(subject.page(subject.Wish(str(path), versus="gap-fill", runs=2, months=1, probes=0, fixed=True)))

    return made


MARKUP = [text for text in HOSTILE if set(text) & set("<>&\"'{")]


@pytest.mark.parametrize("texts", [MARKUP[i::3] for i in range(3)], ids=["some", "others", "the rest"])
def test_a_brief_has_no_tag_that_a_text_made(brief, texts) -> None:
    text = " ".join(texts)
    page = brief(text)
    assert tags(page) == tags(brief("plain"))
    told = Told()
    told.feed(page)
    assert text in told.text


@pytest.fixture(scope="module")
def get(tmp_path_factory, store) -> Iterator[Any]:
    results = tmp_path_factory.mktemp("results")
    for name in ("plain", "hostile"):
        shutil.copytree(store, results / name)
    about = json.loads((store / "manifest.json").read_text())
    for name, text in (("plain", "plain"), ("hostile", " ".join(MARKUP))):
        told = about | {"name": text, "question": text}
        (results / name / "manifest.json").write_text(json.dumps(told))
    shutil.copytree(results / "plain", results / "'\"><img src=x onerror=alert(1)>")
    with serving(results.parent, "--workers", "1", "--results", str(results)) as site, httpx.Client(timeout=60) as client:
        yield lambda path, **query: client.get(site.url + path, params=query)


def test_a_page_has_no_tag_that_a_study_made(get) -> None:
    plain = tags(get("/studies/view", name="plain").text)
    for name in ("hostile", "'\"><img src=x onerror=alert(1)>"):
        page = get("/studies/view", name=name)
        assert page.status_code == 200
        assert tags(page.text) == plain
        assert "<img src=x" not in page.text
    assert "<img src=x" not in get("/studies").text
    assert "<script>alert" not in get("/studies").text


def test_the_lab_has_no_tag_that_a_scenario_made(get) -> None:
    plain, *pages = [get("/", scenario=OWN, file=packed(written(text)), months="1", runs="2") for text in ("plain", *MARKUP)]
    assert plain.status_code == 200
    for text, page in zip(MARKUP, pages, strict=True):
        assert tags(page.text) == tags(plain.text), text
        assert not re.search(r'"on\w+":\s*"?alert', unescape(page.text)), text


def test_a_refusal_is_one_line_of_text(get) -> None:
    for text in (*HOSTILE, *MOVING):
        answer = get("/lab/scenario", scenario=text)
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.text == visible(answer.text)


@pytest.mark.parametrize("text", [*HOSTILE, *MOVING], ids=ascii)
def test_the_name_of_a_download_is_a_name(text) -> None:
    said = download(b"", f"{text}.toml", "application/toml").headers["content-disposition"]
    name = said.removeprefix('attachment; filename="').removesuffix('"')
    assert all(letter.isascii() and (letter.isalnum() or letter in "-._") for letter in name)
    assert name.endswith(".toml")


@pytest.mark.parametrize("text", [*HOSTILE, *MOVING], ids=ascii)
def test_a_log_has_a_line_a_message(text) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("hedgerow", logging.ERROR, "", 0, "room %s", (text,), caught)
    first, *more = OneLine().format(record).splitlines()
    assert first.endswith(f"ERROR hedgerow: room {visible(text)}")
    assert all(line.startswith("    | ") and line == visible(line) for line in more)


@pytest.mark.parametrize("text", [*HOSTILE, *MOVING], ids=ascii)
def test_a_terminal_shows_a_text_and_does_nothing(text, capsys) -> None:
    out = screen.console()
    out.print(screen.bold(text), soft_wrap=True)
    table = screen.bare_table("One", "Two", fold=True)
    table.add_row(screen.escape(text), "2")
    out.print(table)
    said = capsys.readouterr().out
    assert not set(said) & set("\x1b\x9b\x7f\x00\x07\u202e\u2066\u2028\x85")
    assert "\n" in text or "\t" in text or "\0" in text or "\x07" in text or visible(text) in said.splitlines()[0]


@pytest.mark.parametrize("text", [*HOSTILE, *(t for t in MOVING if "\0" not in t)], ids=ascii)
def test_a_message_is_one_line(monkeypatch, capsys, text) -> None:
    monkeypatch.setattr("sys.argv", ["hedgerow", "scenario", "show", "--", f"{text}.toml"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("hedgerow: ")
    assert said.rstrip("\n") == visible(said.rstrip("\n"))


@pytest.mark.parametrize("words", ["status a {}", "{}", "--{}", "run --{}", "run a --runs {}"])
@pytest.mark.parametrize("text", ["\x1b[2J", "\u202edesrever", "x" * 5000], ids=["escape", "turn", "long"])
def test_words_that_no_command_takes_are_shown_and_do_nothing(monkeypatch, capsys, words, text) -> None:
    monkeypatch.setattr("sys.argv", ["hedgerow", *(word.format(text) for word in words.split())])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    said = capsys.readouterr().err.replace("\n", "")
    assert said == visible(said)
    assert len(said) < 2 * MESSAGE


@pytest.mark.parametrize("name", ["x" * 5000, "(" * 300, "\ud800", "a\0b", "x/" * 3000])
def test_a_name_that_no_file_can_have_is_refused_in_a_message_that_can_be_read(name) -> None:
    with pytest.raises(ScenarioError) as told:
        manifest.load(name)
    assert len(str(told.value)) <= MESSAGE


@pytest.mark.parametrize("key", ["extends", "start", "forums.east_africa.body", "policies.leahy.recipients", "facts"])
def test_a_message_about_a_long_text_tells_its_beginning_and_what_helps(key) -> None:
    with pytest.raises(ScenarioError) as told:
        manifest.load("baseline-2022-25", [f"{key}={'word ' * 1000}"])
    assert len(str(told.value)) <= MESSAGE
    assert str(told.value).split(": ")[1] == key


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_the_gallery_keeps_a_text_in_its_cell(text) -> None:
    page = page_of([GalleryEntry(text, text, text, "x y.png", text)])
    row = next(line for line in page.splitlines() if line.startswith("| [") and "folder" not in line)
    assert len(row.replace("\\|", "").split("|")) == 5
    assert "<" not in page
    assert page_of([GalleryEntry("a", "b", page, "", "")]).count("\n| ") == 3


PLACES = {
    "title": lambda text: {"title": text},
    "question": lambda text: {"question": text},
    "donors.USA.name": lambda text: {"donors": {"USA": {"name": text}}},
    "donors": lambda text: {"donors": {text: {"name": "x"}}},
    "policies": lambda text: {"policies": {text: {"lever": "leahy"}}},
    "policies.leahy.recipients": lambda text: {"policies": {"leahy": {"recipients": [text]}}},
    "facts": lambda text: {"facts": [text]},
}
"""Where a scenario holds texts."""


@pytest.mark.parametrize("place", PLACES)
def test_what_moves_a_cursor_is_refused_in_scenarios_and_studies(place) -> None:
    for text in MOVING:
        if place == "question" and text.translate(dict.fromkeys(map(ord, "\n\r\t"))).isprintable():
            continue  # prose may have lines
        with pytest.raises(ScenarioError, match=r"holds a (line break|tab|control character) \(U\+") as refused:
            parse(PLACES[place](text), "file.toml")
        assert str(refused.value).startswith(f"file.toml: {place}")
        assert str(refused.value) == visible(refused.value)
        with pytest.raises(ScenarioError, match=r"study\.name: holds a"):
            parse_study(STUDY.format(name=json.dumps(text)[1:-1].replace("\x7f", "\\u007f")), Path("study.toml"))


def test_a_foreign_manifest_moves_no_cursor(store, tmp_path) -> None:
    shutil.copytree(store, tmp_path / "sweep")
    about = json.loads((store / "manifest.json").read_text())
    for text in MOVING:
        (tmp_path / "sweep" / "manifest.json").write_text(json.dumps(about | {"name": text}))
        with pytest.raises(hedgerow.FolderError, match="holds a"):
            manifest.read(tmp_path / "sweep")
