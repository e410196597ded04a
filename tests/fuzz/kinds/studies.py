"""Study files, calibrations and their targets."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from hedgerow.fit import priors
from hedgerow.scenario.settings import with_settings
from hedgerow.study import plan
from hedgerow.study.chunks import cut, task
from hedgerow.study.work import work
from tests.fuzz.chance import Chance
from tests.fuzz.judge import Wrong
from tests.fuzz.kinds.base import ROOT, TreeFile, tables

NO_NUMBER = "gave no finite number"
"""How the error of a run begins that came out, but not as numbers; a sweep keeps it as failed."""
TINY = {
    "study": {
        "name": "tiny", "base": "baseline-2022-25", "replications": 2, "seed": 7, "months": 1,
        "outcomes": ["alignment_shift_CHN", "abuses"], "fixed": True,
    },
    "design": {"factors": {
        "parameters.acceptance.gap": {"values": [1.0, 2.0]},
        "policies.leahy.scope": {"values": ["unit", "none"]},
    }},
}  # fmt: skip


class StudyFile(TreeFile):
    """A study file, up to its first runs."""

    name, weight, file = "study", 10, "study.toml"

    def seeds(self) -> Sequence[Any]:
        return (TINY, *tables("experiments/*/study.toml"))

    def more(self) -> Sequence[Any]:
        return (*self.seeds(), *tables("scenarios/*.toml"))

    def read(self, where: Path, how: Any) -> None:
        study = plan.read(where / self.file, where)
        short = {name: with_settings(one, {"months": 1}) for name, one in study.scenarios.items()}
        first = cut(study, 0, 0, 1, np.arange(min(study.size, 2)))[0]
        for error in work(task(replace(study, scenarios=short), first)).errors:
            if error is not None and not error.startswith(NO_NUMBER):
                raise Wrong(f"a run of a study that is accepted failed: {error}")


@cache
def _calibration() -> dict[str, Any]:
    (shipped,) = tables("model/hedgerow/fit/calibration.toml")
    return {**shipped, "targets": "targets.toml"}


class CalibrationFile(TreeFile):
    """A calibration file beside a good file of targets."""

    name, weight, file = "calibration", 4, "calibration.toml"

    def seeds(self) -> Sequence[Any]:
        return (_calibration(),)

    def more(self) -> Sequence[Any]:
        return (*self.seeds(), *tables("model/hedgerow/fit/targets.toml"))

    def good(self, where: Path) -> Any:
        self._beside(where)
        return super().good(where)

    def make(self, chance: Chance, where: Path) -> Any:
        self._beside(where)
        return super().make(chance, where)

    def _beside(self, where: Path) -> None:
        shutil.copy(ROOT / "model/hedgerow/fit/targets.toml", where)

    def read(self, where: Path, how: Any) -> None:
        from hedgerow.fit.calibration import evidence

        evidence(priors.read(where / "calibration.toml"))


class TargetsFile(TreeFile):
    """A file of targets, read by a good calibration."""

    name, weight, file = "targets", 4, "targets.toml"

    def seeds(self) -> Sequence[Any]:
        return tables("model/hedgerow/fit/targets.toml")

    def good(self, where: Path) -> Any:
        CalibrationFile(self.held)._write(where, _calibration())
        return super().good(where)

    def make(self, chance: Chance, where: Path) -> Any:
        CalibrationFile(self.held)._write(where, _calibration())
        return super().make(chance, where)

    read = CalibrationFile.read
