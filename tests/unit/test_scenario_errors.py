"""What a user reads when a scenario is wrong: every bad fixture has one message, word for word."""

from pathlib import Path

import pytest

from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import find, names
from hedgerow.scenario.load import load

BAD = Path(__file__).parents[1] / "scenarios" / "bad"

MESSAGES = {
    "attribute-number-broken": ("policies.leahy.recipients: 'polyarchy < 0.4.1' does not compare with a number"),
    "attribute-unknown": ("policies.leahy.recipients: unknown attribute 'polyarchi'; did you mean 'polyarchy'?"),
    "bool-for-number": "donors.CHN.quality: must be a number, not true",
    "choice-unknown": (
        "policies.leahy.scope: 'units' is not a choice here: must be 'none', 'unit' or 'country'; did you mean 'unit'?"
    ),
    "circle-one": ("extends: goes in a circle: circle-one.toml -> circle-two.toml -> circle-one.toml"),
    "circle-self": "extends: goes in a circle: circle-self.toml -> circle-self.toml",
    "circle-two": ("extends: goes in a circle: circle-two.toml -> circle-one.toml -> circle-two.toml"),
    "country-unknown": "hostile: unknown country 'SUDAN'; did you mean 'SDN'?",
    "covariate-unknown": ("donors.CHN.value: unknown covariate 'trade_chian_musd'; did you mean 'trade_china_musd'?"),
    "cutoffs-overlap": ("policies.cutoff_again: overlaps policies.cutoff for KEN; give them dates or recipients apart"),
    "donor-not-in-scenario": ("policies.follow_up.donor: unknown donor 'JPN'; the choices are CHN, USA"),
    "donor-unknown-country": "donors.CHM: unknown country 'CHM'; did you mean 'CHN'?",
    "donor-unknown-in-policy": "policies.leahy.donor: unknown donor 'US'; did you mean 'USA'?",
    "empty": 'is empty; a scenario may start with: extends = "baseline-2022-25"',
    "end-before-start": "policies.follow_up.end: 2024-01-01 is before the start, 2024-06-01",
    "equals-missing": ("is not valid TOML: Expected '=' after a key in a key/value pair (at line 1, column 7)"),
    "event-kind-unknown": (
        "events (coup of 2024-01-01) kind: 'coup' is not a choice here: must be "
        "'war', 'peace', 'leadership_change', 'agreement', 'pause', 'resume' or "
        "'exposure'"
    ),
    "event-not-first-of-month": (
        "events (war of 2024-01-15) month: 2024-01-15 must be the first of a month, such as 2024-01-01"
    ),
    "event-outside-period": (
        "events (war of 2031-01-01) month: 2031-01-01 lies outside the period, 2022-06-01 to 2025-05-01"
    ),
    "extends-missing": ("extends: 'baseline-2022': no scenario of that name; did you mean 'baseline-2022-25'?"),
    "extends-number": "extends: must be text in quotes, not 5",
    "fact-unknown": "facts: unknown fact 'C010'; did you mean 'B010'?",
    "folder": "is a directory, not a scenario file",
    "forum-created-and-cancelled": ("policies.forums.cancel: forum 'celac' is both created and cancelled"),
    "forum-exists": "policies.forums.create: forum 'asean' exists already; strengthen it instead",
    "forum-incomplete": ("forums.lianyungan: a new forum needs the key 'name'; did you mean 'lianyungang'?"),
    "forum-month-unknown": "forums.asean.months (no. 1): 13 is out of range: must be from 1 to 12",
    "forum-tier-unknown": ("forums.asean.body: CHN has no tier 'MSP minister'; did you mean 'MSS minister'?"),
    "forum-unknown": ("policies.forums.cancel: unknown forum 'lianyugang'; did you mean 'lianyungang'?"),
    "fraction-for-months": "months: must be a whole number, not 12.5",
    "infinite": "policies.budget.training: must be a finite number, not inf",
    "key-misspelt-at-top": "tilte: unknown key 'tilte'; did you mean 'title'?",
    "key-misspelt-in-donor": "donors.CHN.qualty: unknown key 'qualty'; did you mean 'quality'?",
    "key-misspelt-in-parameters": ("parameters.alignment.neighbors: unknown key 'neighbors'; did you mean 'neighbours'?"),
    "key-misspelt-in-policy": ("policies.leahy.stricness: unknown key 'stricness'; did you mean 'strictness'?"),
    "key-misspelt-in-training": ("donors.USA.training.officer: unknown key 'officer'; did you mean 'officers'?"),
    "lever-misspelt": "policies.cutof: unknown lever 'cutof'; did you mean 'cutoff'?",
    "lever-not-named": (
        "policies.retrenchment: unknown lever 'retrenchment'; the choices are leahy, "
        "cutoff, gap_fill, tech_alternative, information, budget, venue, follow_up, "
        "reaction, service_centres, forums, illicit, transition, forced_choice, "
        'background_donors; name the policy after one, or add lever = "..." to it'
    ),
    "lever-start-not-first-of-month": ("policies.leahy.start: 2023-06-30 must be the first of a month, such as 2023-06-01"),
    "months-zero": "months: 0 is out of range: must be from 1 to 600",
    "no-donors": "donors: at least one donor is needed",
    "not-a-number": "donors.CHN.quality: must be a finite number, not nan",
    "not-toml": "is not valid TOML: the line ends before its text does (at line 1, column 16)",
    "not-utf-8": "is not UTF-8 text (byte 10)",
    "number-among-recipients": "policies.leahy.recipients (no. 2): must be text in quotes, not 5",
    "number-for-selector": ("policies.leahy.recipients: must be text in quotes, or a list of texts in [brackets], not 5"),
    "number-for-table": "policies.leahy: must be a table, not 0.5",
    "number-for-text": "title: must be text in quotes, not 7",
    "organisation-unknown": ("policies.leahy.recipients: unknown organisation 'asaen'; did you mean 'asean'?"),
    "out-of-range-training": (
        "donors.USA.training.cost_ratio: 9 is out of range: must be from 1.5 to 4 "
        "(cost of a seat abroad over one in the country)"
    ),
    "out-of-range": (
        "policies.leahy.strictness: 1.5 is out of range: must be from 0 to 1 (share of what is flagged that is blocked (nu))"
    ),
    "pair-of-three": "hostile (no. 1): must hold two country codes, not ['KEN', 'SOM', 'ETH']",
    "pledge-key-misspelt": ("policies.budget.pledges (no. 1) oficers: unknown key 'oficers'; did you mean 'officers'?"),
    "recipient-unknown": ("policies.leahy.recipients: unknown recipient 'Kenya'; did you mean 'KEN' (Kenya)?"),
    "region-unknown": "policies.leahy.recipients: unknown region 'Afrika'; did you mean 'Africa'?",
    "selector-kind-unknown": (
        "policies.leahy.recipients: unknown kind of selector 'continent:'; known: region, subregion, org"
    ),
    "selector-matches-nobody": "policies.leahy.recipients: 'polyarchy < -1' matches nobody",
    "start-not-first-of-month": ("start: 2022-06-15 must be the first of a month, such as 2022-06-01"),
    "text-for-bool": "policies.cutoff.announced: must be true or false, not 'yes'",
    "text-for-date": ("policies.leahy.start: must be a date without quotes such as 2022-06-01, not '2023-06-01'"),
    "text-for-number": "donors.CHN.quality: must be a number, not 'high'",
    "title-missing": "title: this key is needed: what the scenario is called, in words",
}
"""Fixture -> the whole message after the file's name."""


