"""What can be moved in the lab, listed from the model's own declarations.

A block is one policy: either of the scenario at hand, or one that nobody pursues yet, at its null
value. Its controls are the fields of its lever; a number brings its unit, range, status and source
along. A new lever, a user's own included, appears here by itself: its class says all that is needed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, get_args, get_origin

import pandas as pd
from pydantic.fields import FieldInfo

from hedgerow.app.lab.values import step, toml
from hedgerow.core.donors import Selector
from hedgerow.core.levers import LEVERS, Lever, names_what
from hedgerow.core.numbers import is_number, quantities
from hedgerow.data.load import countries, facts
from hedgerow.data.select import ORGANISATIONS
from hedgerow.scenario.schema import Scenario

Kind = Literal["number", "choice", "switch", "month", "selector", "many"]
FACT = re.compile(r"\b[AB]\d{3}\b")
WORLD = "The world"
APART = ("lever", "donor", "recipients", "start", "end")
"""Fields of a policy that are no control of their own, or come last."""


@cache
def templates() -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return the policies that may be pursued: lever, and what must be said besides, by name."""
    offered = ((name, kind, block) for kind, lever in LEVERS.items() for name, block in lever.offered().items())
    return {
        name: (kind, {k: toml(v) for k, v in {**({} if name == kind else {"lever": kind}), **block}.items()})
        for name, kind, block in offered
    }


@dataclass(frozen=True)
class Control:
    """One thing that can be set.

    Attributes
    ----------
    key : str
        Dotted key, as on the command line.
    kind : str
        What it takes.
    label, unit, meaning, status, source : str
        Its name, unit, what it means, how its default is known and from where.
    low, high, step : float
        Range of a number.
    value, usual : object
        What it is now, and without the change; None where it is left to the model.
    options : mapping
        Choices: words by value.
    blank : str
        What having no value means; blank where it must have one.
    """

    key: str
    kind: Kind
    label: str
    unit: str = ""
    meaning: str = ""
    status: str = ""
    source: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    value: Any = None
    usual: Any = None
    options: Mapping[str, str] | None = None
    blank: str = ""


@dataclass(frozen=True)
class Block:
    """One policy and its controls.

    Attributes
    ----------
    name, lever, title, group, meaning : str
        Its name in the scenario, its lever, and what it is called, belongs to and does.
    pursued : bool
        Whether the scenario has it.
    extra : mapping
        What has to be said besides, where it is not pursued yet.
    controls : tuple of Control
    """

    name: str
    lever: str
    title: str
    group: str
    meaning: str
    pursued: bool
    extra: Mapping[str, str]
    controls: tuple[Control, ...]


def blocks(scenario: Scenario, usual: Scenario) -> list[Block]:
    """Return the policies of a scenario and those it could pursue.

    Parameters
    ----------
    scenario : Scenario
        As changed.
    usual : Scenario
        Without changes.
    """
    # The order must not change when a policy is taken up: a control that moves loses its focus.
    known = list(dict.fromkeys([*usual.policies, *templates(), *scenario.policies]))
    found = [block for name in known if (block := _block(name, scenario, usual)) is not None]
    # A lever names the donor it was written for; that donor's own policies come first.
    written = [scenario.donors[c].name for c in dict.fromkeys(map(_donor, LEVERS.values())) if c in scenario.donors]
    order = list(dict.fromkeys([*written, *(d.name for d in scenario.donors.values())]))
    return sorted(found, key=lambda b: order.index(b.group) if b.group in order else len(order))


def _donor(lever: type[Lever]) -> str:
    declared = lever.model_fields.get("donor")
    return "" if declared is None or declared.is_required() else str(declared.default)


def _block(name: str, scenario: Scenario, usual: Scenario) -> Block | None:
    """Return a policy; None where nobody pursues it and its donor takes no part."""
    now, then = scenario.policies.get(name), usual.policies.get(name)
    kind, extra = templates().get(name, ("", {}))
    kind = next((held.lever for held in (now, then) if held is not None), kind)
    lever = LEVERS[kind]
    code = str(getattr(now, "donor", extra.get("donor", "").strip('"') or _donor(lever)))
    if now is None and code and code not in scenario.donors:
        return None
    named = name.removeprefix(kind).strip("_").replace("_", " ").title() if name not in templates() else ""
    fields = [f for f in lever.model_fields if f not in APART]
    fields += ["recipients", "start", "end"] if lever.aimed else ["start", "end"]
    made = (_control(f"policies.{name}.{f}", f, lever.model_fields[f], now, then, scenario) for f in fields)
    return Block(
        name,
        kind,
        title=lever.title + (f": {named}" if named else ""),
        group=scenario.donors[code].name if code in scenario.donors else WORLD,
        meaning=_sentence(lever),
        pursued=now is not None,
        extra={} if name in usual.policies else extra,
        controls=tuple(control for control in made if control is not None),
    )


