"""hedgerow: how donors compete for the alignment of states by police aid and diplomacy.

>>> import hedgerow
>>> result = hedgerow.run("baseline-2022-25", runs=2)
>>> sorted(result.summary().columns)
['chance', 'chance_high', 'chance_low', 'high', 'low', 'median', 'name', 'outcome', 'unit']

What stands here is the public interface; each name is imported when it is first used, so that
``import hedgerow`` costs next to nothing.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
__version__ = "0.1.0"
__all__ += ["__version__"]
