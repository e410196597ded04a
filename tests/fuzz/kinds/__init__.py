"""Kinds: what a user may give to hedgerow, one class each; :class:`~tests.fuzz.kinds.base.Kind` says what a kind is."""

from tests.fuzz.kinds import commands, lab, results, scenarios, seminar, studies
from tests.fuzz.kinds.base import Kind

KINDS: tuple[type[Kind], ...] = (
    scenarios.ScenarioFile,
    scenarios.ScenarioChain,
    scenarios.Ends,
    scenarios.Setting,
    scenarios.Explained,
    scenarios.Named,
    studies.StudyFile,
    studies.CalibrationFile,
    studies.TargetsFile,
    results.RunFolder,
    results.ComparisonFolder,
    results.SweepFolder,
    results.SweepGoesOn,
    results.PosteriorFile,
    seminar.ExerciseFile,
    seminar.SessionFile,
    seminar.Moves,
    seminar.Messages,
    seminar.RoomsFile,
    lab.Link,
    lab.Request,
    commands.Command,
)
