"""What stands here is imported when it is first used; see :mod:`hedgerow`."""

from .core.levers import Lever as Lever
from .core.outcome import Outcome as Outcome
from .mesa import Donor as Donor
from .mesa import Model as Model
from .mesa import Recipient as Recipient
from .runs.compare import Comparison as Comparison
from .runs.compare import compare as compare
from .runs.ensemble import Ensemble as Ensemble
from .runs.explain import Explanation as Explanation
from .runs.explain import explain as explain
from .runs.folder import FolderError as FolderError
from .runs.manifest import load as load
from .runs.replay import replay as replay
from .runs.run import Run as Run
from .runs.run import run as run
from .scenario.errors import ScenarioError as ScenarioError
from .scenario.own import register_outcome as register_outcome
from .scenario.rules import register as register
from .scenario.schema import Scenario as Scenario
from .scenario.schema import register_lever as register_lever
from .study.results import Results as Results
from .study.results import open as open
from .study.sweep import extend as extend
from .study.sweep import status as status
from .study.sweep import sweep as sweep

__version__: str
