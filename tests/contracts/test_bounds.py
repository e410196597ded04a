"""Every number that a file or a request may hold has a range, and says it where one lies outside."""

from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.app.api import Ask, Compare, Explain
from hedgerow.core.donors import Donor
from hedgerow.core.levers import Forums
from hedgerow.core.numbers import entries
from hedgerow.fit.priors import Calibration
from hedgerow.fit.targets import Targets
from hedgerow.report.screen import parameter_rows
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import find
from hedgerow.scenario.load import load, merged, overlay, parse
from hedgerow.scenario.schema import json_schema
from hedgerow.seminar.exercise import Exercise
from hedgerow.study import plan
from hedgerow.study.studyfile import StudyFile

MODELS = (StudyFile, Calibration, Targets, Exercise, Ask, Compare, Explain)
SCHEMAS: dict[str, Any] = {"scenario": json_schema()} | {m.__name__: m.model_json_schema() for m in MODELS}
ANYTHING = {
    ("StudyFile", "FactorTable/properties/values/items"): "a value of the scenario, and checked as one",
    ("StudyFile", "Head/properties/changes"): "parts of the scenario, and checked as such",
}
"""Where a file may hold anything, and why its numbers are bounded all the same."""
LOW, HIGH = ({"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"})
BASE = merged(find("baseline-2022-25"))


def parts(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema in a schema, and where it stands."""
    if isinstance(schema, dict):
        yield where.removeprefix("/$defs/"), schema
    for key, below in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if key not in ("default", "enum", "required", "mapping"):
            yield from parts(below, f"{where}/{key}")


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_number_has_a_lowest_and_a_highest_value(kind: str) -> None:
    numbers = [(where, s) for where, s in parts(SCHEMAS[kind]) if s.get("type") in ("number", "integer")]
    assert numbers
    assert not [where for where, schema in numbers if not (LOW & schema.keys() and HIGH & schema.keys())]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_nothing_that_may_hold_a_number_goes_unseen(kind: str) -> None:
    fields = [(w, s) for w, s in parts(SCHEMAS[kind]) if w.split("/")[-2:-1] == ["properties"] or w.endswith("/items")]
    known = {"type", "$ref", "anyOf", "allOf", "oneOf", "const", "enum", "if"}
    free = {where for where, s in fields if not known & s.keys() or s.get("additionalProperties") is True}
    assert free == {where for name, where in ANYTHING if name == kind}


MAPS = {
    "value": ("sco", "from -10 to 10 (strategic value per sd of the covariate, before it is brought to sd 1)"),
    "stake": ("gdp_usd", "from -10 to 10 (weight per sd of the covariate; the sum enters as a rank)"),
    "exposure": ("gdp_usd", "from -10 to 10 (weight per sd of the covariate; the sum enters as a rank)"),
    "trust": ("gdp_usd", "from -10 to 10 (weight per sd of the covariate; the sum enters as a rank)"),
    "lock_in": ("us_surveillance_tech", "from -5 to 5 (systems installed at the start per unit of the covariate)"),
}
OUTSIDE = {
    "11": (11, "11 is out of range: must be {span}"),
    "-11": (-11, "-11 is out of range: must be {span}"),
    "not a number": (float("nan"), "must be a finite number, not nan"),
    "infinite": (float("inf"), "must be a finite number, not inf"),
    "true": (True, "must be a number, not true"),
    "1e309": (10**309, "is a whole number of more than 18 digits"),
    "text": ("1", "must be a number, not '1'"),
}


@pytest.mark.parametrize("odd", OUTSIDE)
@pytest.mark.parametrize("name", [*MAPS, "strengthen"])
def test_a_number_of_a_table_outside_its_range_is_refused_in_one_message(name: str, odd: str) -> None:
    value, words = OUTSIDE[odd]
    key, span = MAPS.get(name, ("lianyungang", "from -4 to 4 (log-odds added to attendance)"))
    path = f"donors.USA.{name}" if name in MAPS else f"policies.forums.{name}"
    table: Any = {key: value}
    for part in reversed(path.split(".")):
        table = {part: table}
    with pytest.raises(ScenarioError) as error:
        parse(overlay(BASE, table), "mine.toml")
    assert str(error.value).startswith(f"mine.toml: {path}.{key}: {words.format(span=span)}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "replications = 2",
            "replications = 2\nlimit = 0.0",
            "study.limit: 0.0 is out of range: must be above 0, at most 604,800",
        ),
        ("replications = 2", f"replications = 2\nseed = {2**63}", "study.seed"),
        ("low = 0.1", "low = -2e12", "low: -2000000000000.0 is out of range: must be from -1e+12 to 1e+12"),
        ("low = 0.1", "low = nan", "low: must be a finite number, not nan"),
        (
            "replications = 2",
            "replications = 2\n[stop]\nhalf_width = 1e13",
            "stop.half_width: 10000000000000.0 is out of range",
        ),
        ("replications = 2", "replications = 2\n[stop]\nevery = 1000001", "stop.every: 1000001 is out of range"),
    ],
)
def test_a_number_of_a_study_outside_its_range_is_refused_in_one_message(tmp_path, old, new, message) -> None:
    text = """
[study]
name = "mine"
base = "baseline-2022-25"
replications = 2
[design]
method = "lhs"
samples = 4
[design.factors]
"donors.USA.quality" = { low = 0.1, high = 0.9 }
"""
    file = tmp_path / "mine.toml"
    file.write_text(text)
    plan.read(file)
    head, _, design = text.replace(old, new).partition("[design]")
    file.write_text(f"{head}[design]{design}")
    with pytest.raises(ScenarioError) as error:
        plan.read(file)
    assert message in str(error.value)


def test_tables_of_numbers_are_listed_with_all_others() -> None:
    rows = {row["path"]: row for row in parameter_rows()}
    for code, donor in load("baseline-2022-25").donors.items():
        listed = [q.path for q in entries(donor, f"donors.{code}")]
        assert listed
        assert set(listed) <= rows.keys()
    weight = rows["donors.CHN.value.sco"]
    assert (weight["default"], weight["low"], weight["high"]) == (-0.11, -10, 10)
    assert rows["policies.forums.strengthen.*"]["unit"] == "log-odds added to attendance"
    assert {q.path for q in entries(Donor)} == {f"{name}.*" for name in MAPS}
    assert [q.path for q in entries(Forums)] == ["strengthen.*"]
