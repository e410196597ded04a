"""Mesa's face of the model: donors and recipients as agents over the rows of a world of one run.

The only room that imports Mesa. Agents hold no state of their own: an attribute such as ``crime`` or
``alignment_CHN`` reads and writes the agent's own row of the world. A verb (``plan``, ``vet``,
``respond``) applies the model's rule to that row alone; override it in a subclass and only that agent
decides differently. :meth:`Model.step` takes all rows through the month at once; rows whose agent
overrides a verb are then asked one by one, and so is everybody with ``one_by_one=True``. Both give the
same numbers as the batch engine, because both call the same rules and read the same tape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import mesa
import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.ledger import PANEL_BY_DONOR, PANEL_BY_ROW, Ledger
from hedgerow.core.month import Rules
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules.provision import Offer
from hedgerow.core.scene import Scene, Situation
from hedgerow.core.world import Kind, World
from hedgerow.runs.ensemble import Ensemble, run_name
from hedgerow.runs.manifest import load
from hedgerow.runs.posterior import policy
from hedgerow.scenario.rules import rules_of
from hedgerow.scenario.schema import Scenario

__all__ = ["Donor", "Model", "Recipient"]


def only(offer: Offer, row: int) -> Offer:
    """Return an offer as one recipient sees it."""
    rows = (offer.officers if hasattr(offer, "officers") else offer.usd).shape[-1]
    narrowed: dict[str, Any] = {
        f.name: value[..., row : row + 1]
        for f in fields(offer)
        if isinstance(value := getattr(offer, f.name), np.ndarray) and value.shape[-1] == rows
    }
    return replace(offer, **narrowed)


class Donor(mesa.Agent):  # type: ignore[misc]
    """A donor state.

    Parameters
    ----------
    model : Model
    code : str
        ISO 3166 code.
    """

    model: Model

    def __init__(self, model: Model, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.number = model.world.donors.index(code)
        self.name = model.scene.donor(self.number).name

    def plan(self, situation: Situation) -> FloatArray:
        """Return the share of one's effort for each row, ``(1, rows)``, summing to 1."""
        return self.model.rules.plan(situation, self.number)

    def vet(self, situation: Situation, offer: Offer) -> FloatArray:
        """Return the share of one's offer to block for each row, ``(1, rows)``, 0-1."""
        return self.model.rules.vet(situation, self.number, offer)

    def given(self, what: str = "officers") -> FloatArray:
        """Return what was given to each row so far, ``(rows,)``: officers, equipment_usd, ..."""
        return np.asarray(getattr(self.model.world, what)[0, self.number])


class Recipient(mesa.Agent):  # type: ignore[misc]
    """A recipient state, or a counterpart that is met but not helped.

    Parameters
    ----------
    model : Model
    code : str
        ISO 3166 code, or ``INTERPOL``, ``UNODC``.
    """

    model: Model

    def __init__(self, model: Model, code: str) -> None:
        super().__init__(model)
        self.code = code
        self.row = model.world.recipients.index(code)
        self.kind = int(model.world.facts.kind[self.row])

    def respond(self, situation: Situation, donor: str, offer: Offer) -> FloatArray:
        """Return the chance of accepting a donor's offer, ``(1, 1)``.

        Parameters
        ----------
        situation : Situation
            The world as this agent's row alone.
        donor : str
            Who offers.
        offer : TrainingOffer or EquipmentOffer
            What is offered, as this agent's row alone.
        """
        number = situation.world.donors.index(donor)
        return self.model.rules.respond(situation, number, offer)

    def __getattr__(self, name: str) -> Any:
        cell = self._cell(name)
        if cell is None:
            raise AttributeError(f"'{type(self).__name__}' has no attribute '{name}'")
        array, index = cell
        return array[index].item()

    def __setattr__(self, name: str, value: Any) -> None:
        cell = self._cell(name)
        if cell is None:
            super().__setattr__(name, value)
        else:
            array, index = cell
            array[index] = value

    def _cell(self, name: str) -> tuple[Any, tuple[int, ...]] | None:
        """Return where in the world an attribute lives: an array and an index."""
        row = self.__dict__.get("row")
        if row is None:
            return None
        world = self.model.world
        if name in PANEL_BY_ROW:
            return getattr(world, PANEL_BY_ROW[name]), (0, row)
        stem, _, last = name.rpartition("_")
        if stem == "capability" or name.startswith("capability_"):
            capability = name.removeprefix("capability_")
            if capability in CAPABILITIES:
                return world.capability, (0, CAPABILITIES.index(capability), row)
        if stem in PANEL_BY_DONOR and last in world.donors:
            return getattr(world, PANEL_BY_DONOR[stem]), (0, world.donors.index(last), row)
        return None


AgentT = TypeVar("AgentT", Donor, Recipient)


