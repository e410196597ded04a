"""The lab's downloads: scenario, tables, figures and report of what a link asks.

A download has the link's own question in its address, so it can be made again by anyone who has
the link. Files are made in a folder of their own that is gone afterwards.
"""

import io
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from hedgerow.app.lab import save
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.faults import FAULTS, refusal
from hedgerow.app.lab.pair import Pair, resolve
from hedgerow.app.lab.whatif import from_query
from hedgerow.app.settings import Settings
from hedgerow.wording.csv import csv

UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
"""What may not stand in the name of a download."""
ABOUT = """\
Tables of a comparison made by hedgerow; manifest.json holds all that is needed to repeat it.
Each table is there as Parquet and as CSV. scenario.toml asks the same of the command line.
"""


def mount(site: FastAPI, settings: Settings, desk: Desk) -> None:
    """Offer the downloads under ``/lab``."""

    @site.get("/lab/{what}", include_in_schema=False)
    async def download(what: str, request: Request) -> Response:
        if what not in ("scenario", "tables", "figures", "report"):
            return PlainTextResponse("there is no such file", 404)
        try:
            chosen = from_query(request.query_params.multi_items(), settings.limits)
            pair = resolve(chosen, settings.limits)
            text = save.scenario_file(chosen, pair)
            if what == "scenario":
                return _file(text.encode(), f"{chosen.scenario}.toml", "application/toml")
            client = request.client.host if request.client else "unknown"
            made = await desk.scheduler.run(client, make, what, pair, chosen.runs, chosen.seed, text)
        except FAULTS as fault:
            return refusal(fault)
        ending, kind = ("html", "text/html") if what == "report" else ("zip", "application/zip")
        return _file(made, f"{chosen.scenario}-{what}.{ending}", kind)


def _file(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="hedgerow-{UNSAFE.sub("_", name)}"'}
    return Response(content, media_type=kind, headers=headers)


def make(what: str, pair: Pair, runs: int, seed: int, scenario: str) -> bytes:
    """Return the tables or figures of a comparison as one file, or its report; in a process of the pool."""
    from hedgerow.runs.compare import compare

    with TemporaryDirectory() as folder:
        where = Path(folder) / "comparison"
        found = compare(pair.base, pair.variant, runs=runs, seed=seed, out=where, workers=1, fixed=pair.fixed)
        if what == "report":
            return _report(where)
        if what == "figures":
            from hedgerow.report.comparison import draw

            return _zipped({p.name: p.read_bytes() for p in draw(found, where)})
        files: dict[str, Any] = {p.name: p.read_bytes() for p in sorted(where.iterdir())}
        for name in ("differences", "movers", "backfill", "monthly"):
            files[f"{name}.csv"] = csv(getattr(found, name)).encode()
        return _zipped({"README.txt": ABOUT.encode(), "scenario.toml": scenario.encode(), **files})


def _report(where: Path) -> bytes:
    from hedgerow.report.brief import html
    from hedgerow.report.brief import subject as subjects

    return html.render(subjects.page(subjects.Wish(str(where), probes=0))).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(name, content)
    return archive.getvalue()
