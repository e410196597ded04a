"""The engine: takes a batch of runs through its months and keeps what is asked for.

One batch of one run or of many goes through the same rules; what a run does never depends on the
batch it is in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hedgerow.core.compiled import Record, kernel, numbers
from hedgerow.core.ledger import Ledger, Panel
from hedgerow.core.metrics import keep_panel
from hedgerow.core.month import Month, Rules
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.outcomes import outcomes
from hedgerow.core.phases import advance
from hedgerow.core.phases.demand import gaps
from hedgerow.core.rules.allocation import rival_cover
from hedgerow.core.rules.centres import standing
from hedgerow.core.scene import Scene
from hedgerow.core.tape import Keys, Tape, uniform
from hedgerow.core.world import World


@dataclass
class Batch:
    """Runs in progress: the world, the tape, and what has been kept so far.

    Parameters
    ----------
    scene : what the runs are told beforehand
    world : their first state; it changes as months pass
    seed : seed of the experiment
    runs : number of each run, which keys its draws
    rules : the decisions of donors and recipients
    ledger, panel : where to keep what is traded and how the state stands; None to keep nothing
    """

    scene: Scene
    world: World
    seed: int
    runs: Sequence[int]
    rules: Rules = field(default_factory=Rules)
    ledger: Ledger | None = None
    panel: Panel | None = None
    tally: dict[str, FloatArray] = field(default_factory=dict)
    index: int = 0
    first: World = field(init=False)

    def __post_init__(self) -> None:
        self._tape = Tape(self.seed, self.runs)
        warm_up(self.month())
        self.first = self.world.copy()

    def month(self) -> Month:
        """Return the coming month, ready for its phases."""
        draws = self._tape.month(self.index, self.world.facts.slot)
        return Month(self.index, self.scene, self.world, draws, self.rules, self.ledger, self.tally)

    def step(self) -> Month:
        """Take all runs through one month and return it."""
        month = self.month()
        advance(month)
        self.close(month)
        return month

    def close(self, month: Month) -> None:
        """Keep the panel of a month whose phases have run, and turn the page."""
        if self.panel is not None:
            keep_panel(self.panel, month)
        self.index += 1

    def __iter__(self) -> Iterator[Month]:
        while self.index < self.scene.months:
            yield self.step()

    def outcomes(self) -> dict[str, FloatArray]:
        """Return the outcomes of each run so far, ``(runs,)`` each, by name."""
        return outcomes(self.scene, self.first, self.world, self.tally)


def warm_up(month: Month) -> None:
    """Let recent help stand, at the start, where the donors' first plans would hold it.

    Without this the first year would show help rising from nothing, which is not what happened.
    Service centres opened before the start are drawn too.
    """
    world, p = month.world, month.scene.parameters.delivery
    month.gap = gaps(month)
    for d in month.donors():
        donor, code = month.scene.donor(d), month.scene.code(d)
        _stand(
            d,
            world.centres,
            world.facts.exposure,
            world.facts.oversight,
            world.states,
            month.draws.keys("centre_standing", code),
            month.draws.slots,
            month.scene.record(donor),
            month.scene.record(month.scene.parameters.centres),
        )
    plans = [month.rules.plan(month.situation, d) for d in month.donors()]
    for d, share in enumerate(plans):
        training = month.scene.donor(d).training
        monthly = share * training.officers * training.weeks / p.course_weeks / 12.0
        world.help[:, d] = monthly * p.help_memory / world.facts.force
    world.first_help[:] = world.help
    for d in month.donors():
        world.first_cover[:, d] = rival_cover(month.situation, d)


@kernel
def _stand(
    d: int,
    centres: FloatArray,
    exposure: FloatArray,
    oversight: FloatArray,
    states: BoolArray,
    key: Keys,
    slots: IntArray,
    donors: Record,
    parameters: Record,
) -> None:
    for run in range(centres.shape[0]):
        p = numbers(parameters[run])
        for i in range(centres.shape[2]):
            if states[i]:
                there, u = donors[run].centres * exposure[d, i], uniform(key[run], slots[i])
                centres[run, d, i] = standing(there, oversight[i], u, p)
