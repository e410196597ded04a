"""The documents say what the code is: phases, variables, outcomes, rules, numbers, dependencies."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

import hedgerow
import hedgerow.core.rules
from hedgerow.core.numbers import quantities
from hedgerow.core.outcomes import OUTCOMES
from hedgerow.core.parameters import Parameters
from hedgerow.core.phases import PHASES
from hedgerow.core.world import VARIABLES, Facts

ROOT = Path(__file__).parents[2]
RULES = Path(hedgerow.core.rules.__file__).parent
ODD, DECISIONS = ROOT / "model/README.md", ROOT / "model/DECISIONS.md"
DOCUMENTS = sorted(
    path for pattern in ("*.md", "model/**/*.md", "experiments/**/*.md", "scenarios/**/*.md") for path in ROOT.glob(pattern)
)


@cache
def section(number: int) -> str:
    """Return one numbered section of the ODD protocol."""
    parts = re.split(r"^## (\d+)\. ", ODD.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return parts[parts.index(str(number)) + 1]


def table(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose first heading line is given."""
    lines = text.split(f"\n{heading}\n", 1)[1].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in lines[1:]]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def open_(name: str) -> str:
    """Return an outcome's name with every donor left open."""
    return name.replace("{one}", "{donor}").replace("{two}", "{donor}")


def test_phases_are_those_of_the_code_in_order() -> None:
    written = re.findall(r"^(\d+)\. `(\w+)`: (.+)$", section(3), flags=re.MULTILINE)
    assert written == [(str(i), p.name, p.does) for i, p in enumerate(PHASES, start=1)]


def test_state_table_holds_every_variable_and_no_other() -> None:
    heading = "| symbol | name in code | meaning | axes | range | start |"
    rows = table(section(2), heading)
    assert all(len(row) == 6 and all(row[1:]) for row in rows)
    assert sorted(name for row in rows for name in names_in(row[1])) == sorted(VARIABLES)


def test_fact_table_holds_every_fact_and_no_other() -> None:
    rows = table(section(2), "| name in code | meaning |")
    written = [name for row in rows for name in names_in(row[0])]
    assert sorted(written) == sorted(f.name for f in fields(Facts))


def test_outcome_table_holds_every_outcome_with_its_unit_and_no_other() -> None:
    rows = table(section(8), "| outcome | meaning | unit |")
    assert all(len(row) == 3 and all(row) for row in rows)
    written = [(name, row[2]) for row in rows for name in names_in(row[0])]
    assert sorted(written) == sorted({(open_(outcome.name), outcome.unit) for outcome in OUTCOMES})


@pytest.mark.parametrize("rule", sorted(p.stem for p in RULES.glob("*.py") if p.stem != "__init__"))
def test_every_rule_file_is_named_among_the_submodels(rule: str) -> None:
    assert f"`rules/{rule}.py`" in section(7)


def test_no_rule_file_is_named_that_does_not_exist() -> None:
    for rule in re.findall(r"`rules/(\w+)\.py`", ODD.read_text(encoding="utf-8")):
        assert (RULES / f"{rule}.py").exists(), rule


def test_every_number_of_the_rules_is_described() -> None:
    described = set(re.findall(r"\w+", section(5) + section(7)))
    missing = [q.path for q in quantities(Parameters) if q.path.split(".")[-1] not in described]
    assert not missing, f"say in {ODD.name} what these do: {missing}"


def test_numbers_named_with_their_family_exist() -> None:
    known = {q.path for q in quantities(Parameters)}
    families = "|".join(Parameters.model_fields)
    text = re.sub(r"\w+\.py\b", "", ODD.read_text(encoding="utf-8"))
    named = set(re.findall(rf"(?<![\w.])(?:{families})\.[a-z_]+\b", text))
    assert named, "no numbers found"
    assert named <= known, f"no such numbers: {sorted(named - known)}"


def test_every_dependency_has_a_reason_and_no_reason_lacks_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    packages = {re.split(r"[^A-Za-z0-9_.-]", word)[0] for word in needed}
    record = DECISIONS.read_text(encoding="utf-8").split("Dependencies", 1)[1].split("\n## ")[0]
    assert packages == set(re.findall(r"^- `([^`]+)`: \S.+$", record, flags=re.MULTILINE))


def test_decisions_are_numbered_dated_and_complete() -> None:
    text = DECISIONS.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    matches = [re.fullmatch(r"(\d+)\. .+ \((\d{4}-\d{2})\)", h) for h in headings]
    assert all(matches), headings
    assert [m[1] for m in matches if m] == [str(i) for i in range(1, len(headings) + 1)]
    dates = [m[2] for m in matches if m]
    assert dates == sorted(dates)
    for heading, body in zip(headings, text.split("\n## ")[1:], strict=True):
        for part in ("**What", "why" if "Dependencies" in heading else "**Why", "**Rejected"):
            assert part in body, f"{heading}: {part}"


def anchors(path: Path) -> set[str]:
    """Return the anchors a document's headings make."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", h.lower()) for h in headings]
    return {h.replace(" ", "-") for h in kept}


def links(path: Path) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(<?([^)\s>]+)", text):
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_internal_links_resolve(path: Path) -> None:
    for target in links(path):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        assert ROOT in found.parents or found == ROOT, f"{target} leaves the repository"
        assert not anchor or found.suffix != ".md" or anchor in anchors(found), target


def test_documents_are_found() -> None:
    assert {ODD, DECISIONS, ROOT / "CHANGELOG.md"} <= set(DOCUMENTS)


def test_changelog_and_citation_fit_the_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[?([^\]\s]+)", changes, flags=re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert "**Regression**" in changes
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", cited, flags=re.MULTILINE) == [hedgerow.__version__]
