"""The description of the API as a page: made from the OpenAPI document, without a script."""

import json
from html import escape
from typing import Any

from hedgerow.app.frame import PLACES, STYLE

CURL = "curl -s http://127.0.0.1:8080{path}"


def page(openapi: dict[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    openapi : dict
        The OpenAPI document.
    """
    parts = [
        _route(path, verb, about, openapi)
        for path, verbs in openapi["paths"].items()
        for verb, about in verbs.items()
    ]
    return f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>API · hedgerow</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{STYLE}"></head><body style="margin: 0">
<header class="top"><a class="brand" href="/">hedgerow</a>
<nav class="places" aria-label="Parts of hedgerow">{_places()}</nav></header>
<main class="main" style="max-width: 62rem"><h1>API</h1>
<p>Everything is JSON over HTTP, under the same limits as the lab. The whole description, for
programs: <a href="/openapi.json">openapi.json</a>. A fault is answered by a status of 400 or more
and <code>{{"detail": "what is wrong, in one line"}}</code>.</p>
{"".join(parts)}</main></body></html>"""


def _places() -> str:
    links = []
    for where, name in PLACES.items():
        here = ' aria-current="page"' if where == "/docs" else ""
        links.append(f'<a class="place" href="{where}"{here}>{escape(name)}</a>')
    return "".join(links)


def _route(path: str, verb: str, about: dict[str, Any], openapi: dict[str, Any]) -> str:
    words = escape(about.get("description") or about.get("summary", ""))
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = _fields(_found(body.get("schema", {}), openapi)) if body else ""
    return (
        f'<section class="card" style="margin: 0 0 1rem"><h2><code>{verb.upper()} {escape(path)}'
        f"</code></h2><p>{words}</p>{fields}{_example(path, verb, body, openapi)}"
        f"<details><summary>Answers</summary>{_answers(about)}</details></section>"
    )


def _found(schema: dict[str, Any], openapi: dict[str, Any]) -> dict[str, Any]:
    where = schema.get("$ref")
    if where is None:
        return schema
    found: dict[str, Any] = openapi["components"]["schemas"][where.rpartition("/")[2]]
    return found


def _fields(schema: dict[str, Any]) -> str:
    needed = schema.get("required", [])
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th>'
        f"<td>{escape(_kind(field))}{', needed' if name in needed else ''}</td>"
        f"<td>{escape(str(field.get('description', '')))}</td>"
        f"<td>{escape(json.dumps(field['default'])) if 'default' in field else ''}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Field", "Kind", "Meaning", "Else"))
    return f'<div class="scroll"><table class="table"><tr>{head}</tr>{rows}</table></div>'


def _kind(field: dict[str, Any]) -> str:
    kinds = [one.get("type", "") for one in field.get("anyOf", [field])]
    words = " or ".join("nothing" if k == "null" else k for k in kinds)
    low, high = field.get("minimum"), field.get("maximum")
    return (
        words
        + (f", from {low}" if low is not None else "")
        + (f" to {high}" if high is not None else "")
    )


def _example(path: str, verb: str, body: dict[str, Any], openapi: dict[str, Any]) -> str:
    shown = path.replace("{name}", "gap-fill").replace("{id}", "ID")
    line = CURL.format(path=shown)
    if verb == "post":
        needed = _found(body.get("schema", {}), openapi).get("required", [])
        content = {"scenario": "gap-fill", "runs": 8} | dict.fromkeys(needed, "KEN")
        line += f" -H 'Content-Type: application/json' -d '{json.dumps(content)}'"
    return f'<pre class="scroll" style="font-size: .85rem"><code>{escape(line)}</code></pre>'


def _answers(about: dict[str, Any]) -> str:
    items = "".join(
        f"<li>{escape(status)}: {escape(one.get('description', ''))}</li>"
        for status, one in about.get("responses", {}).items()
    )
    return f"<ul>{items}</ul>"
