"""The API: what it answers, what it refuses, and that it keeps to its own description."""

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from hedgerow.app import jobs
from hedgerow.app.server import build
from hedgerow.app.settings import Limits, Settings

LIMITS = Limits(runs=2, months=2, work=8, waiting=64)
HOST = "http://127.0.0.1:8080"
OWN = {"Host": "127.0.0.1:8080"}
Asking = Callable[..., httpx.Response]


SITE = build(Settings(workers=1, limits=LIMITS), pages=False)
schema = schemathesis.openapi.from_asgi("/openapi.json", SITE, headers=OWN)


@pytest.fixture(scope="module", autouse=True)
def _processes() -> Iterator[None]:
    jobs.scheduler().submit("first", len, "so that no test waits for the start").result()
    yield
    jobs.scheduler().close()


@pytest.fixture(scope="module")
def ask() -> Asking:
    async def once(method: str, path: str, content: object) -> httpx.Response:
        transport = httpx.ASGITransport(SITE)
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            return await client.request(method, path, json=content, timeout=None)

    return lambda method, path, content=None: asyncio.run(once(method, path, content))


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_description(case: Case) -> None:
    # What a scenario may hold is more than a schema can say: an unknown name is refused with 422.
    case.call_and_validate(headers=OWN, excluded_checks=[positive_data_acceptance], timeout=120)


def test_scenarios_are_listed_and_shown(ask: Asking) -> None:
    names = {row["name"] for row in ask("GET", "/api/scenarios").json()}
    assert "gap-fill" in names
    shown = ask("GET", "/api/scenarios/gap-fill").json()
    assert shown["policies"]["gap_fill"]["share"] > 0
    assert ask("GET", "/api/parameters").json()[0]["unit"]


def test_a_run_a_comparison_and_an_explanation_are_kept(ask: Asking) -> None:
    some = {"scenario": "gap-fill", "runs": 2, "months": 2}
    for path, extra in (("run", {}), ("compare", {}), ("explain", {"recipient": "KEN"})):
        answer = ask("POST", f"/api/{path}", some | extra)
        assert answer.status_code == 200, answer.text
        assert ask("GET", f"/api/results/{answer.json()['id']}").json() == answer.json()
    assert ask("GET", "/api/results/none").status_code == 404


def test_a_comparison_of_one_pair_has_no_intervals(ask: Asking) -> None:
    answer = ask("POST", "/api/compare", {"scenario": "gap-fill", "runs": 1, "months": 1})
    assert answer.json()["differences"][0]["mean_low"] is None


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("run", {"scenario": "gap-fil"}, "no scenario 'gap-fil'; did you mean 'gap-fill'?"),
        ("run", {"scenario": "/etc/passwd.toml"}, "no scenario"),
        ("run", {"runs": 3}, "runs: 3 is more than this server's 2"),
        ("run", {"runs": 0}, "runs: input should be greater than or equal to 1"),
        ("run", {"runs": 2, "months": 3}, "months: 3 is more than this server's 2"),
        ("run", {"months": None}, "months: 36 is more than this server's 2"),
        ("run", {"run": 2}, "run: extra inputs are not permitted"),
        ("run", {"settings": ["policies.leahy.strictness=9"]}, "out of range: must be from 0 to 1"),
        ("run", {"settings": ["x"]}, "must read KEY=VALUE"),
        ("run", {"toml": 'extends = "/etc/passwd"'}, "your file: extends: '/etc/passwd' is no"),
        ("run", {"toml": "x" * 40_000}, "toml: a scenario file may have 32,768 bytes at most"),
        ("compare", {"base": "nothing"}, "base: no scenario 'nothing'"),
        ("explain", {"recipient": "KEM"}, "no recipient state 'KEM'"),
        ("explain", {"recipient": "KEN", "month": "x"}, "'x' is not a month"),
        ("explain", {}, "recipient: field required"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(ask: Asking, path: str, content: dict[str, object], words: str) -> None:
    answer = ask("POST", f"/api/{path}", {"runs": 1, "months": 1} | content)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]


def test_the_description_is_a_page_without_scripts(ask: Asking) -> None:
    page = ask("GET", "/docs").text
    assert "<script" not in page
    for path in ask("GET", "/openapi.json").json()["paths"]:
        assert path in page
