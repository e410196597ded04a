"""Settings by dotted path, lists included: ``donors.CHN.tiers.0.slots`` is the first tier's slots.

Values are put in place by copying: reading a scenario costs far more than running one.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from hedgerow.core.numbers import Quantity, is_column, quantities
from hedgerow.data.select import nearest
from hedgerow.scenario.schema import Scenario


class UnknownPathError(ValueError):
    """A dotted path that leads to no number that runs of one batch may differ in."""


def with_settings(scenario: Scenario, settings: Mapping[str, Any], by: str = "setting") -> Scenario:
    """Return a scenario with values at dotted paths replaced, without checking them again.

    Parameters
    ----------
    scenario : Scenario
        It stays as it is.
    settings : mapping of str to object
        Validated values by dotted path; every path must exist.
    by : str
        Who sets them, and so keeps them from being drawn; blank for a draw itself.
    """
    tree: dict[str, Any] = {}
    for path, value in settings.items():
        *above, last = path.split(".")
        branch = tree
        for part in above:
            branch = branch.setdefault(part, {})
        branch[last] = value
    changed: Scenario = _grafted(scenario, tree)
    return changed.marked(dict.fromkeys(settings, by)) if by else changed


def _grafted(here: Any, tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if isinstance(here, BaseModel):
        new = {name: _grafted(getattr(here, name), sub) for name, sub in tree.items()}
        return here.model_copy(update=new)
    if isinstance(here, tuple):
        return tuple(_grafted(x, tree[str(i)]) if str(i) in tree else x for i, x in enumerate(here))
    return {**here, **{name: _grafted(here[name], sub) for name, sub in tree.items()}}


def value(scenario: Scenario, path: str) -> Any:
    """Return what a scenario holds at a dotted path.

    Raises
    ------
    UnknownPathError
        If there is no such path.
    """
    here: Any = scenario
    for part in path.split("."):
        here = _below(here, part, path)
    return here


def quantity(scenario: Scenario, path: str) -> Quantity:
    """Return the card of the number at a path, with the value the scenario gives it.

    Raises
    ------
    UnknownPathError
        If there is none, or if it may not differ between the runs of one batch.
    """
    *above, last = path.split(".")
    here: Any = scenario
    for part in above:
        here = _below(here, part, path)
    _below(here, last, path)
    if not isinstance(here, BaseModel):
        raise UnknownPathError(f"'{path}' is no declared number")
    if not is_column(type(here).model_fields[last]):
        raise UnknownPathError(f"'{path}' may not differ between the runs of one batch")
    return next(q for q in quantities(here) if q.path == last)


def _below(here: Any, part: str, path: str) -> Any:
    if isinstance(here, BaseModel):
        known = list(type(here).model_fields)
    elif isinstance(here, dict):
        known = list(here)
    elif isinstance(here, tuple):
        known = [str(i) for i in range(len(here))]
    else:
        raise UnknownPathError(f"'{path}': nothing lies below a value")
    if part not in known:
        raise UnknownPathError(f"'{path}': unknown key '{part}'{nearest(part, known)}")
    if isinstance(here, tuple):
        return here[int(part)]
    return getattr(here, part) if isinstance(here, BaseModel) else here[part]
