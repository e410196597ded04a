"""What-ifs: link there and back, files, and what cannot be asked."""

import zlib
from base64 import urlsafe_b64encode
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.app.lab.pair import read_shipped, resolve
from hedgerow.app.lab.save import scenario_file
from hedgerow.app.lab.whatif import OWN, UNCHANGED, LinkError, WhatIf, from_query, packed, unpacked
from hedgerow.app.settings import Limits
from hedgerow.runs.posterior import policy
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load

LIMITS = Limits()
KEYS = st.from_regex(r"[a-z_]{1,12}(\.[A-Za-z_]{1,12}){0,3}", fullmatch=True)
VALUES = st.text(min_size=1, max_size=30).map(str.strip).filter(bool)
ASKED = st.builds(
    WhatIf,
    scenario=st.sampled_from(names()),
    base=st.sampled_from(["", UNCHANGED, *names()]),
    changes=st.dictionaries(KEYS, VALUES, max_size=5).map(lambda d: tuple(d.items())),
    runs=st.integers(2, LIMITS.runs),
    seed=st.integers(0, 2**31 - 1),
    months=st.none() | st.integers(1, LIMITS.months),
    fixed=st.booleans(),
    state=st.sampled_from(["", "KEN"]),
    month=st.none() | st.integers(1, LIMITS.months),
    show=st.sampled_from(["difference", "standing"]),
)


@given(ASKED)
def test_a_link_holds_the_whole_what_if(asked: WhatIf) -> None:
    assert from_query(parse_qsl(asked.query(), keep_blank_values=True), LIMITS) == asked


@given(st.text(min_size=1, max_size=300))
def test_a_file_travels_in_a_link_unchanged(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    asked = WhatIf(scenario=OWN, text=text)
    assert from_query(parse_qsl(asked.query(), keep_blank_values=True), LIMITS) == asked


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=40)), max_size=6))
def test_any_link_is_followed_or_refused_in_words(pairs: list[tuple[str, str]]) -> None:
    try:
        found = from_query(pairs, LIMITS)
    except LinkError as error:
        words = str(error)
        assert words
        return
    assert from_query(parse_qsl(found.query(), keep_blank_values=True), LIMITS) == found


def test_a_file_that_unpacks_to_more_than_is_allowed_is_refused() -> None:
    bomb = urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode()
    with pytest.raises(LinkError, match="larger than"):
        unpacked(bomb, LIMITS.upload)


@pytest.mark.parametrize("word", ["", "!", "AAAA", packed("x" * 99)[:-8], "\xe9"])
def test_a_damaged_file_is_refused(word: str) -> None:
    with pytest.raises(LinkError, match="damaged"):
        unpacked(word, LIMITS.upload)


def test_levers_change_the_what_if_and_assumptions_both() -> None:
    asked = (
        WhatIf()
        .with_change("policies.gap_fill.share", "0.3")
        .with_change("parameters.alignment.reversion", "0.03")
        .with_change("donors.CHN.response", "0.02")
    )
    pair = resolve(asked, LIMITS)
    assert pair.variant.policies.keys() - pair.base.policies.keys() == {"gap_fill"}
    for scenario in (pair.variant, pair.base):
        assert scenario.parameters.alignment.reversion == 0.03
        assert scenario.donors["CHN"].response == 0.02
    without = asked.with_change("policies.gap_fill.share", None)
    assert resolve(without, LIMITS).variant == resolve(without, LIMITS).base


def test_a_base_that_cannot_be_paired_is_the_scenario_itself() -> None:
    text = 'extends = "gap-fill"\ntitle = "later"\nstart = 2023-06-01\n'
    pair = resolve(WhatIf(scenario=OWN, text=text), LIMITS)
    assert pair.base_name == UNCHANGED
    assert pair.base == pair.variant
    with pytest.raises(LinkError, match="starts in 2022-06, this one in 2023-06"):
        resolve(WhatIf(scenario=OWN, text=text, base="leahy-off"), LIMITS)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (WhatIf(runs=256, months=240), "ask for"),
        (WhatIf(changes=(("months", "600"),)), "months: 600 is more than this server's"),
        (WhatIf(changes=(("policies.leahy.strictness", "2"),)), "out of range"),
        (WhatIf(changes=(("a.b", "[" * 500),)), "nested more than 32 deep"),
        (WhatIf(scenario=OWN, text='extends = "../secret.toml"'), "no shipped scenario"),
        (WhatIf(scenario=OWN, text="extends = 3"), "no shipped scenario"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: WhatIf, words: str) -> None:
    with pytest.raises((LinkError, ScenarioError), match=words):
        resolve(asked, LIMITS)


def test_no_fault_tells_where_files_are() -> None:
    asked = WhatIf(scenario=OWN, text='extends = "gap-fill"\nmonth = 3')
    with pytest.raises(ScenarioError) as told:
        resolve(asked, LIMITS)
    assert str(told.value).startswith("your file: ")


@pytest.mark.parametrize("name", names())
def test_a_saved_file_asks_the_same(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    usual = repr(load(name).parameters.alignment.reversion)
    asked = (
        WhatIf(scenario=name, months=7)
        .with_change("policies.gap_fill.share", "0.30000000000000004")
        .with_change("policies.leahy.recipients", '["KEN", "region:Asia"]')
        .with_change("policies.budget_china.lever", '"budget"')
        .with_change("policies.budget_china.donor", '"CHN"')
        .with_change("policies.budget_china.start", "2022-09-01")
        .with_change("parameters.alignment.reversion", usual)
    )
    pair = resolve(asked, LIMITS)
    path = tmp_path_factory.mktemp("saved") / "saved.toml"
    path.write_text(scenario_file(asked, pair), encoding="utf-8")
    saved, drawn = load(path), policy(fixed=False)
    assert saved.model_copy(update={"title": pair.variant.title}) == pair.variant
    assert drawn.held_in(saved) == drawn.held_in(pair.variant) == ["parameters.alignment.reversion"]


def test_a_saved_file_of_ones_own_asks_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = (
        'extends = "gap-fill"\ntitle = "Mine: \\"so\\""\nhostile = [["IND", "PAK"]]\n'
        '[[events]]\nmonth = 2023-01-01\nkind = "war"\nrecipients = ["KEN"]\n'
        '[policies.own.create."odd name"]\nname = "x"\nmembers = "all"\nmonths = [1]\n'
        '[policies.own]\nlever = "forums"\n'
    )
    asked = WhatIf(scenario=OWN, text=text).with_change("policies.gap_fill.share", "0.1")
    pair = resolve(asked, LIMITS)
    path = tmp_path_factory.mktemp("saved") / "saved.toml"
    path.write_text(scenario_file(asked, pair), encoding="utf-8")
    assert load(path) == pair.variant


def test_a_scenario_is_read_by_name_alone() -> None:
    with pytest.raises(LinkError):
        read_shipped("scenarios/gap-fill.toml")
