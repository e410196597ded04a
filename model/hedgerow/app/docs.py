"""The description of the API as a page: made from the OpenAPI document, without a script."""

import json
import shlex
from html import escape
from typing import Any

from hedgerow.app.frame import PLACES, STYLE

KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list of texts",
}
BOUNDS = {"minimum": "from", "maximum": "to"}


def api_page(openapi: dict[str, Any], site: str) -> str:
    """Return the page.

    Parameters
    ----------
    openapi : dict
        The OpenAPI document.
    site : str
        The address of the server, for the examples.
    """
    parts = [
        _route(path, verb, about, openapi, site) for path, verbs in openapi["paths"].items() for verb, about in verbs.items()
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


def _route(path: str, verb: str, about: dict[str, Any], openapi: dict[str, Any], site: str) -> str:
    meaning = escape(about.get("description") or about.get("summary", ""))
    body = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    fields = _fields(_found(body.get("schema", {}), openapi)) if body else ""
    example = _example(site + path, verb, body, openapi)
    return (
        f'<section class="card" style="margin: 0 0 1rem"><h2><code>{verb.upper()} {escape(path)}'
        f"</code></h2><p>{meaning}</p>{fields}{example}"
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
        f"<td>{escape(str(field.get('description', '')))}</td>"
        f"<td>{escape(_kind(field))}</td>"
        f"<td>{'needed' if name in needed else escape(_default(field))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Field", "Meaning", "Kind", "If left out"))
    return f'<div class="scroll"><table class="table api"><tr>{head}</tr>{rows}</table></div>'


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value in (None, [], "") else json.dumps(value)


def _kind(field: dict[str, Any]) -> str:
    """Return what a field takes, in words, with its range."""
    kinds = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
    text = " or ".join(KINDS.get(str(one.get("type")), "") for one in kinds)
    ends = [(word, one[key]) for one in kinds for key, word in BOUNDS.items() if key in one]
    return ", ".join([text, *(f"{word} {end:,.0f}" for word, end in ends)])


def _example(url: str, verb: str, body: dict[str, Any], openapi: dict[str, Any]) -> str:
    words = ["curl", "-s", url.replace("{name}", "gap-fill").replace("{id}", "ID")]
    if verb == "post":
        needed = _found(body.get("schema", {}), openapi).get("required", [])
        content = {"scenario": "gap-fill", "runs": 8} | dict.fromkeys(needed, "KEN")
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(content)]
    return f'<pre class="example"><code>{escape(shlex.join(words))}</code></pre>'


def _answers(about: dict[str, Any]) -> str:
    items = "".join(
        f"<li>{escape(status)}: {escape(one.get('description', ''))}</li>"
        for status, one in about.get("responses", {}).items()
    )
    return f"<ul>{items}</ul>"
