"""Finding the field of the schema that a location in a scenario file belongs to."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeGuard, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hedgerow.core.donors import Selector
from hedgerow.core.levers import LEVERS, Lever
from hedgerow.core.numbers import within


def keys_at(model: type[BaseModel], path: Sequence[str | int], raw: Any) -> list[str]:
    """Return the keys a table at a location may have."""
    kind = _kind_at(model, path, raw)
    return list(kind.model_fields) if _is_model(kind) else []


def field_at(model: type[BaseModel], path: Sequence[str | int], raw: Any) -> FieldInfo | None:
    """Return what is declared at a location; None for an entry of a free table or list."""
    kind = _kind_at(model, path[:-1], raw) if path else None
    return kind.model_fields.get(str(path[-1])) if _is_model(kind) else within(kind)


def is_selector(field: FieldInfo | None) -> bool:
    """Say whether a field takes either one text or a list of texts."""
    return field is not None and field.annotation == Selector


def without_tags(path: Sequence[str | int], raw: Any) -> list[str | int]:
    """Drop from a location the names pydantic adds for members of a union."""
    kept: list[str | int] = []
    here = raw
    for i, part in enumerate(path):
        last = i == len(path) - 1
        inside = isinstance(here, dict) and part in here
        counted = isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)
        if inside or counted:
            here = here[part]
        elif not last or not isinstance(here, dict):
            continue
        kept.append(part)
    return kept or list(path)


def _kind_at(model: type[BaseModel], path: Sequence[str | int], raw: Any) -> Any:
    kind: Any = model
    here = raw
    for part in path:
        here = here[part] if not isinstance(here, dict) or part in here else {}
        kind = _inside(kind, str(part), here)
    return kind


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inside(kind: Any, part: str, here: Any) -> Any:
    if _is_model(kind):
        field = kind.model_fields.get(part)
        return field.annotation if field else None
    if get_origin(kind) in (dict, tuple):
        inner = get_args(kind)[1] if get_origin(kind) is dict else get_args(kind)[0]
        return _entry(inner, part, here)
    return None


def _entry(kind: Any, name: str, here: Any) -> Any:
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if kind is Lever:
        return LEVERS.get(here.get("lever", name) if isinstance(here, dict) else name)
    return kind
