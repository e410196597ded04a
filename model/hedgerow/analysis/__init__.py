"""Analyses of a sweep: tidy table in, tidy table out.

This room stands between the study, which runs, and the figures, which draw: it owns the questions
asked of a finished sweep. :func:`analyse` chooses what fits the design; each analysis is also a
function of its own on any table with the right columns, from hedgerow or not.

>>> import pandas as pd
>>> from hedgerow import analysis
>>> table = pd.DataFrame({
...     "policy": ["talk", "talk", "train", "train"],
...     "world": [0, 1, 0, 1],
...     "gain": [1.0, 3.0, 2.0, 2.0],
... })
>>> analysis.regret(table, "gain", better=1)[["policy", "mean", "worst"]].values.tolist()
[['talk', 0.5, 1.0], ['train', 0.5, 1.0]]

To add an analysis: a function here that returns a table, a line in :mod:`.choose` that says when
it fits, and a sentence in :mod:`.findings`. Intervals hold 90% and are not a number where nothing
was repeated.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgerow.analysis.choose import Analysis, analyse
    from hedgerow.analysis.discovery import cart, prim
    from hedgerow.analysis.findings import Finding
    from hedgerow.analysis.fronts import front, pareto
    from hedgerow.analysis.goals import better, words
    from hedgerow.analysis.grids import chance, effects, levels
    from hedgerow.analysis.indices import morris, sobol
    from hedgerow.analysis.reading import Reading, read, worlds
    from hedgerow.analysis.robustness import ranks, regret, satisficing, signs
    from hedgerow.analysis.samples import pairs, regression
    from hedgerow.analysis.thresholds import base_runs, effect_map

_HOMES = {
    "Analysis": "choose",
    "Finding": "findings",
    "Reading": "reading",
    "analyse": "choose",
    "base_runs": "thresholds",
    "better": "goals",
    "cart": "discovery",
    "chance": "grids",
    "effect_map": "thresholds",
    "effects": "grids",
    "front": "fronts",
    "levels": "grids",
    "morris": "indices",
    "pairs": "samples",
    "pareto": "fronts",
    "prim": "discovery",
    "ranks": "robustness",
    "read": "reading",
    "regression": "samples",
    "regret": "robustness",
    "satisficing": "robustness",
    "signs": "robustness",
    "sobol": "indices",
    "words": "goals",
    "worlds": "reading",
}

__all__ = [
    "Analysis",
    "Finding",
    "Reading",
    "analyse",
    "base_runs",
    "better",
    "cart",
    "chance",
    "effect_map",
    "effects",
    "front",
    "levels",
    "morris",
    "pairs",
    "pareto",
    "prim",
    "ranks",
    "read",
    "regression",
    "regret",
    "satisficing",
    "signs",
    "sobol",
    "words",
    "worlds",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"hedgerow.analysis.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'hedgerow.analysis' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
