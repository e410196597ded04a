"""The studies: sweeps of a folder, finished or at work; their outcomes by factor; their report.

A study is opened by its place in the list of what the folder holds, never by a path from outside.
"""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
import pandas as pd
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from nicegui import context, ui

from hedgerow.app.elements import Chart
from hedgerow.app.frame import frame
from hedgerow.app.jobs import scheduler
from hedgerow.app.lab.faults import FAULTS, refusal
from hedgerow.app.lab.pictures import OTHER_COLOURS
from hedgerow.app.settings import Settings
from hedgerow.app.sweeps import MOST, FoundSweep, brief, donor_names, find_sweeps, level, outcome_name, value_text
from hedgerow.app.text import table, words
from hedgerow.app.widgets import choice, error
from hedgerow.disk.plain import visible
from hedgerow.runs.folder import FolderError
from hedgerow.runs.summary import HIGH, LOW
from hedgerow.study.results import Results, open_
from hedgerow.study.sweep import Status, status

log = logging.getLogger(__name__)
EVERY = 2.0
"""Seconds between looks at a sweep that is at work."""
REPORT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts "
    "allow-downloads"
)


def mount(site: FastAPI, settings: Settings) -> None:
    """Offer the studies under ``/studies``."""

    @ui.page("/studies")
    async def studies() -> None:
        found = await asyncio.to_thread(find_sweeps, settings.results)
        with frame("Studies", here="/studies"):
            words("Studies", "h1")
            _list(settings, found)

    @ui.page("/studies/view")
    async def study(request: Request) -> None:
        name = request.query_params.get("name", "")
        found = (await asyncio.to_thread(find_sweeps, settings.results)).get(name)
        with frame("Study", here="/studies"):
            if found is None:
                words("There is no such study", "h1")
                ui.label(
                    f"The folder {settings.results} holds no sweep of that name; it may have been moved or deleted."
                ).classes("error")
                ui.link("All studies", "/studies").classes("button")
                return
            fault, results = found.fault, None
            if not fault:
                fault, results = await asyncio.to_thread(_opened, found.where)
            if results is None:
                words(found.title, "h1")
                error(because(fault))
                ui.link("All studies", "/studies").classes("button")
                return
            StudyPage(found, results, name)

    @site.get("/studies/report", include_in_schema=False)
    async def report(request: Request) -> Response:
        name = request.query_params.get("name", "")
        found = (await asyncio.to_thread(find_sweeps, settings.results)).get(name)
        if found is None:
            return PlainTextResponse("there is no such study", 404)
        if found.fault:
            return PlainTextResponse(because(found.fault), 422)
        client = request.client.host if request.client else "unknown"
        try:
            text = await scheduler().run(client, brief, str(found.where))
        except FAULTS as fault:
            return refusal(fault)
        return HTMLResponse(text, headers={"Content-Security-Policy": REPORT_POLICY})


def _list(settings: Settings, found: Mapping[str, FoundSweep]) -> None:
    if not found:
        with ui.element("section").classes("card"):
            ui.label(f"No sweeps in {settings.results} yet.")
            ui.label("Start one, and it appears here while it runs:").classes("note")
            words("hedgerow sweep leahy-strictness", "code")
        return
    rows: dict[str, ui.label] = {}
    with ui.element("div").classes("card scroll"), ui.element("table").classes("table"):
        words(f"Sweeps in {settings.results}", "caption")
        with ui.element("thead"), ui.element("tr"):
            for head in ("Study", "Question", "Progress"):
                words(head, "th").props('scope="col"')
        with ui.element("tbody"):
            for name, one in found.items():
                with ui.element("tr"):
                    with ui.element("th").props('scope="row"'):
                        ui.link(one.title, f"/studies/view?name={quote(name, safe='')}")
                    words(str(one.about.get("question", "")), "td")
                    rows[name] = words(because(one.fault) if one.fault else _progress(one.where), "td")

    async def look() -> None:
        for name, cell in rows.items():
            if found[name].fault:
                continue
            cell.set_text(await asyncio.to_thread(_progress, found[name].where))

    ui.timer(EVERY, look)


def because(fault: str) -> str:
    """Return what a list and a page say of what they cannot show."""
    return f"This one cannot be read, because {fault}"


def _progress(where: Path) -> str:
    try:
        return str(status(where))
    except FolderError as error:
        return because(str(error))
    except Exception as error:
        log.exception("the progress of a sweep")
        return because(told(error))


def _opened(where: Path) -> tuple[str, Results | None]:
    """Return why the results of a sweep cannot be read, or the results."""
    try:
        return "", open_(where)
    except FolderError as error:
        return str(error), None
    except Exception as error:
        log.exception("the results of a sweep")
        return told(error), None


def told(error: Exception) -> str:
    """Return a fault that nobody foresaw, in one line."""
    return visible(f"{type(error).__name__}: {error}")[:300]


