"""The shipped scenarios: all there, each with its header, each stating only what differs."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hedgerow.data.load import facts
from hedgerow.scenario.find import find, names, shipped
from hedgerow.scenario.load import load, merged

SHIPPED = {
    "affordable-tech",
    "all-pledges-delivered",
    "attack-campaign",
    "baseline-2022-25",
    "celac-police-forum",
    "china-doubles-in-host",
    "cutoff-enforced",
    "cutoff-threatened",
    "evidence-campaign",
    "follow-up-surge",
    "forced-choice",
    "forum-cancelled",
    "gap-fill",
    "gap-fill-plus-tech",
    "interpol-2026",
    "leahy-country-wide",
    "leahy-off",
    "leahy-unit-remediated",
    "pacific-pact-retried",
    "projection-2035",
    "service-centre-exposure",
    "stalled-transition",
    "sudan-chad-libya-spillover",
    "us-retrenchment",
}
VARIANTS = sorted(SHIPPED - {"baseline-2022-25"})
HEADER = ("title", "question", "facts", "look_at", "surprise")


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads((shipped("scenarios") / f"{name}.toml").read_text(encoding="utf-8"))


def leaves(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def test_the_scenarios_of_the_specification_are_all_there() -> None:
    assert set(names()) == SHIPPED
    assert len(SHIPPED) == 24


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_it_loads(name: str) -> None:
    assert load(name).months > 0


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_its_header_is_complete_and_its_own(name: str) -> None:
    own = raw(name)
    assert all(own.get(key) for key in HEADER)
    assert own["question"].endswith("?")
    for sentence in ("look_at", "surprise"):
        assert own[sentence].endswith(".")


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_facts_it_rests_on_exist(name: str) -> None:
    assert set(raw(name)["facts"]) <= set(facts().index)
    assert len(set(raw(name)["facts"])) == len(raw(name)["facts"])


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_states_only_what_differs(name: str) -> None:
    base = dict(leaves(merged(find(raw(name)["extends"]))))
    same = [".".join(key) for key, value in leaves(raw(name)) if base.get(key, KeyError) == value]
    assert same == []


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_differs_in_more_than_its_words(name: str) -> None:
    words = {*HEADER, "extends"}
    assert set(raw(name)) - words


def test_titles_and_questions_are_told_apart() -> None:
    assert len({raw(name)["title"] for name in SHIPPED}) == len(SHIPPED)
    assert len({raw(name)["question"] for name in SHIPPED}) == len(SHIPPED)


def test_the_package_holds_the_same_technology_as_its_part() -> None:
    package, part = load("gap-fill-plus-tech"), load("affordable-tech")
    assert package.policies["tech_alternative"] == part.policies["tech_alternative"]
    assert package.policies["gap_fill"] == load("gap-fill").policies["gap_fill"]
