"""What the scenarios are called and ask, each by itself: one that cannot be read takes no other with it."""

from dataclasses import dataclass

from hedgerow.scenario import own
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import find, names
from hedgerow.scenario.load import load, merged


@dataclass(frozen=True)
class Listed:
    """A scenario as a list shows it; ``fault`` says why it cannot be read, and is blank where it can."""

    name: str
    title: str
    question: str = ""
    fault: str = ""


def listed() -> list[Listed]:
    """Return the shipped scenarios, read and checked; those that cannot be, with why."""
    broken = own.broken()
    rows = [_one(name, whole=not broken) for name in names()]
    return [*rows, *(Listed(error.key, error.source, fault=str(error)) for error in broken)]


def titles() -> dict[str, str]:
    """Return the titles of the shipped scenarios by name, unchecked; a name is all that a damaged one has."""
    return {row.name: row.title for row in (_one(name, whole=False) for name in names())}


def _one(name: str, *, whole: bool) -> Listed:
    try:
        if whole:
            scenario = load(name)
            return Listed(name, scenario.title, scenario.question)
        tables = merged(find(name))
        return Listed(name, str(tables.get("title", name)), str(tables.get("question", "")))
    except ScenarioError as error:
        return Listed(name, name, fault=str(error))
