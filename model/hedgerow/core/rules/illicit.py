"""Illicit markets on the border graph: food, fuel, arms and people (M22; A054-A080).

A state at war or in a troubled transition demands more than in peace; the extra flow divides over
its borders by risk and cost. Interdiction on one route moves flow to others; where officials
protect them, operators consolidate and rents entangle officials on both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
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
    """Land routes: the row supplied, the neighbour it is supplied through, and sums over them.

    ``to_inner`` and ``to_outer`` are ``(routes, rows)``; sparse products add in one order whatever
    the size of the batch.
    """

    inner: IntArray
    outer: IntArray
    to_inner: csr_array
    to_outer: csr_array

    @classmethod
    def into(cls, network: Network, hosts: BoolArray) -> "Routes":
        """Return the land routes of some rows, ``hosts`` being ``(rows,)``."""
        first, second = network.first[network.land], network.second[network.land]
        inner, outer = np.concatenate([first, second]), np.concatenate([second, first])
        inner, outer = inner[hosts[inner]], outer[hosts[inner]]
        line, ones, shape = np.arange(inner.size), np.ones(inner.size), (inner.size, hosts.size)
        to_inner, to_outer = (csr_array((ones, (line, r)), shape=shape) for r in (inner, outer))
        return cls(inner, outer, to_inner, to_outer)


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
    routes = Routes.into(network, np.asarray(demand.any(axis=0)))
    if routes.inner.size == 0:
        return Market(rents, loss)
    weight = gdp[routes.inner] / (gdp[routes.inner] + gdp[routes.outer])
    quiet, _ = flow(demand, guarded, None, routes, p)
    for good in GOODS:
        moved = quiet
        if good in pressure.crackdown:
            moved, short = flow(demand, guarded, pressure.crackdown[good], routes, p)
            if good in LIVELIHOOD:
                loss += _sum(routes.to_inner, short) / len(LIVELIHOOD)
        rents += _sum(routes.to_inner, moved) * 0.5 + _sum(routes.to_outer, moved * weight)
    rents *= (1.0 - p.sanctions * pressure.sanctions) / len(GOODS)
    loss *= 1.0 - p.development * pressure.development
    return Market(rents, loss)


def _sum(routes: csr_array, values: FloatArray) -> FloatArray:
    return np.ascontiguousarray((routes.T @ values.T).T)


def flow(
    demand: FloatArray, guarded: FloatArray, crackdown: FloatArray | None, routes: Routes,
    p: Illicit,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Return one good's flow on each route and what a crackdown stops, ``(runs, routes)`` each.

    Flow splits by ``softmax(-(risk + cost) / T_r)`` over a row's routes, after NarcoLogic
    (Magliocca et al.); interdiction adds risk, so flow moves to other routes.
    """
    cost = guarded if crackdown is None else guarded + p.crackdown_risk * crackdown
    odds = np.exp(-(cost[:, routes.inner] + cost[:, routes.outer]) / (2.0 * p.route_scale))
    wanted = demand[:, routes.inner] * odds / _sum(routes.to_inner, odds)[:, routes.inner]
    if crackdown is None:
        return wanted, np.zeros_like(wanted)
    stopped = p.suppression * np.maximum(crackdown[:, routes.inner], crackdown[:, routes.outer])
    return wanted * (1.0 - stopped), wanted * stopped


def entanglement_change(
    now: FloatArray, usual: FloatArray, rents: FloatArray, oversight: FloatArray, p: Illicit
) -> FloatArray:
    """Return the change of officials' entanglement, ``(runs, rows)``.

    ``f0 rents + f1 rents z(1-z) - f2 accountability (z - z0)`` below ``z*``: once entangled beyond
    the threshold, accountability no longer undoes it [A070].
    """
    grown = rents * (p.rents_constant + p.rents_growth * now * (1.0 - now))
    undone = p.accountability * oversight * np.maximum(now - usual, 0.0) * (now < p.threshold)
    return np.asarray(grown - undone)
