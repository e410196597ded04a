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

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
