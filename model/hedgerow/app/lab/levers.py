"""What can be moved in the lab, listed from the model's own declarations.

A block is one policy: either of the scenario at hand, or one that nobody pursues yet, at its null
value. Its controls are the fields of its lever; a number brings its unit, range, status and source
along. A new lever appears here by itself once it stands in :data:`hedgerow.core.levers.LEVERS`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, get_args, get_origin

import pandas as pd
from pydantic.fields import FieldInfo

from hedgerow.app.lab.values import step
from hedgerow.core.donors import Selector
from hedgerow.core.levers import LEVERS, Lever
from hedgerow.core.numbers import is_number, quantities
from hedgerow.data.load import countries, facts
from hedgerow.data.select import ORGANISATIONS
from hedgerow.scenario.schema import Scenario

Kind = Literal["number", "choice", "switch", "month", "selector", "many"]
FACT = re.compile(r"\b[AB]\d{3}\b")
TITLES = {
    "leahy": "Vetting of police units",
    "cutoff": "Cut off who takes the rival's help",
    "gap_fill": "Fill the gaps the rival fills",
    "tech_alternative": "Affordable technology",
    "information": "Information campaign",
    "follow_up": "Operational follow-up",
    "venue": "Where courses are held",
    "budget": "Budgets",
    "forums": "Forums",
    "reaction": "Answer to a rival's gains",
    "forced_choice": "A world that forces a choice",
    "service_centres": "Overseas service centres",
    "illicit": "Illicit markets",
    "transition": "Political transition",
    "background_donors": "Help by others",
}
WORLD = "The world"
TEMPLATES: tuple[tuple[str, dict[str, str]], ...] = (
    ("leahy", {}),
    ("cutoff", {}),
    ("gap_fill", {}),
    ("tech_alternative", {}),
    ("information", {}),
    ("follow_up", {}),
    ("budget", {}),
    ("reaction", {}),
    ("budget_china", {"lever": '"budget"', "donor": '"CHN"'}),
    ("venue", {}),
    ("follow_up_china", {"lever": '"follow_up"', "donor": '"CHN"'}),
    ("reaction_china", {"lever": '"reaction"', "donor": '"CHN"'}),
    ("service_centres", {}),
    ("forums", {}),
    ("illicit", {}),
    ("transition", {"recipients": '["ETH", "TUN"]'}),
    ("forced_choice", {}),
)
"""Policies that nobody pursues yet: a name, and what must be said besides to pursue it."""
HIDDEN = ("lever", "create", "strengthen", "pledges", "goods", "rivals")
"""Fields that need a file: what they hold is no single value."""


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
    extras = dict(TEMPLATES)
    known = [*usual.policies, *(n for n in extras if n not in usual.policies)]
    known += [name for name in scenario.policies if name not in known]
    found = []
    for name in known:
        now = scenario.policies.get(name)
        kind = now.lever if now is not None else extras.get(name, {}).get("lever", name).strip('"')
        donor = extras.get(name, {}).get("donor", "").strip('"') or _default(kind, "donor")
        if now is not None or not donor or donor in scenario.donors:
            extra = {} if name in usual.policies else extras.get(name, {})
            found.append(_block(name, kind, scenario, usual, extra))
    # A lever names the donor it was written for; that donor's own policies come first.
    written = [scenario.donors[c].name for c in dict.fromkeys(map(_owner, LEVERS)) if c in scenario.donors]
    order = list(dict.fromkeys([*written, *(d.name for d in scenario.donors.values())]))
    return sorted(found, key=lambda b: order.index(b.group) if b.group in order else len(order))


def _owner(kind: str) -> str:
    return _default(kind, "donor")


def _default(kind: str, field: str) -> str:
    declared = LEVERS[kind].model_fields.get(field)
    value = None if declared is None or declared.is_required() else declared.get_default()
    return str(value or "")


def _block(name: str, kind: str, scenario: Scenario, usual: Scenario, extra: Mapping[str, str]) -> Block:
    lever = LEVERS[kind]
    now, then = scenario.policies.get(name), usual.policies.get(name)
    code = extra.get("donor", "").strip('"') or _default(kind, "donor")
    code = str(getattr(now, "donor", code))
    donor = scenario.donors.get(code)
    named = name.removeprefix(kind) if name not in (kind, *(t for t, _ in TEMPLATES)) else ""
    title = TITLES[kind] + (f": {named.strip('_').replace('_', ' ').title()}" if named else "")
    controls = [
        _control(f"policies.{name}.{field}", field, declared, now, then, scenario)
        for field, declared in lever.model_fields.items()
        if field not in (*HIDDEN, "donor", "start", "end", "recipients")
    ]
    if kind != "forums":
        declared = lever.model_fields
        controls += [
            _control(f"policies.{name}.{f}", f, declared[f], now, then, scenario)
            for f in ("recipients", "start", "end")
        ]
    group = donor.name if donor else WORLD
    meaning = _sentence(lever)
    return Block(name, kind, title, group, meaning, now is not None, extra, tuple(controls))


def _sentence(lever: type[Lever]) -> str:
    return (lever.__doc__ or "").strip().split("\n")[0]


def _control(  # noqa: PLR0917
    key: str, field: str, declared: FieldInfo, now: Lever | None, then: Lever | None, scenario: Scenario
) -> Control:
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
    if field == "cancel":
        held = {name: forum.name for name, forum in scenario.forums.items()}
        return Control(kind="many", options=held, **common)
    words_ = _choices(declared, field, scenario)
    return Control(kind="choice", options=words_, **common)


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


def _choices(declared: FieldInfo, field: str, scenario: Scenario) -> dict[str, str]:
    if get_origin(declared.annotation) is Literal:
        return {str(w): str(w).replace("_", " ") for w in get_args(declared.annotation)}
    if field in ("rival", "about", "donor"):
        return {code: donor.name for code, donor in scenario.donors.items()}
    return {}


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
