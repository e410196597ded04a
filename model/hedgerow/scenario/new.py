"""A first scenario file for a new user: short, commented, and ready to run."""

import json
from pathlib import Path

from hedgerow.disk import faults, whole
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import find

TEMPLATE = """\
# A what-if. It says only what differs from the scenario it extends.
# All keys: hedgerow scenario schema. All numbers: hedgerow parameters. Facts: hedgerow facts.

extends = {extends}
title = {title}
question = "What changes if the United States vets more loosely in Africa from 2024?"
facts = ["A026"]
look_at = "Officers denied, officers trained, and the difference in alignment."
surprise = "No change in Africa at all."

[policies.looser_vetting]
lever = "leahy"                   # laid over the baseline's own vetting where it applies
strictness = 0.5                  # share of what is flagged that is blocked, 0 to 1
start = 2024-01-01                # without a start it applies from the first month
recipients = "region:Africa"      # or ["KEN", "ETH"], "org:asean", "polyarchy < 0.4", "all"
"""


def write(path: Path, extends: str) -> None:
    """Write a first scenario file.

    Parameters
    ----------
    path : Path
        Where; must not exist.
    extends : str
        Scenario it builds on; must exist.

    Raises
    ------
    ScenarioError
        If the path is taken or cannot be written, or there is no such scenario.
    """
    find(extends, path.parent)
    title = path.stem.replace("-", " ").replace("_", " ").capitalize()
    text = TEMPLATE.format(extends=json.dumps(extends), title=json.dumps(title, ensure_ascii=False))
    try:
        whole.write(path, text.encode(), new=True)
    except (FileExistsError, IsADirectoryError):
        raise ScenarioError(path, "", "exists already; choose another name") from None
    except OSError as error:
        wrong, helps = faults.fault(error)
        raise ScenarioError(path, "", f"cannot be written: {wrong}; {helps}") from error
    except ValueError:  # such as a zero byte, or no name at all
        raise ScenarioError(ascii(str(path)), "", "is no name that a file can have; choose another") from None
