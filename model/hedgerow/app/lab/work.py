"""What the pool's processes do for the lab: simulate some runs, explain a state, make files.

Every function here is called in another process, with plain arguments and plain answers.
"""

from datetime import date
from typing import Any

from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.posterior import policy
from hedgerow.runs.trace import Trace, trace
from hedgerow.scenario.schema import Scenario


def simulate(scenario: Scenario, runs: range, seed: int, *, fixed: bool) -> Trace:
    """Simulate some runs of a scenario.

    Parameters
    ----------
    scenario : Scenario
    runs : range
        Numbers of the runs, which key their draws.
    seed : int
    fixed : bool
        Whether parameters stay as they are, rather than being drawn from the posterior.
    """
    return trace(Ensemble(scenario, runs, seed, policy(fixed=fixed)))


def why(  # noqa: PLR0917
    scenario: Scenario, base: Scenario | None, state: str, month: str | date | None, runs: int, seed: int, *, fixed: bool
) -> dict[str, Any]:
    """Return why a state and its donors decided as they did, as plain data.

    Returns
    -------
    dict
        As :func:`hedgerow.report.explanation.as_data`, with ``sentences`` by topic.
    """
    from hedgerow.report import explanation
    from hedgerow.runs.explain import TOPICS, explain

    found = explain(scenario, state, month, versus=base, runs=runs, seed=seed, fixed=fixed)
    topics = [t for t in TOPICS if (found.table["topic"] == t).any()]
    told = {topic: explanation.sentences(found, topic) for topic in topics}
    return {**explanation.as_data(found), "sentences": told}