class StudyPage:
    """The page of one sweep.

    Parameters
    ----------
    found : FoundSweep
    results : Results
    name : str
        What links call it.
    """

    def __init__(self, found: FoundSweep, results: Results, name: str) -> None:
        self._where, self._results = found.where, results
        self._names = donor_names(results.manifest)
        self._filters: dict[str, str] = {}
        self._client = context.client
        self._outcome = results.outcomes[0] if results.outcomes else ""
        self._factor = results.factors[0] if results.factors else ""
        words(found.title, "h1")
        words(str(found.about.get("question", "")), "p")
        with ui.element("div").classes("row-wrap").style("margin-bottom: 1rem"):
            with ui.element("div").classes("card").props('role="status"').style("flex: 1 1 24rem"):
                self._status = ui.label("")
                self._bar = ui.element("progress").props('aria-label="Runs done"').style("width: 100%")
            report = f"/studies/report?{urlencode({'name': name})}"
            ui.link("Open its report", report, new_tab=True).classes("button main-act")
        with ui.element("section").classes("card"):
            self._choices()
            self.chart = Chart("Outcome by factor")
            self._fault = ui.label("").classes("error")
            self._fault.set_visibility(False)
            self._rows = ui.element("div")
        self._seen = -1
        ui.timer(EVERY, self._look)  # begins when the page has its socket

    def _choices(self) -> None:
        words("Outcomes by factor", "h2")
        outcomes = {o: outcome_name(o, self._names) for o in self._results.outcomes}
        with ui.element("div").classes("row-wrap"):
            choice("Outcome", "outcome", outcomes, self._to_outcome)
            choice("Along", "factor", {f: f for f in self._results.factors}, self._to_factor)
        with ui.element("div").classes("row-wrap").style("margin: .5rem 0"):
            points = self._results.points.to_pandas()
            for factor in self._results.factors:
                levels = sorted(set(points[factor].dropna().map(level)), key=str)
                if 1 < len(levels) <= 30:
                    held = {"": "all", **{str(v): value_text(v) for v in levels}}
                    choice(f"Only {factor}", f"only-{factor}", held, lambda v, f=factor: self._only(f, v))

    async def _to_outcome(self, name: str) -> None:
        self._outcome = name
        await self._draw()

    async def _to_factor(self, name: str) -> None:
        self._factor = name
        await self._draw()

    async def _only(self, factor: str, value: str) -> None:
        self._filters[factor] = value
        await self._draw()

    async def _look(self) -> None:
        """See how far the sweep is, and draw again where more is done."""
        try:
            now: Status = await asyncio.to_thread(status, self._where)
        except Exception as error:
            if not isinstance(error, FolderError):
                log.exception("the progress of a sweep")
            with self._client:
                self._status.set_text(str(error) if isinstance(error, FolderError) else told(error))
            return
        if self._client.is_deleted:
            return
        with self._client:
            self._status.set_text(str(now))
            self._bar.props["max"], self._bar.props["value"] = max(now.total, 1), now.done
            self._bar.update()
        if now.done != self._seen:
            self._seen = now.done
            await self._draw()

    async def _draw(self) -> None:
        try:
            rows = await asyncio.to_thread(self._read)
            fault = ""
        except FolderError as error:
            rows, fault = pd.DataFrame(), str(error)
        except Exception as error:
            log.exception("the outcomes of a sweep")
            rows, fault = pd.DataFrame(), told(error)
        with self._client:
            self._fault.set_text(fault)
            self._fault.set_visibility(bool(fault))
            if not fault:
                self._show(rows)

    def _read(self) -> pd.DataFrame:
        """Return the median and interval of the outcome by value of the factor."""
        results = open_(self._where)
        frame_ = results.frame([self._outcome])
        frame_[results.factors] = frame_[results.factors].map(level)
        for factor, value in self._filters.items():
            if value:
                frame_ = frame_[frame_[factor].astype(str) == value]
        if frame_.empty:
            return pd.DataFrame()
        along = frame_[self._factor]
        number = pd.api.types.is_numeric_dtype(along)
        if number and along.nunique() > 25:
            along = pd.cut(along, 20).map(lambda cut: round(float(cut.mid), 6)).astype(float)
        found = frame_[self._outcome].groupby(along, observed=True)
        rows = found.quantile(np.array([LOW, 0.5, HIGH])).unstack()
        rows.columns = pd.Index(["low", "median", "high"])
        return rows.assign(runs=found.size()).reset_index(names="value").sort_values("value")

    def _show(self, rows: pd.DataFrame) -> None:
        name = outcome_name(self._outcome, self._names)
        self._rows.clear()
        if rows.empty:
            self.chart.show([], [], ylabel=name)
            with self._rows:
                ui.label("No runs yet that fit.").classes("note")
            return
        number = pd.api.types.is_numeric_dtype(rows["value"])
        xs = rows["value"].astype(float).tolist() if number else list(range(len(rows)))
        texts = [value_text(v) for v in rows["value"]]
        every = max(1, int(np.ceil(len(xs) / 8)))
        series = {
            "name": "Median",
            "colour": OTHER_COLOURS[0],
            "points": True,
            "low": rows["low"].tolist(),
            "mid": rows["median"].tolist(),
            "high": rows["high"].tolist(),
        }
        self.chart.show(
            xs,
            [series],
            ylabel=name,
            xlabel=self._factor,
            names=texts,
            xticks=list(zip(xs, texts, strict=True))[::every],
            bandlabel="Lines hold nine in ten runs, all else in the sweep varying.",
            label=f"{name} by {self._factor}. Arrow keys read it value by value.",
        )
        shown = [
            [text, f"{r.median_:.4g}", f"{r.low:.4g}", f"{r.high:.4g}", f"{r.runs:,}"]
            for text, r in zip(texts, rows.rename(columns={"median": "median_"}).itertuples(), strict=True)
        ][:MOST]
        with self._rows, ui.element("details"):
            words("As a table", "summary")
            head = [
                (self._factor, False),
                ("Median", True),
                ("5th percentile", True),
                ("95th percentile", True),
                ("Runs", True),
            ]
            table(name, head, shown)
