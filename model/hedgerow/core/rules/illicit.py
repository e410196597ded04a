"""Illicit markets on the border graph: food, fuel, arms and people (M22; A054-A080).

A state at war or in a troubled transition demands more than in peace; the extra flow divides over
its borders by risk and cost. Interdiction on one route moves flow to others; where officials
protect them, operators consolidate and rents entangle officials on both sides.
"""

from dataclasses import dataclass

import numpy as np

from hedgerow.core.numbers import FloatArray, IntArray
from hedgerow.core.parameters import Illicit
from hedgerow.core.world import Network

GOODS = ("food", "fuel", "arms", "people")
LIVELIHOOD = (0, 1)


@dataclass(frozen=True)
class Pressure:
    """What outsiders do, ``(runs, rows)`` each; crackdown by good, ``(runs, goods, rows)``."""

    crackdown: FloatArray
    sanctions: FloatArray
    development: FloatArray


@dataclass(frozen=True)
class Market:
    """What a month of illicit trade brings each row, ``(runs, rows)``: rents, welfare loss."""

    rents: FloatArray
    welfare_loss: FloatArray


def excess_demand(war: FloatArray, trouble: FloatArray, p: Illicit) -> FloatArray:
    """Return demand above peacetime, in units of peacetime demand."""
    return np.asarray((p.war_demand - 1.0) * war + p.trouble_demand * trouble)


def land_routes(network: Network, hosts: IntArray) -> tuple[IntArray, IntArray]:
    """Return the land routes of some rows: the row supplied and its neighbour, route by route."""
    first, second = network.first[network.land], network.second[network.land]
    inner = np.concatenate([first, second])
    outer = np.concatenate([second, first])
    keep = np.isin(inner, hosts)
    order = np.argsort(inner[keep], kind="stable")
    return inner[keep][order], outer[keep][order]


def route_cost(
    border: FloatArray, entanglement: FloatArray, crackdown: FloatArray, p: Illicit
) -> FloatArray:
    """Return a row's part of the risk and cost of a route through it, ``(runs, goods, rows)``."""
    guarded = p.risk * border - p.protection * entanglement
    edge = -p.organised_edge * entanglement
    by_good = np.expand_dims(guarded + edge, 1)
    return np.asarray(by_good + np.expand_dims(p.crackdown_risk, 1) * crackdown)


def trade(
    demand: FloatArray, cost: FloatArray, pressure: Pressure, network: Network, p: Illicit
) -> Market:
    """Divide each row's excess demand over its land routes and count rents and welfare loss.

    Flow splits by ``softmax(-(risk + cost) / T_r)`` over a row's routes, good by good, after
    NarcoLogic (Magliocca et al.).
    """
    rents, loss = np.zeros_like(demand), np.zeros_like(demand)
    hosts = np.flatnonzero(demand.any(axis=0))
    inner, outer = land_routes(network, hosts)
    if inner.size == 0:
        return Market(rents, loss)
    scale = np.expand_dims(p.route_scale, 1)
    odds = np.exp(-(cost[..., inner] + cost[..., outer]) / (2.0 * scale))
    starts = np.flatnonzero(np.diff(inner, prepend=-1))
    sums = np.repeat(np.add.reduceat(odds, starts, axis=-1), np.diff([*starts, inner.size]), -1)
    stopped = np.expand_dims(p.suppression, 1) * pressure.crackdown
    passed = 1.0 - np.maximum(stopped[..., inner], stopped[..., outer])
    wanted = np.expand_dims(demand, 1)[..., inner] * odds / sums
    moved = (wanted * passed).mean(axis=1)
    short = (wanted * (1.0 - passed))[:, LIVELIHOOD].mean(axis=1)
    for route, (host, neighbour) in enumerate(zip(inner, outer, strict=True)):
        rents[:, host] += moved[:, route]
        rents[:, neighbour] += moved[:, route]
        loss[:, host] += short[:, route]
    rents *= 1.0 - p.sanctions * pressure.sanctions
    loss *= 1.0 - p.development * pressure.development
    return Market(rents, loss)


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
