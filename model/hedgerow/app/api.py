"""The HTTP API: scenarios, runs, comparisons, explanations and their results, as JSON.

What is wrong with a request is answered by status 422 and the one line the command line would
print. Answers are kept for a while under an id, so that they can be fetched again.
"""

import asyncio
import threading
from collections import OrderedDict
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from hedgerow.app.docs import api_page
from hedgerow.app.lab import work
from hedgerow.app.lab.answer import records
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.faults import STATUS, headers_of, said
from hedgerow.app.lab.pair import Pair, affordable, drawable, opened, read_shipped, titles, unlike
from hedgerow.app.lab.whatif import BASELINE, OWN, LinkError, WhatIf, from_query, known_scenario
from hedgerow.app.settings import Limits, Settings
from hedgerow.disk.plain import visible
from hedgerow.runs.identity import digest, resolved
from hedgerow.runs.posterior import entry, policy
from hedgerow.runs.trace import Trace
from hedgerow.scenario.schema import Scenario

KEPT = 64
"""Answers kept for fetching."""
Setting = Annotated[str, Field(max_length=600, examples=["policies.leahy.strictness=0.5"])]


class Fault(BaseModel):
    """Why a request was not done."""

    detail: str


class Ask(BaseModel):
    """A scenario and how often to run it."""

    model_config = ConfigDict(extra="forbid")

    scenario: str = Field(BASELINE, max_length=100, description="name of a shipped scenario")
    toml: str | None = Field(None, description="text of a scenario file, instead of a name")
    settings: list[Setting] = Field([], max_length=60, description="changes, KEY=VALUE")
    runs: int = Field(16, ge=1, le=100_000, description="how many runs")
    seed: int = Field(1, ge=0, le=2**31 - 1, description="the same seed gives the same numbers")
    months: int | None = Field(None, ge=1, le=600, description="months, instead of the scenario's")
    fixed: bool = Field(False, description="keep parameters as they are; draw none")


class Compare(Ask):
    """A scenario beside a base."""

    base: str = Field(BASELINE, max_length=100, description="name of a shipped scenario")


class Explain(Ask):
    """A state and a month to explain."""

    recipient: str = Field(max_length=20, description="code of a state, such as KEN")
    month: str | None = Field(None, max_length=10, description="such as 2024-09; the last if none")
    base: str | None = Field(None, max_length=100, description="shipped scenario to compare with")