class Model(mesa.Model):  # type: ignore[misc]
    """One run of a scenario, with an agent for every donor and recipient.

    ``rules`` holds the decisions of those who override no verb, ``outcomes`` the outcomes so far by
    name, ``ledger`` what was traded.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a file, or one already loaded.
    seed : int
        Seed of the experiment.
    run : int
        Number of the run; run ``k`` equals run ``k`` of ``hedgerow.run`` with the same seed.
    fixed : bool
        Keep the parameters as the scenario has them instead of drawing them from the posterior.
    agents : mapping of code to class, optional
        Subclasses of :class:`Donor` or :class:`Recipient` for single agents.
    one_by_one : bool
        Ask every agent by itself; slower, and equal.

    Examples
    --------
    >>> import hedgerow
    >>> model = hedgerow.Model("baseline-2022-25", seed=1)
    >>> for _ in range(3):
    ...     model.step()
    >>> states = model.agents.select(lambda a: getattr(a, "kind", None) == 0)
    >>> 0 < states.agg("alignment_CHN", lambda values: sum(values) / len(values)) < 1
    True
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "baseline-2022-25",
        *,
        seed: int = 1,
        run: int = 0,
        fixed: bool = False,
        agents: Mapping[str, type[Donor] | type[Recipient]] | None = None,
        one_by_one: bool = False,
    ) -> None:
        super().__init__(rng=seed)
        self.scenario = load(scenario)
        self.one_by_one = one_by_one
        self.rules = rules_of(self.scenario, [run_name(run, seed)])
        ensemble = Ensemble(self.scenario, [run], seed, policy(fixed=fixed))
        self._batch = ensemble.batch(rules=partial(self._people, dict(agents or {})), ledger=Ledger)
        self.outcomes = self._outcomes()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _outcome(name) for name in self.outcomes},
            agent_reporters={"code": "code", **{f"alignment_{c}": _reading(f"alignment_{c}") for c in self.world.donors}},
        )

    @property
    def ledger(self) -> Ledger:
        """What was traded."""
        assert self._batch.ledger is not None
        return self._batch.ledger

    def _people(self, chosen: dict[str, type[Donor] | type[Recipient]], scene: Scene, world: World) -> Rules:
        """Give every row its agent, and return the decisions that ask them."""
        self._scene, self._world = scene, world
        unknown = set(chosen) - {*world.donors, *world.recipients}
        if unknown:
            raise ValueError(f"agents: unknown code '{sorted(unknown)[0]}'")
        self.donors: list[Donor] = []
        for code in world.donors:
            kind = chosen.get(code, Donor)
            self.donors.append(self._agent(code, kind, Donor))
        self.recipients: list[Recipient] = []
        for code, row in zip(world.recipients, world.facts.kind, strict=True):
            if row != Kind.DONOR:
                counted = code not in world.donors
                kind = chosen.get(code, Recipient) if counted else Recipient
                self.recipients.append(self._agent(code, kind, Recipient))
        return Rules(plan=self._plan, vet=self._vet, respond=self._respond)

    def _agent(self, code: str, kind: type[Donor] | type[Recipient], role: type[AgentT]) -> AgentT:
        if not issubclass(kind, role):
            raise ValueError(f"agents: {code} must be a subclass of {role.__name__}")
        return kind(self, code)

    @property
    def world(self) -> World:
        """The arrays behind the agents."""
        return self._world

    @property
    def scene(self) -> Scene:
        """What the run was told beforehand."""
        return self._scene

    def step(self) -> None:
        """Take everybody through one month; stops running after the last."""
        if self._batch.index >= self.scene.months:
            self.running = False
            return
        self._batch.step()
        self.outcomes = self._outcomes()
        self.datacollector.collect(self)
        self.running = self._batch.index < self.scene.months

    def run_model(self) -> None:
        """Run all months that are left."""
        while self.running:
            self.step()

    def _outcomes(self) -> dict[str, float]:
        return {name: float(values[0]) for name, values in self._batch.outcomes().items()}

    def _plan(self, situation: Situation, d: int) -> FloatArray:
        agent = self.donors[d]
        if not self.one_by_one and type(agent).plan is Donor.plan:
            return self.rules.plan(situation, d)
        return agent.plan(situation)

    def _vet(self, situation: Situation, d: int, offer: Offer) -> FloatArray:
        if not self.one_by_one and type(self.donors[d]).vet is Donor.vet:
            return self.rules.vet(situation, d, offer)
        return self.donors[d].vet(situation, offer)

    def _respond(self, situation: Situation, d: int, offer: Offer) -> FloatArray:
        chance = self.rules.respond(situation, d, offer)
        for agent in self.recipients:
            if self.one_by_one or type(agent).respond is not Recipient.respond:
                row = slice(agent.row, agent.row + 1)
                own = agent.respond(situation.at(row), situation.scene.code(d), only(offer, agent.row))
                chance[:, row] = own
        return chance


def _outcome(name: str) -> Callable[[Model], float]:
    """Return what reads one outcome of a model."""
    return lambda model: model.outcomes[name]


def _reading(name: str) -> Callable[[mesa.Agent], float | None]:
    """Return what reads one variable of a recipient; donors have none."""
    return lambda agent: getattr(agent, name) if isinstance(agent, Recipient) else None
