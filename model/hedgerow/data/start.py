"""The first month: turns the country table and the donors into a :class:`World`.

Rows stand in the order of the table, then the organisations, whatever the scenario, so a row keeps
its place on the shock tape. Sources of each starting value are named in MODEL section 3; blanks of
the table are filled and marked by :mod:`hedgerow.data.impute`.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
from scipy.special import ndtr

from hedgerow.core.donors import CAPABILITIES, Donor
from hedgerow.core.metrics import REGIONS
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.parameters import Parameters
from hedgerow.core.world import Agreement, Facts, Kind, Network, World
from hedgerow.data import covariates
from hedgerow.data.load import borders, countries
from hedgerow.data.select import OTHER_ROWS, pick

MICROSTATE = 1.5e6
FROM_NOTHING = (
    "centres",
    "recent",
    "pending",
    "help",
    "first_help",
    "first_cover",
    "request",
    "reaction",
    "cut_left",
    "cut_training",
    "cut_equipment",
    "pause_left",
    "officers",
    "officer_weeks",
    "equipment_usd",
    "spent_usd",
    "meetings",
    "denied",
)
"""What starts at zero for every donor and row; the warm-up lays down standing help."""


_TOLD = ("value", "stake", "exposure", "trust", "lock_in", "shuns", "pilot", "core", "agreements")
"""What a donor's declaration says of single rows."""


@cache
def codes() -> tuple[str, ...]:
    """Return the code of every row, in the order of the tape's slots."""
    return (*countries().index, *OTHER_ROWS)


@cache
def names() -> dict[str, str]:
    """Return the name of every row by its code."""
    return {str(code): str(name) for code, name in countries()["name"].items()} | OTHER_ROWS


def network(kind: BoolArray) -> Network:
    """Return who neighbours whom among recipient states, by land and by sea."""
    return _network(kind.tobytes())


@cache
def _network(states: bytes) -> Network:
    kind = np.frombuffer(states, dtype=bool)
    place = {code: i for i, code in enumerate(codes())}
    table = borders()
    ends = zip(table.iso3_a, table.iso3_b, strict=True)
    pairs = np.array([[place[a], place[b]] for a, b in ends])
    keep = kind[pairs[:, 0]] & kind[pairs[:, 1]]
    return Network.of(pairs[keep], np.asarray(table.kind == "land")[keep], len(place))


def _padded(values: "pd.Series[float]", fill: float = 0.0) -> FloatArray:
    return np.concatenate([values.to_numpy(dtype=np.float64), np.full(len(OTHER_ROWS), fill)])


def kinds(donors: Mapping[str, Donor], counterparts: tuple[str, ...]) -> FloatArray:
    """Return the :class:`Kind` of every row given who gives and who is only met."""
    rows = codes()
    kind = np.full(len(rows), int(Kind.STATE))
    for i, code in enumerate(rows):
        if code in OTHER_ROWS:
            kind[i] = Kind.ORGANISATION
        elif code in counterparts:
            kind[i] = Kind.PEER
        elif code in donors:
            kind[i] = Kind.DONOR
    return kind


def _ranks(values: FloatArray) -> FloatArray:
    return np.asarray((pd.Series(values).rank().to_numpy() - 1.0) / max(len(values) - 1, 1))


def _nearness(table: pd.DataFrame, code: str) -> FloatArray:
    """Return the rank, 0-1, of each state's nearness to a donor's UN ideal point."""
    point = table["un_ideal_point"]
    return _ranks(-np.abs(point - point[code]).to_numpy())


def _governed(table: pd.DataFrame, p: Parameters) -> FloatArray:
    """Return starting capability, ``(capabilities, states)``, from governance indicators."""
    rule, effect = table["rule_of_law"], table["government_effectiveness"]
    stable = table["political_stability"]
    scores = {
        "investigation": rule,
        "public_order": (effect + stable) / 2,
        "border": (rule + effect + stable) / 3,
        "technology": effect,
    }
    span = p.start.capability_floor + p.start.capability_span * np.stack([ndtr(scores[k]) for k in CAPABILITIES])
    return np.asarray(span)


_KNOWN: dict[str, Facts] = {}


def facts(table: pd.DataFrame, donors: Mapping[str, Donor], counterparts: tuple[str, ...], p: Parameters) -> Facts:
    """Return what is known of each row; found once for all batches that start alike."""
    told = {code: {name: getattr(d, name) for name in _TOLD} for code, d in donors.items()}
    key = repr((told, counterparts, p.start))
    if key not in _KNOWN:
        _KNOWN[key] = _facts(table, donors, counterparts, p)
    return _KNOWN[key]


