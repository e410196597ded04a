"""Illicit markets on the border graph: food, fuel, arms and people (M22; A054-A080).

A state at war or in a troubled transition demands more than in peace; the extra flow divides over
its borders by risk and cost. Interdiction on one route moves flow to others; where officials
protect them, operators consolidate and rents entangle officials on both sides.
"""

import numpy as np

from hedgerow.core.compiled import Record, at, choose, kernel, numbers, rule
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray, Rows
from hedgerow.core.parameters import Illicit
from hedgerow.core.rules.demand import BORDER
from hedgerow.core.rules.politics import troubled
from hedgerow.core.world import Network

GOODS = ("food", "fuel", "arms", "people")
LIVELIHOODS = 2
"""How many of the goods, from the first, people live on."""


@rule
def excess_demand(war: Rows, trouble: Rows, p: Illicit) -> Rows:
    """Return demand above peacetime, in units of peacetime demand."""
    return (p.war_demand - 1.0) * war + p.trouble_demand * trouble


@rule
def guard(border: Rows, entanglement: Rows, p: Illicit) -> Rows:
    """Return a row's part of the risk and cost of a route through it.

    Border capability makes it risky; protected, consolidated operators make it cheap.
    """
    return p.risk * border - (p.protection + p.organised_edge) * entanglement


@rule
def odds(cost: Rows, p: Illicit) -> Rows:
    """Return a route's odds beside the other routes of a row, by the cost at both its ends.

    Flow splits by ``softmax(-(risk + cost) / T_r)``, after NarcoLogic (Magliocca et al.).
    """
    return np.exp(-cost / (2.0 * p.route_scale))


@rule
def rent_weight(own_gdp: Rows, other_gdp: Rows) -> Rows:
    """Return how far rents that pass from a row to its supplier weigh in the supplier's economy.

    A poor neighbour's war is a small matter to a rich state.
    """
    return own_gdp / (own_gdp + other_gdp)


@kernel
def trade(
    war: FloatArray,
    regime: IntArray,
    states: BoolArray,
    capability: FloatArray,
    entanglement: FloatArray,
    gdp: FloatArray,
    crackdown: FloatArray,
    sanctions: FloatArray,
    development: FloatArray,
    welfare_loss: FloatArray,
    network: Network,
    parameters: Record,
) -> FloatArray:
    """Divide each row's excess demand over its land routes; return rents, ``(runs, rows)``.

    Goods weigh alike. Interdiction adds risk on a route, so flow moves to others, and stops a part of what still comes;
    what is stopped of food and fuel adds to ``welfare_loss``. Rents entangle officials on both sides of a border.

    Parameters
    ----------
    war, regime, states, entanglement : by row
    capability : (runs, capabilities, rows)
    gdp : (rows,), US$
    sanctions, development : levels, 0-1
    crackdown : (goods, runs, rows), a level a good, or one level of nothing
    welfare_loss : (runs, rows), added to
    network : who borders whom
    """
    rents = np.zeros_like(war)
    rows, goods = war.shape[1], len(crackdown)
    wanted, guarded, all_routes = np.empty(rows), np.empty(rows), np.empty(rows)
    route = np.empty(len(network.one))
    for run in range(war.shape[0]):
        p = numbers(parameters[run])
        if not _want(war[run], regime[run], states, p, wanted):
            continue
        for good in range(goods):
            held = crackdown[good]
            for i in range(rows):
                risk = p.crackdown_risk * at(held, run, i)
                guarded[i] = guard(capability[run, BORDER, i], entanglement[run, i], p) + risk
            _open_routes(wanted, guarded, network, p, route, all_routes)
            _carry(
                run,
                wanted,
                route,
                all_routes,
                held,
                1.0 if good < LIVELIHOODS else 0.0,
                goods,
                gdp,
                development,
                network,
                p,
                rents[run],
                welfare_loss[run],
            )
        for i in range(rows):
            rents[run, i] *= 1.0 - p.sanctions * at(sanctions, run, i)
    return rents


@kernel
def _want(war: FloatArray, regime: IntArray, states: BoolArray, p: Illicit, wanted: FloatArray) -> bool:
    """Write each row's excess demand and say whether there is any."""
    some = False
    for i in range(len(wanted)):
        wanted[i] = excess_demand(war[i], troubled(regime[i]), p) if states[i] else 0.0
        some = some or wanted[i] > 0.0
    return some


@kernel
def _open_routes(
    wanted: FloatArray, guarded: FloatArray, network: Network, p: Illicit, route: FloatArray, all_routes: FloatArray
) -> None:
    """Write the odds of each land route that anyone wants, and their sum by row."""
    all_routes[:] = 0.0
    for pair in range(len(route)):
        i, j = network.one[pair], network.other[pair]
        route[pair] = 0.0
        if network.land[pair] and (wanted[i] > 0.0 or wanted[j] > 0.0):
            route[pair] = odds(guarded[i] + guarded[j], p)
            all_routes[i] += route[pair]
            all_routes[j] += route[pair]


@kernel
def _carry(
    run: int,
    wanted: FloatArray,
    route: FloatArray,
    all_routes: FloatArray,
    held: FloatArray,
    lived_on: float,
    goods: int,
    gdp: FloatArray,
    development: FloatArray,
    network: Network,
    p: Illicit,
    rents: FloatArray,
    welfare_loss: FloatArray,
) -> None:
    """Add what one good brings and costs on each open route of a run, ``(rows,)``."""
    for pair in range(len(route)):
        if route[pair] <= 0.0:
            continue
        a, b = network.one[pair], network.other[pair]
        stopped = p.suppression * max(at(held, run, a), at(held, run, b))
        for i, j in ((a, b), (b, a)):
            if wanted[i] > 0.0:
                flow = wanted[i] * route[pair] / all_routes[i]
                moved = flow * (1.0 - stopped) / goods
                rents[i] += 0.5 * moved
                rents[j] += moved * rent_weight(gdp[i], gdp[j])
                spared = 1.0 - p.development * at(development, run, i)
                welfare_loss[i] += lived_on * flow * stopped / LIVELIHOODS * spared


@rule
def entanglement_change(now: Rows, usual: Rows, rents: Rows, oversight: Rows, p: Illicit) -> Rows:
    """Return the change of officials' entanglement.

    ``(f0 + f1 z) rents (1 - z) - f2 accountability (z - z0)`` below ``z*``: once entangled beyond
    the threshold, accountability no longer undoes it [A070].
    """
    grown = rents * (1.0 - now) * (p.rents_constant + p.rents_growth * now)
    free = choose(now < p.threshold, 1.0, 0.0)
    return grown - p.accountability * oversight * np.maximum(now - usual, 0.0) * free
