"""What runs are measured by: sums and means over rows, the end of a run, the panel of its states.

Shares and means are over recipient states; peers, organisations and donors are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.ledger import PANEL_BY_DONOR, PANEL_BY_ROW, Panel
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.rules.alignment import voting
from hedgerow.core.scene import Scene
from hedgerow.core.world import World

REGIONS = ("Africa", "Americas", "Asia", "Europe", "Oceania")
HIGH = 0.5
HEDGE = 0.1
BY = {"_by_population": "by population", "_by_gdp": "by GDP", "_by_vote": "by vote in the UN"}
IN = {f"_in_{region.lower()}": f"in {region}" for region in REGIONS}
"""Weights of a mean shift of alignment: how they end the name of the outcome, and in words."""


def ideal_points(scene: Scene, world: World) -> FloatArray:
    """Return the voting readout, ``(runs, rows)``, on the scale of UN ideal points."""
    rise = world.alignment - world.facts.alignment
    facts = world.facts
    return voting(facts.ideal_point, rise, facts.pole, world.states, scene.parameters.voting)


def keep_panel(panel: Panel, month: Month) -> None:
    """Store the state of every recipient state at the end of a month."""
    world, states, t = month.world, month.world.states, month.index
    for name, variable in PANEL_BY_DONOR.items():
        for d, code in enumerate(world.donors):
            panel.keep(t, f"{name}_{code}", getattr(world, variable)[:, d][:, states])
    for k, capability in enumerate(CAPABILITIES):
        panel.keep(t, f"capability_{capability}", world.capability[:, k][:, states])
    for name, variable in PANEL_BY_ROW.items():
        panel.keep(t, name, getattr(world, variable)[:, states])
    panel.keep(t, "un_ideal_point", ideal_points(month.scene, world)[:, states])


def total(values: FloatArray | BoolArray, rows: BoolArray | slice = slice(None)) -> FloatArray:
    """Return sums over rows, ``(runs,)``.

    Laid out anew first, because NumPy adds in the order of memory, which differs with the batch.
    """
    return np.asarray(np.ascontiguousarray(values[..., rows], dtype=np.float64).sum(axis=-1))


def mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return means over rows, ``(runs,)``."""
    return np.asarray(total(values * weights) / weights.sum())


def per(gain: FloatArray, amount: FloatArray) -> FloatArray:
    """Return gain per amount; 0 where there is no amount."""
    return np.asarray(np.where(amount > 0, gain / np.where(amount > 0, amount, 1.0), 0.0))


def gini(counts: FloatArray) -> FloatArray:
    """Return the Gini coefficient of each run's counts over rows; 0 where there are none."""
    ordered = np.sort(counts, axis=-1)
    n = counts.shape[-1]
    rank = 2.0 * np.arange(1, n + 1) - n - 1.0
    whole = total(ordered)
    return np.asarray(total(ordered * rank) / np.where(whole > 0, whole * n, 1.0))


def postures(alignment: FloatArray, states: BoolArray) -> dict[str, FloatArray]:
    """Return the share of states in each posture towards two donors, ``(runs,)`` each.

    Hybrids are close to both; hedgers, of the rest, keep within 0.1 of even; the disengaged, of the
    rest, are close to neither; the remainder lean to one.
    """
    one, two = alignment[:, 0][:, states], alignment[:, 1][:, states]
    hybrid = (one > HIGH) & (two > HIGH)
    hedger = ~hybrid & (np.abs(one - two) <= HEDGE)
    disengaged = ~hybrid & ~hedger & (one <= HIGH) & (two <= HIGH)
    rest = ~(hybrid | hedger | disengaged)
    parts = {
        "hybrid": hybrid,
        "hedger": hedger,
        "disengaged": disengaged,
        "first": rest & (one > two),
        "second": rest & (one <= two),
    }
    return {name: total(part) / part.shape[-1] for name, part in parts.items()}


@dataclass(frozen=True)
class Ended:
    """Runs at their end, as outcomes see them; what several outcomes need is worked out once.

    Attributes
    ----------
    scene : Scene
    first, last : World
        The first and the last state.
    tally : mapping
        Counts kept on the way, ``(runs,)`` each.
    """

    scene: Scene
    first: World
    last: World
    tally: Mapping[str, FloatArray]

    def count(self, *names: str) -> FloatArray:
        """Return a count kept on the way, ``(runs,)``, by the words of its name; 0 where nothing was counted."""
        return self.tally.get(" ".join(names), np.zeros(self.last.runs))

    def code(self, d: int) -> str:
        """Return the code of donor number ``d``."""
        return self.last.donors[d]

    def per_state(self, values: FloatArray) -> FloatArray:
        """Return the mean over recipient states of values of all rows, ``(runs,)``."""
        return np.asarray(total(values, self.last.states) / self.last.states.sum())

    def rise(self, name: str) -> FloatArray:
        """Return the mean change over states of a variable, itself a mean where it has several parts."""
        change = getattr(self.last, name) - getattr(self.first, name)
        return self.per_state(change if change.ndim == 2 else change.sum(axis=1) / change.shape[1])

    @cached_property
    def weights(self) -> dict[str, FloatArray]:
        """What each row counts in a mean shift, ``(rows,)``, by the end of the outcome's name."""
        states, facts = self.last.states.astype(np.float64), self.last.facts
        by = zip(BY, (facts.population, facts.gdp_usd, facts.vote), strict=True)
        return {
            "": states,
            **{name: weight * states for name, weight in by},
            **{name: states * (facts.region == i) for i, name in enumerate(IN)},
        }

    @cached_property
    def moved(self) -> FloatArray:
        """Change of alignment, ``(runs, donors, rows)``."""
        return self.last.alignment - self.first.alignment

    @cached_property
    def shift(self) -> dict[str, FloatArray]:
        """Mean change of alignment, ``(runs, donors)``, by weight."""
        return {name: mean(self.moved, weight) for name, weight in self.weights.items()}

    @cached_property
    def gained(self) -> FloatArray:
        """Alignment gained, summed over states, ``(runs, donors)``."""
        return total(self.moved, self.last.states)

    @cached_property
    def voting_moved(self) -> FloatArray:
        """Movement of UN ideal points, ``(runs, rows)``."""
        return ideal_points(self.scene, self.last) - ideal_points(self.scene, self.first)

    @cached_property
    def spent(self) -> FloatArray:
        """US$ spent, ``(runs, donors)``."""
        return total(self.last.spent_usd)

    @cached_property
    def officers(self) -> FloatArray:
        """Officers trained, ``(runs, donors)``."""
        return total(self.last.officers)

    @cached_property
    def bilaterals(self) -> FloatArray:
        """Bilateral meetings of each donor, the partner met most first, ``(runs, donors, rows)``."""
        return np.sort(self.last.meetings, axis=-1)[..., ::-1]

    @cached_property
    def postures(self) -> dict[str, FloatArray]:
        """Share of states in each posture towards the first two donors."""
        return postures(self.last.alignment, self.last.states)

    def share_of_top(self, d: int, partners: int) -> FloatArray:
        """Return the share of a donor's bilateral meetings with the partners it met most."""
        counts = self.bilaterals[:, d]
        return np.asarray(total(counts, slice(partners)) / np.maximum(total(counts), 1.0))