class Shelf:
    """Answers kept for fetching, the oldest going first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def put(self, kind: str, asked: object, content: dict[str, Any]) -> dict[str, Any]:
        """Keep an answer and return it with its id."""
        name = digest(kind, asked)[:16]
        whole = {"id": name, "kind": kind, **content}
        with self._lock:
            self._kept[name] = whole
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return whole

    def get(self, name: str) -> dict[str, Any] | None:
        """Return an answer by its id."""
        with self._lock:
            return self._kept.get(name)


FAULTS: dict[int | str, dict[str, Any]] = {
    422: {"model": Fault, "description": "What is wrong, in one line."},
    429: {"model": Fault, "description": "Too much is under way; try again later."},
    503: {"model": Fault, "description": "The simulation was lost or took too long."},
}
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Fault, "description": "No such thing."}}
BODY: dict[int | str, dict[str, Any]] = {
    400: {"model": Fault, "description": "The request cannot be read."},
    413: {"description": "The request is too large."},
}


def mount(site: FastAPI, settings: Settings, desk: Desk) -> None:
    """Offer the API and its description."""
    _faults(site)
    _reading(site)
    _asking(site, settings.limits, desk, Shelf())

    @site.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(api_page(site.openapi(), str(request.base_url).rstrip("/")))


def _faults(site: FastAPI) -> None:
    """Answer every fault by one line."""

    def say(status: int) -> Any:
        async def answer(_: Request, error: Exception) -> Response:
            return JSONResponse({"detail": said(error)}, status, headers_of(status))

        return answer

    for kind, status in STATUS.items():
        site.add_exception_handler(kind, say(status))

    @site.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        return JSONResponse({"detail": _one_line(error)}, 422)


def _one_line(error: RequestValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "path", "query"))
    text = str(first["msg"])
    fault = text[0].lower() + text[1:]
    return visible(f"{place:.100}: {fault}" if place else fault)


def _reading(site: FastAPI) -> None:
    @site.get("/api/scenarios", tags=["scenarios"])
    def scenarios() -> list[dict[str, str]]:
        """List the shipped scenarios."""
        return [{"name": name, "title": title} for name, title in titles().items()]

    @site.get("/api/scenarios/{name}", tags=["scenarios"], responses={**MISSING, **FAULTS})
    def scenario(name: Annotated[str, InPath(max_length=100)]) -> Response:
        """Show a scenario in full."""
        try:
            return JSONResponse(resolved(read_shipped(known_scenario(name, "scenario"))))
        except LinkError as error:
            return JSONResponse({"detail": str(error)}, 404)

    @site.get("/api/parameters", tags=["scenarios"])
    def parameters() -> list[dict[str, Any]]:
        """List every number of the model: default, range, unit, status and source."""
        from hedgerow.report.screen import parameter_rows

        return parameter_rows()


def _asking(site: FastAPI, limits: Limits, desk: Desk, shelf: Shelf) -> None:
    responses = {**FAULTS, **BODY}

    @site.post("/api/run", tags=["simulate"], responses=responses)
    async def run(ask: Ask, request: Request) -> dict[str, Any]:
        """Simulate a scenario; return the median and 90% interval of every outcome."""
        chosen = await asyncio.to_thread(_scenario, ask, limits)
        fixed = ask.fixed or not drawable()
        trace = await desk.trace(_client(request), chosen, ask.runs, ask.seed, fixed=fixed)
        content = await asyncio.to_thread(_summary, chosen, trace)
        return shelf.put("run", ask.model_dump(), {**_about(ask, chosen), **content})

    @site.post("/api/compare", tags=["simulate"], responses=responses)
    async def compare(ask: Compare, request: Request) -> dict[str, Any]:
        """Compare a scenario with a base, run by run under the same chance."""
        pair = await asyncio.to_thread(_pair, ask, ask.base, limits)
        answer = await desk.compare(_client(request), pair, ask.runs, ask.seed)
        content = await asyncio.to_thread(answer.as_data)
        return shelf.put("compare", ask.model_dump(), content)

    @site.post("/api/explain", tags=["simulate"], responses=responses)
    async def explain(ask: Explain, request: Request) -> dict[str, Any]:
        """Explain a state's acceptance, its donors' scores and its alignment, term by term."""
        chosen = await asyncio.to_thread(_scenario, ask, limits)
        base = None if ask.base is None else _pair(ask, ask.base, limits).base
        found = await desk.scheduler.run(
            _client(request),
            work.why,
            chosen,
            base,
            ask.recipient,
            ask.month,
            ask.runs,
            ask.seed,
            fixed=ask.fixed or not drawable(),
        )
        return shelf.put("explain", ask.model_dump(), found)

    @site.get("/api/results/{id}", tags=["simulate"], responses={**MISSING, **FAULTS})
    async def results(id: Annotated[str, InPath(max_length=64)]) -> Response:
        """Fetch an answer again by its id, while it is kept."""
        found = shelf.get(id)
        if found is None:
            fault = "no such result is kept; ask for it again"
            return JSONResponse({"detail": fault}, 404)
        return JSONResponse(found)


def _client(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _asked(ask: Ask, limits: Limits) -> WhatIf:
    """Return what is asked, held to the limits of a link."""
    if ask.toml is not None and len(ask.toml.encode("utf-8", "replace")) > limits.upload:
        raise LinkError(f"toml: a scenario file may have {limits.upload:,} bytes at most")
    if ask.runs > limits.runs:
        raise LinkError(f"runs: {ask.runs} is more than this server's {limits.runs}")
    if ask.months is not None and ask.months > limits.months:
        raise LinkError(f"months: {ask.months} is more than this server's {limits.months}")
    changes = from_query([("set", s) for s in ask.settings], limits).changes
    name = OWN if ask.toml is not None else known_scenario(ask.scenario, "scenario")
    return WhatIf(name, text=ask.toml or "", changes=changes, months=ask.months)


def _scenario(ask: Ask, limits: Limits) -> Scenario:
    chosen = _asked(ask, limits)
    found = opened(chosen, chosen.settings)
    affordable(found, ask.runs, limits)
    return found


def _pair(ask: Ask, base: str, limits: Limits) -> Pair:
    variant = _scenario(ask, limits)
    chosen = _asked(ask, limits)
    found = read_shipped(known_scenario(base, "base"), chosen.assumptions, variant.months)
    fault = unlike(found, variant)
    if fault:
        raise LinkError(f"base: {base} cannot be compared with this scenario: {fault}")
    return Pair(variant, found, base, ask.fixed or not drawable())


def _about(ask: Ask, scenario: Scenario) -> dict[str, Any]:
    fixed = ask.fixed or not drawable()
    told = entry(scenario, policy(fixed=fixed))
    return {
        "title": scenario.title,
        "runs": ask.runs,
        "seed": ask.seed,
        "months": scenario.months,
        "start": str(scenario.start),
        "fixed": fixed,
        **{key: told[key] for key in ("drawn", "held") if key in told},
    }


def _summary(scenario: Scenario, trace: Trace) -> dict[str, Any]:
    import pandas as pd

    from hedgerow.runs.summary import summary

    names = {code: donor.name for code, donor in scenario.donors.items()}
    table = summary(pd.DataFrame({"run": 0, **trace.outcomes}), names)
    return {"donors": names, "outcomes": records(table)}
