"""Agents: a face for each row, with verbs a subclass may override.

An attribute such as ``crime`` or ``alignment_CHN`` reads and writes the agent's own row of the
world. A verb (``plan``, ``vet``, ``respond``) applies the model's rule to that row alone; override
it in a subclass and only that agent decides differently.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.ledger import PANEL_BY_DONOR, PANEL_BY_ROW
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules.provision import Offer
from hedgerow.core.scene import Situation

if TYPE_CHECKING:
    from hedgerow.mesa.model import Model


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