def _facts(table: pd.DataFrame, donors: Mapping[str, Donor], counterparts: tuple[str, ...], p: Parameters) -> Facts:
    kind = kinds(donors, counterparts)
    small = (table["population"] < MICROSTATE).astype(float)
    coalition = table["polyarchy"]
    sensitive = p.start.sovereignty + p.start.sovereignty_small * small + p.start.sovereignty_broad * coalition
    force = np.clip(0.01 * p.start.police * table["population"], p.start.force_floor, p.start.force_ceiling)
    threat = p.start.threat * ndtr(-table["political_stability"])
    threat += p.start.threat_conflict * table["intrastate_conflict"]
    per_donor = [_by_donor(table, code, donor, kind, p) for code, donor in donors.items()]
    padding = ((0, 0), (0, len(OTHER_ROWS)))
    by_donor = {name: np.stack([row[name] for row in per_donor]) for name in per_donor[0]}
    hub = table["gdp_usd"] / table.groupby("subregion")["gdp_usd"].transform("max")
    return Facts(
        kind=kind.astype(np.int64),
        slot=np.arange(len(kind)),
        population=_padded(table["population"]),
        gdp_usd=_padded(table["gdp_usd"]),
        vote=_padded(table["un_member"]),
        region=_padded(table["region"].map(REGIONS.index), -1.0).astype(np.int64),
        coalition=_padded(coalition),
        oversight=_padded(table["liberal_democracy"]),
        press=_padded(table["civil_liberties"]),
        force=_padded(force, 1.0),
        hub=_padded(hub, 1.0),
        ideal_point=_padded(table["un_ideal_point"]),
        capability=np.pad(_governed(table, p), padding, constant_values=0.5),
        threat=np.clip(_padded(pd.Series(threat, index=table.index)), 0.0, 1.0),
        sovereignty=_padded(sensitive),
        entanglement=_padded(pd.Series(p.start.entanglement * ndtr(-table["control_of_corruption"]))),
        **by_donor,
    )


def _by_donor(table: pd.DataFrame, code: str, donor: Donor, kind: FloatArray, p: Parameters) -> dict[str, FloatArray]:
    """Return what is known of each row in respect of one donor, ``(rows,)`` each."""
    score = {
        name: covariates.weigh(getattr(donor, name), table, code)
        for name in ("value", "stake", "exposure", "trust", "lock_in")
    }
    others = table.index != code
    worth = (score["value"] - score["value"][others].mean()) / (score["value"][others].std() or 1.0)
    shunned = pick(donor.shuns, table, OTHER_ROWS)
    himself = np.array([c == code for c in codes()])
    states = kind == Kind.STATE
    trust = p.start.trust_floor + p.start.trust_span * _ranks(score["trust"])
    liberal, point = table["liberal_democracy"], table["un_ideal_point"]
    touching = covariates.border(table, code)
    return {
        "installed": np.maximum(_padded(pd.Series(score["lock_in"])), 0.0),
        "agreed": pick(donor.agreements, table, OTHER_ROWS).astype(float),
        "pilot": pick(donor.pilot, table, OTHER_ROWS).astype(float),
        "alignment": _padded(pd.Series(_nearness(table, code)), 0.5),
        "trust": _padded(pd.Series(trust), 0.3),
        "value": _padded(pd.Series(worth)),
        "stake": _padded(pd.Series(_ranks(score["stake"]) if donor.stake else score["stake"])),
        "exposure": _padded(pd.Series(_ranks(score["exposure"]) if donor.exposure else score["exposure"])),
        "border": _padded(pd.Series(touching)),
        "affinity": _padded(1.0 - (liberal - liberal[code]).abs(), 0.5),
        "pole": _padded((point[code] - point).clip(-1.0, 1.0)),
        "eligible": (states & ~shunned).astype(float),
        "counterpart": ((kind != Kind.DONOR) & ~shunned & ~himself).astype(float),
        "core": pick(donor.core, table, OTHER_ROWS).astype(float),
    }


def world(donors: Mapping[str, Donor], counterparts: tuple[str, ...], p: Parameters, runs: int) -> World:
    """Return the world at the start, alike in every run of the batch.

    Parameters
    ----------
    donors : donors by code, numbers as columns
    counterparts : codes of rows that are met but not helped
    p : numbers of the rules, as columns ``(runs, 1)``
    runs : how many runs
    """
    table = countries()
    known = facts(table, donors, counterparts, p)
    many = np.ones((runs, 1))
    each = np.ones((runs, 1, 1))
    zero, per_donor = np.zeros((runs, len(codes()))), np.zeros((runs, len(donors), len(codes())))
    installed, agreed = known.installed, known.agreed
    terror = _padded((table["political_terror"] - 1.0) / 4.0)
    return World(
        recipients=codes(),
        donors=tuple(donors),
        facts=known,
        capability=known.capability * each,
        crime=zero + 1.0,
        threat=known.threat * many,
        regime=zero.astype(np.int64),
        war=_padded((table["intrastate_conflict"] >= 2).astype(float)) * many,
        entanglement=known.entanglement * many,
        policing_model=_padded(1.0 - table["civil_liberties"]) * many,
        flagged=np.floor(terror * p.start.flagged_share * p.vetting.units) * many,
        sovereignty=known.sovereignty * many,
        welfare_loss=zero.copy(),
        alignment=known.alignment * each,
        belief=per_donor + p.start.belief,
        belief_variance=per_donor + p.beliefs.prior_sd[..., None] ** 2,  # type: ignore[index]
        trust=known.trust * each,
        lock_in=installed * each,
        uptime=per_donor + p.delivery.uptime[..., None],  # type: ignore[index]
        agreement=np.where(agreed > 0, Agreement.ACTIVE, Agreement.NONE) * each.astype(np.int64),
        scope=per_donor + 1.0,
        supports=per_donor.astype(bool),
        **{name: per_donor.copy() for name in FROM_NOTHING},
        abuses=zero.copy(),
    )