def _sentence(lever: type[Lever]) -> str:
    return (lever.__doc__ or "").strip().split("\n")[0]


def _control(  # noqa: PLR0917
    key: str, field: str, declared: FieldInfo, now: Lever | None, then: Lever | None, scenario: Scenario
) -> Control | None:
    """Return the control of a field; None where what it holds is no single value, and needs a file."""
    default = None if declared.is_required() else declared.get_default(call_default_factory=True)
    usual = getattr(then, field) if then is not None else default
    value = getattr(now, field) if now is not None else usual
    common: dict[str, Any] = {
        "key": key,
        "label": _label(field),
        "value": value,
        "usual": usual,
        "meaning": declared.description or "",
    }
    if is_number(declared):
        return _number(declared, **common)
    if declared.annotation is bool:
        return Control(kind="switch", **common)
    if declared.annotation == Selector:
        return Control(kind="selector", options=_selectors(), **common)
    if field in ("start", "end"):
        words = "from the start" if field == "start" else "to the end"
        held = _months(scenario.start, scenario.months)
        return Control(kind="month", options=held, blank=words, **common)
    if names_what(declared) == "forum":
        held = {name: forum.name for name, forum in scenario.forums.items()}
        return Control(kind="many", options=held, **common)
    choices = _choices(declared, scenario)
    return Control(kind="choice", options=choices, **common) if choices else None


def _number(declared: FieldInfo, **common: Any) -> Control:
    extra: dict[str, Any] = declared.json_schema_extra  # type: ignore[assignment]
    low = next(m.ge for m in declared.metadata if hasattr(m, "ge"))
    high = next(m.le for m in declared.metadata if hasattr(m, "le"))
    unit, _, blank = str(extra["unit"]).partition("; blank: ")
    common["unit"] = unit
    return Control(
        kind="number",
        low=low,
        high=high,
        step=step(low, high),
        status=extra["status"],
        source=extra["source"],
        blank=blank,
        **common,
    )


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _choices(declared: FieldInfo, scenario: Scenario) -> dict[str, str]:
    if get_origin(declared.annotation) is Literal:
        return {str(w): str(w).replace("_", " ") for w in get_args(declared.annotation)}
    return {code: d.name for code, d in scenario.donors.items()} if names_what(declared) == "donor" else {}


@lru_cache(maxsize=16)
def _months(start: date, months: int) -> dict[str, str]:
    days = pd.date_range(start, periods=months, freq="MS")
    return {f"{day:%Y-%m-%d}": f"{day:%B %Y}" for day in days}


@cache
def _selectors() -> dict[str, str]:
    """Return the recipients a user may pick by name; any other selector may be typed."""
    table = countries()
    regions = {f"region:{r}": r for r in sorted(set(table["region"]))}
    parts = {f"subregion:{s}": s for s in sorted(set(table["subregion"]))}
    groups = {f"org:{o}": o.replace("_", " ") for o in ORGANISATIONS}
    return {"all": "all states", **regions, **parts, **groups}


def assumptions(scenario: Scenario, usual: Scenario) -> Iterator[Control]:
    """List the numbers of the rules and of the donors, which change what-if and base alike."""
    then = {q.path: q.default for q in _all(usual)}
    for q in _all(scenario):
        if q.default is not None:
            yield Control(
                key=q.path,
                kind="number",
                label=_path_words(q.path, scenario),
                unit=q.unit,
                status=q.status,
                source=q.source,
                low=q.low,
                high=q.high,
                step=step(q.low, q.high),
                value=q.default,
                usual=then.get(q.path, q.default),
            )


def _all(scenario: Scenario) -> Iterator[Any]:
    yield from quantities(scenario.parameters, "parameters")
    for code, donor in scenario.donors.items():
        yield from quantities(donor, f"donors.{code}")


def _path_words(path: str, scenario: Scenario) -> str:
    first, *rest = path.split(".")
    if first == "donors":
        rest[0] = scenario.donors[rest[0]].name
    return ": ".join(part.replace("_", " ") for part in rest).capitalize().replace("United states", "United States")


@cache
def _facts() -> pd.DataFrame:
    return facts()


def sources(text: str) -> list[str]:
    """Return the facts a text cites, each as a sentence with where it stands."""
    table = _facts()
    cited = [fact for fact in dict.fromkeys(FACT.findall(text)) if fact in table.index]
    rows = table.loc[cited, ["statement", "source"]].astype(str).itertuples()
    return [f"{row.Index}: {row.statement} ({row.source})" for row in rows]
