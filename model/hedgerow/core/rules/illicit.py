"""Illicit markets on the border graph: food, fuel, arms and people (M22; A054-A080).

A state at war or in a troubled transition demands more than in peace; the extra flow divides over
its borders by risk and cost. Interdiction on one route moves flow to others; where officials
protect them, operators consolidate and rents entangle officials on both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgerow.core.numbers import FloatArray, IntArray
from hedgerow.core.parameters import Illicit
from hedgerow.core.world import Network

GOODS = ("food", "fuel", "arms", "people")
LIVELIHOOD = ("food", "fuel")


@dataclass(frozen=True)
class Pressure:
    """What outsiders do, ``(runs, rows)`` each; crackdown by good, absent where there is none."""

    crackdown: Mapping[str, FloatArray]
    sanctions: FloatArray
    development: FloatArray


@dataclass(frozen=True)
class Market:
    """What a month of illicit trade brings each row, ``(runs, rows)``: rents, welfare loss."""

    rents: FloatArray
    welfare_loss: FloatArray


@dataclass(frozen=True)
class Routes:
    """Land routes in use, one entry a run and route: the row supplied, and the way it is supplied.

    ``inner`` and ``outer`` are the rows supplied and passed through, ``(entries,)``.
    """

    shape: tuple[int, int]
    run: IntArray
    inner: IntArray
    outer: IntArray

    @classmethod
    def into(cls, network: Network, demand: FloatArray) -> "Routes":
        """Return the land routes of rows with demand, ``(runs, rows)``."""
        first, second = network.first[network.land], network.second[network.land]
        inner, outer = np.concatenate([first, second]), np.concatenate([second, first])
        run, route = np.nonzero((demand > 0).take(inner, axis=1))
        return cls((demand.shape[0], demand.shape[1]), run, inner[route], outer[route])

    def sum(self, rows: IntArray, values: FloatArray) -> FloatArray:
        """Return sums of entries by run and row, ``(runs, rows)``, added in the order of routes."""
        cells = self.run * self.shape[1] + rows
        total = np.bincount(cells, values, minlength=self.shape[0] * self.shape[1])
        return total.astype(np.float64).reshape(self.shape)


def excess_demand(war: FloatArray, trouble: FloatArray, p: Illicit) -> FloatArray:
    """Return demand above peacetime, in units of peacetime demand."""
    return np.asarray((p.war_demand - 1.0) * war + p.trouble_demand * trouble)


def guard(border: FloatArray, entanglement: FloatArray, p: Illicit) -> FloatArray:
    """Return a row's part of the risk and cost of a route through it, ``(runs, rows)``.

    Border capability makes it risky; protected, consolidated operators make it cheap.
    """
    return np.asarray(p.risk * border - (p.protection + p.organised_edge) * entanglement)


def trade(
    demand: FloatArray, guarded: FloatArray, gdp: FloatArray, pressure: Pressure, *,
    network: Network, p: Illicit,
) -> Market:  # fmt: skip
    """Divide each row's excess demand over its land routes and count rents and welfare loss.

    Goods weigh alike. Rents entangle by their size beside the economy they enter: a poor
    neighbour's war is a small matter to a rich state.

    Parameters
    ----------
    demand : (runs, rows), excess demand
    guarded : (runs, rows), from :func:`guard`
    gdp : (rows,), US$
    """
    rents, loss = np.zeros_like(demand), np.zeros_like(demand)
    routes = Routes.into(network, demand)
    if routes.run.size == 0:
        return Market(rents, loss)
    weight = gdp[routes.inner] / (gdp[routes.inner] + gdp[routes.outer])
    quiet, _ = flow(demand, guarded, None, routes, p)
    for good in GOODS:
        moved = quiet
        if good in pressure.crackdown:
            moved, short = flow(demand, guarded, pressure.crackdown[good], routes, p)
            if good in LIVELIHOOD:
                loss += routes.sum(routes.inner, short) / len(LIVELIHOOD)
        rents += routes.sum(routes.inner, moved) * 0.5
        rents += routes.sum(routes.outer, moved * weight)
    rents *= (1.0 - p.sanctions * pressure.sanctions) / len(GOODS)
    loss *= 1.0 - p.development * pressure.development
    return Market(rents, loss)


def flow(
    demand: FloatArray, guarded: FloatArray, crackdown: FloatArray | None, routes: Routes,
    p: Illicit,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Return one good's flow on each route in use and what a crackdown stops, ``(entries,)`` each.

    Flow splits by ``softmax(-(risk + cost) / T_r)`` over a row's routes, after NarcoLogic
    (Magliocca et al.); interdiction adds risk, so flow moves to other routes.
    """
    run, inner, outer = routes.run, routes.inner, routes.outer
    cost = guarded if crackdown is None else guarded + p.crackdown_risk * crackdown
    scale = np.broadcast_to(2.0 * p.route_scale, demand.shape)[run, inner]
    odds = np.exp(-(cost[run, inner] + cost[run, outer]) / scale)
    wanted = demand[run, inner] * odds / routes.sum(inner, odds)[run, inner]
    if crackdown is None:
        return wanted, np.zeros_like(wanted)
    worst = np.maximum(crackdown[run, inner], crackdown[run, outer])
    stopped = np.broadcast_to(p.suppression, demand.shape)[run, inner] * worst
    return wanted * (1.0 - stopped), wanted * stopped


def entanglement_change(
    now: FloatArray, usual: FloatArray, rents: FloatArray, oversight: FloatArray, p: Illicit
) -> FloatArray:
    """Return the change of officials' entanglement, ``(runs, rows)``.

    ``(f0 + f1 z) rents (1 - z) - f2 accountability (z - z0)`` below ``z*``: once entangled beyond
    the threshold, accountability no longer undoes it [A070].
    """
    grown = rents * (1.0 - now) * (p.rents_constant + p.rents_growth * now)
    undone = p.accountability * oversight * np.maximum(now - usual, 0.0) * (now < p.threshold)
    return np.asarray(grown - undone)
