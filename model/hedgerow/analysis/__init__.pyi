"""What stands here is imported when it is first used; see :mod:`hedgerow.analysis`."""

from .choose import Analysis as Analysis
from .choose import analyse as analyse
from .discovery import cart as cart
from .discovery import prim as prim
from .findings import Finding as Finding
from .fronts import front as front
from .fronts import pareto as pareto
from .goals import better as better
from .goals import words as words
from .grids import chance as chance
from .grids import effects as effects
from .grids import levels as levels
from .indices import morris as morris
from .indices import sobol as sobol
from .reading import Reading as Reading
from .reading import read as read
from .reading import worlds as worlds
from .robustness import ranks as ranks
from .robustness import regret as regret
from .robustness import satisficing as satisficing
from .robustness import signs as signs
from .samples import pairs as pairs
from .samples import regression as regression
from .thresholds import base_runs as base_runs
from .thresholds import effect_map as effect_map
