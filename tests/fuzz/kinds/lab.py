"""The server: links of the lab, requests of the API and downloads."""

import asyncio
import json
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
from fastapi import FastAPI

from hedgerow.app import jobs
from hedgerow.app.jobs import Refused
from hedgerow.app.lab import files as downloads
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.pair import resolve
from hedgerow.app.lab.save import scenario_file
from hedgerow.app.lab.whatif import UNCHANGED, WhatIf, from_query, packed
from hedgerow.app.server import build
from hedgerow.app.settings import Limits, Settings
from hedgerow.runs.folder import FolderError
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.judge import Wrong
from tests.fuzz.kinds.base import Kind, one_month, tables
from tests.fuzz.kinds.scenarios import SHIPPED, setting
from tests.fuzz.mutate import texts, trees, values
from tests.fuzz.mutate.written import js, toml

LIMITS = Limits(runs=2, months=2, work=8, waiting=64)
HOST = "http://127.0.0.1:8080"


def own_file(chance: Chance) -> str:
    """Return a scenario file that is sent in, good or mutated."""
    tree = chance.one([t for t in tables(SHIPPED) if "extends" in t])
    tree = trees.mutated(tree, tables(SHIPPED), chance, toml=True) if chance.often(0.7) else tree
    return texts.mutated(toml(tree), chance) if chance.often(0.2) else toml(tree)


class Link(Kind):
    """A link of the lab: what it asks is run, and saved as a file that asks the same."""

    name, weight = "link", 8

    def good(self, where: Path) -> Any:
        return WhatIf(scenario="gap-fill", changes=(("policies.leahy.strictness", "0.5"),)).query()

    def make(self, chance: Chance, where: Path) -> Any:
        parts: list[tuple[str, str]] = [("scenario", chance.one(names()))]
        if chance.often(0.4):
            parts = [("scenario", "own"), ("file", _packed(own_file(chance)))]
        parts += [("set", setting(chance)) for _ in range(chance.times(5, 3, 1) if chance.often(0.6) else 0)]
        if chance.often(0.3):
            parts.append(("base", chance.one([UNCHANGED, *names()])))
        for key, good in (
            ("runs", "2"),
            ("seed", "1"),
            ("months", "2"),
            ("state", "KEN"),
            ("month", "1"),
            ("show", "standing"),
        ):
            if chance.often(0.15):
                word = chance.weighted([(3, good), (1, values.misspelt(good, chance)), (1, chance.one(values.TEXTS))])
                parts.append((key, word))
        if chance.often(0.15):
            chance.shuffle(parts)
            parts.append((chance.one(values.TEXTS), "1"))
        query = "&".join(f"{quote(k, errors='surrogatepass')}={quote(v, errors='surrogatepass')}" for k, v in parts)
        return texts.mutated(query, chance) if chance.often(0.1) else query

    def read(self, where: Path, how: Any) -> None:
        limits = Limits()
        chosen = from_query(parse_qsl(how, keep_blank_values=True), limits)
        pair = resolve(chosen, limits)
        text = scenario_file(chosen, pair)
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Wrong(f"a saved what-if is no TOML: {error}") from error
        saved = where.parent / "saved.toml"
        saved.write_text(text, encoding="utf-8")
        again = load(saved)
        if again != pair.variant.model_copy(update={"title": again.title}):
            raise Wrong("a saved what-if asks something else")
        WhatIf.query(chosen)
        one_month(load(saved, months=1))


def _packed(text: str) -> str:
    return packed(text.encode("utf-8", "replace").decode())


