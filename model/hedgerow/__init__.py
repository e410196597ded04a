"""hedgerow: how donors compete for the alignment of states by police aid and diplomacy.

>>> import hedgerow
>>> result = hedgerow.run("baseline-2022-25", runs=2)
>>> sorted(result.summary().columns)
['chance', 'chance_high', 'chance_low', 'high', 'low', 'median', 'name', 'outcome', 'unit']

What stands here is the public interface; each name is imported when it is first used, so that
``import hedgerow`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgerow.core.levers import Lever
    from hedgerow.core.outcome import Outcome
    from hedgerow.mesa import Donor, Model, Recipient
    from hedgerow.runs.compare import Comparison, compare
    from hedgerow.runs.ensemble import Ensemble
    from hedgerow.runs.explain import Explanation, explain
    from hedgerow.runs.folder import FolderError
    from hedgerow.runs.manifest import load
    from hedgerow.runs.replay import replay
    from hedgerow.runs.run import Run, run
    from hedgerow.scenario.errors import ScenarioError
    from hedgerow.scenario.own import register_outcome
    from hedgerow.scenario.rules import register
    from hedgerow.scenario.schema import Scenario, register_lever
    from hedgerow.study.results import Results
    from hedgerow.study.results import open as open
    from hedgerow.study.sweep import extend, status, sweep

__version__ = "0.1.0"

_HOMES = {
    "Comparison": "hedgerow.runs.compare",
    "Donor": "hedgerow.mesa",
    "Ensemble": "hedgerow.runs.ensemble",
    "Explanation": "hedgerow.runs.explain",
    "FolderError": "hedgerow.runs.folder",
    "Lever": "hedgerow.core.levers",
    "Model": "hedgerow.mesa",
    "Outcome": "hedgerow.core.outcome",
    "Recipient": "hedgerow.mesa",
    "Results": "hedgerow.study.results",
    "Run": "hedgerow.runs.run",
    "Scenario": "hedgerow.scenario.schema",
    "ScenarioError": "hedgerow.scenario.errors",
    "compare": "hedgerow.runs.compare",
    "extend": "hedgerow.study.sweep",
    "explain": "hedgerow.runs.explain",
    "load": "hedgerow.runs.manifest",
    "open": "hedgerow.study.results",
    "register": "hedgerow.scenario.rules",
    "replay": "hedgerow.runs.replay",
    "register_lever": "hedgerow.scenario.schema",
    "register_outcome": "hedgerow.scenario.own",
    "run": "hedgerow.runs.run",
    "status": "hedgerow.study.sweep",
    "sweep": "hedgerow.study.sweep",
}

__all__ = [
    "Comparison",
    "Donor",
    "Ensemble",
    "Explanation",
    "FolderError",
    "Lever",
    "Model",
    "Outcome",
    "Recipient",
    "Results",
    "Run",
    "Scenario",
    "ScenarioError",
    "__version__",
    "compare",
    "explain",
    "extend",
    "load",
    "register",
    "register_lever",
    "register_outcome",
    "replay",
    "run",
    "status",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'hedgerow' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