def message(*args: object, **more: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(*args, **more)
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_bad_fixture_says_what_is_wrong(name: str) -> None:
    path = BAD / f"{name}.toml"
    assert message(path) == f"{path}: {MESSAGES[name]}"


def test_every_bad_fixture_has_its_message() -> None:
    assert {path.stem for path in BAD.glob("*.toml")} == set(MESSAGES)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forced-choise", "forced-choise: no scenario of that name; did you mean 'forced-choice'?"),
        ("forced-choise.toml", "forced-choise.toml: no such file; did you mean 'forced-choice'?"),
        ("nowhere/mine.toml", "nowhere/mine.toml: no such file"),
        ("", "scenario: needs the name of a shipped scenario or a path"),
        (str(BAD), f"{BAD}: is a directory, not a scenario file"),
        ("x" * 300, f"{'x' * 300}: no scenario of that name; the choices are {', '.join(names())}"),
    ],
)
def test_what_cannot_be_found(name: str, words: str) -> None:
    assert message(name) == words


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("months", "--set: months: must read KEY=VALUE, such as months=24"),
        ("=5", "--set: =5: must read KEY=VALUE, such as months=24"),
        ("policies..scope=unit", "--set: policies..scope=unit: must read KEY=VALUE, such as months=24"),
    ],
)
def test_setting_that_cannot_be_read(setting: str, words: str) -> None:
    assert message("baseline-2022-25", [setting]) == words


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("months=abc", "months: must be a whole number, not 'abc'"),
        ("months=", "months: must be a whole number, not ''"),
        ("months.x=1", "months: must be a whole number, not {x = 1}"),
        ("months=0", "months: 0 is out of range: must be from 1 to 600"),
        ("start=2022-06", "start: must be a date without quotes such as 2022-06-01, not '2022-06'"),
        ("facts=B010", "facts: must be a list in [brackets], not 'B010'"),
        ("events.0.size=2", "events: must be a list in [brackets], not {0 = {size = 2}}"),
        ("policies.leahy=3", "policies.leahy: must be a table, not 3"),
        ("policies.leahi.scope=none", "policies.leahi: unknown lever 'leahi'; did you mean 'leahy'?"),
        ("policies.leahy.scop=none", "policies.leahy.scop: unknown key 'scop'; did you mean 'scope'?"),
        (
            "policies.follow_up.posts=2",
            "policies.follow_up.posts: 2 is out of range: must be from 0 to 1 "
            "(share of the follow-up still missing that is added)",
        ),
    ],
)
def test_setting_that_does_not_fit(setting: str, words: str) -> None:
    source = f"{find('baseline-2022-25')} with --set"
    assert message("baseline-2022-25", [setting]) == f"{source}: {words}"


def test_months_asked_for_are_checked_too() -> None:
    assert message("baseline-2022-25", months=601).endswith("months: 601 is out of range: must be from 1 to 600")