class _AtOnce:
    """A scheduler that does jobs where they are asked for, so that what breaks is seen."""

    workers, waiting = 1, 0

    def submit(self, client: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do a job."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except (ScenarioError, FolderError, Refused) as error:
            future.set_exception(Refused(str(error)))
        except Exception as error:
            future.set_exception(error)
        return future

    async def run(self, client: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do a job and return what it gives."""
        return self.submit(client, function, *args, **kwargs).result()

    def close(self) -> None:
        """Be closed."""


@cache
def _site() -> FastAPI:
    """Return the site, its jobs done at once."""
    at_once = _AtOnce()
    before = jobs.open_scheduler
    jobs.open_scheduler = lambda *_: at_once  # type: ignore[assignment,return-value]
    try:
        site = build(Settings(workers=1, limits=LIMITS), pages=False)
    finally:
        jobs.open_scheduler = before
    downloads.mount(site, Settings(limits=LIMITS), Desk(at_once, LIMITS))  # type: ignore[arg-type]
    return site


async def _answer(method: str, url: str, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_site())) as client:
        return await client.request(method, url, timeout=None, **more)


class Request(Kind):
    """A request to the server."""

    name, weight = "api", 9

    def good(self, where: Path) -> Any:
        return ["POST", "/api/run", {}, json.dumps({"scenario": "gap-fill", "runs": 1, "months": 1})]

    def _bodies(self) -> Sequence[tuple[str, dict[str, Any]]]:
        some = {"scenario": "gap-fill", "runs": 1, "months": 1, "seed": 1, "settings": ["policies.leahy.strictness=0.5"]}
        return (
            ("/api/run", {**some, "fixed": True}),
            ("/api/compare", {**some, "base": "baseline-2022-25"}),
            ("/api/explain", {**some, "recipient": "KEN", "month": "2022-06", "base": "baseline-2022-25"}),
        )

    def make(self, chance: Chance, where: Path) -> Any:
        if chance.often(0.2):
            return self._got(chance)
        path, body = chance.one(self._bodies())
        body = {**body, "settings": [setting(chance)] if chance.often(0.4) else []}
        if chance.often(0.3):
            body["toml"] = own_file(chance)
        if chance.often(0.6):
            body = trees.mutated(body, [body], chance, toml=False)
        text = js(body)
        return ["POST", path, self._headers(chance), texts.mutated(text, chance) if chance.often(0.1) else text]

    def _got(self, chance: Chance) -> Any:
        word = chance.one([*names(), chance.one(values.TEXTS)])
        link = Link(self.held).make(chance, Path())
        path = chance.one([
            f"/api/scenarios/{quote(word, errors='surrogatepass')}", f"/api/results/{quote(word, errors='surrogatepass')}",
            f"/lab/scenario?{link}", f"/lab/tables?{link}", f"/{word}", "/api/parameters", "/api/scenarios",
            "/assets/app.css", "/openapi.json", "/docs", "/assets/../api.py",
        ])  # fmt: skip
        path = "".join(c for c in path if " " < c < "\x7f")[:20_000]
        return [chance.weighted([(8, "GET"), (1, "HEAD"), (1, "PUT"), (1, "POST")]), path, self._headers(chance), ""]

    def _headers(self, chance: Chance) -> dict[str, str]:
        if chance.often(0.85):
            return {}
        odd = "".join(c for c in chance.one(values.TEXTS) if " " <= c < "\x7f")[:5000].strip()
        names_ = [
            "Host",
            "Origin",
            "Content-Type",
            "Accept-Encoding",
            "Content-Length",
            "Cookie",
            "X-Forwarded-For",
            "Range",
        ]
        good = chance.one(["127.0.0.1:8080", "evil.example", "text/plain", "gzip", "bytes=0-1", odd])
        return {chance.one(names_): good}

    def read(self, where: Path, how: Any) -> None:
        method, path, headers, body = how
        headers = {"Content-Type": "application/json", **headers}
        content = body.encode("utf-8", "surrogatepass")
        answer = asyncio.run(_answer(method, f"{HOST}/{path.lstrip('/')}", headers=headers, content=content))
        self._judge(answer.status_code, answer.headers.get("content-type", ""), answer.content)

    def _judge(self, status: int, kind: str, content: bytes) -> None:
        if status >= 500:
            raise Wrong(f"status {status}")
        if kind.startswith("application/json") and content:
            found = json.loads(content, parse_constant=partial(_refuse, "JSON that holds no number where one is said"))
            if status >= 400:
                judge.clear(str(found["detail"]))
        elif status >= 400 and content:
            judge.clear(content.decode())
        if status >= 400 and b"/tmp/" in content:
            raise Wrong("a message that tells of the server's files")
        if status >= 400:
            raise Refused(content.decode()[:100] or f"status {status}")


def _refuse(words: str, *_: object) -> None:
    raise Wrong(words)
