"""Posting people to slots on one day: who may serve what, the fair shares, then who goes where."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from linli.planning.search import Ended, Stop
from linli.planning.staffing.model import Substitution, Supply
from linli.planning.staffing.needs import Slot
from linli.planning.staffing.result import Allocation
from linli.planning.staffing.sharing import Network, share_out

__all__ = ["Posting", "eligible", "post", "postings"]

SUBSTITUTE_PRICE = 1_000_000
"""Dearer than any use of shared pools: someone stands in only where nobody of the role can."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """People posted to each slot, ``None`` where the number on hand is not known."""

    slots: tuple[Slot, ...]
    supplies: tuple[Supply, ...]
    allocated: tuple[int | None, ...]
    open_to: tuple[tuple[int, ...], ...]
    """For each slot the supplies that may serve it."""
    fewest_missing: int
    """By a maximum flow that knows nothing of the sharing: the bound."""
    units: int
    ended: Ended

    @property
    def missing(self) -> int:
        """People missing over all slots whose supply is known."""
        return sum(s.required - n for s, n in zip(self.slots, self.allocated, strict=True) if n is not None)


def eligible(
    slots: Sequence[Slot], supplies: Sequence[Supply], substitutions: Sequence[Substitution]
) -> tuple[tuple[int, ...], ...]:
    """For each slot the indices of the supplies that may serve it, best liked first.

    Own role before substitutes, people bound to fewer stations before those of wider pools. Empty
    where no supply of the slot's own role exists: then the number on hand is not known.
    """
    standing_in: dict[str, set[str]] = {}
    for rule in substitutions:
        standing_in.setdefault(rule.role, set()).add(rule.by)
    near = _by_reach(supplies)
    known: dict[tuple[str, str | None], tuple[int, ...]] = {}
    for slot in slots:
        key = (slot.role, slot.station)
        if key not in known:
            own = near(slot.role, slot.station)
            roles = sorted(standing_in.get(slot.role, ())) if own else []
            others = [i for by in roles for i in near(by, slot.station)]
            known[key] = (*_narrow_first(own, supplies), *_narrow_first(others, supplies))
    return tuple(known[slot.role, slot.station] for slot in slots)


def _by_reach(supplies: Sequence[Supply]) -> Callable[[str, str | None], list[int]]:
    """Which supplies of a role may serve a station's scopes; all of the role where none is named."""
    of_role: dict[str, list[int]] = {}
    of_station: dict[tuple[str, str | None], list[int]] = {}
    for index, supply in enumerate(supplies):
        of_role.setdefault(supply.role, []).append(index)
        for station in (None,) if supply.stations is None else sorted(set(supply.stations)):
            of_station.setdefault((supply.role, station), []).append(index)

    def near(role: str, station: str | None) -> list[int]:
        if station is None:
            return of_role.get(role, [])
        return [*of_station.get((role, station), []), *of_station.get((role, None), [])]

    return near


def post(
    slots: tuple[Slot, ...],
    supplies: tuple[Supply, ...],
    substitutions: Sequence[Substitution],
    *,
    kept: Mapping[tuple[str, str], int],
    stop: Stop,
) -> Posting:
    """Share everyone on hand out among the slots of one day."""
    open_to = eligible(slots, supplies, substitutions)
    known = [i for i, pools in enumerate(open_to) if pools]
    classes = sorted({open_to[i] for i in known})
    number = {pools: index for index, pools in enumerate(classes)}
    required = np.array([slots[i].required for i in known], dtype=np.int64)
    group = np.array([number[open_to[i]] for i in known], dtype=np.int64)
    network = Network(capacity=tuple(s.count for s in supplies), open_to=tuple(classes))
    needed = np.bincount(group, weights=required, minlength=len(classes)).astype(np.int64).tolist()
    fewest = sum(needed) - _most_deliverable(needed, network)
    shared = share_out(
        required,
        group,
        network,
        firm=np.array([slots[i].firm for i in known], dtype=np.int64),
        kept=np.array([kept.get((slots[i].role, slots[i].scope), 0) for i in known], dtype=np.int64),
        missing_at_start=sum(needed),
        best_possible=fewest,
        stop=stop,
    )
    allocated: list[int | None] = [None] * len(slots)
    for i, people in zip(known, shared.allocated.tolist(), strict=True):
        allocated[i] = people
    return Posting(
        slots=slots,
        supplies=supplies,
        allocated=tuple(allocated),
        open_to=open_to,
        fewest_missing=fewest,
        units=shared.units,
        ended=shared.ended,
    )


def postings(posting: Posting) -> tuple[Allocation, ...]:
    """Who goes where: fewest substitutes, then fewest people of wider pools, then by ids.

    A minimum-cost flow over classes; within a class slots draw on its pools in order.
    """
    members: dict[tuple[int, ...], list[int]] = {}
    for index, pools in enumerate(posting.open_to):
        if posting.allocated[index]:
            members.setdefault(pools, []).append(index)
    sent = _cheapest_flow(posting, members)
    rows = []
    for pools, slots in members.items():
        supply = [[pool, sent[pools, pool]] for pool in pools]
        for index in slots:
            rows += _drawn(posting, index, supply)
    return tuple(sorted(rows, key=lambda row: (row.role, row.scope, row.pool, row.by)))


def _drawn(posting: Posting, index: int, supply: list[list[int]]) -> list[Allocation]:
    slot, wanted, rows = posting.slots[index], posting.allocated[index] or 0, []
    for entry in supply:
        taken = min(wanted, entry[1])
        if taken:
            entry[1] -= taken
            wanted -= taken
            source = posting.supplies[entry[0]]
            rows.append(
                Allocation(scope=slot.scope, role=slot.role, pool=source.pool, by=source.role, count=taken)
            )
    return rows


def _cheapest_flow(
    posting: Posting, members: Mapping[tuple[int, ...], list[int]]
) -> dict[tuple[tuple[int, ...], int], int]:
    """People from each pool to each class, at the lowest price.

    A transport problem: its matrix is totally unimodular, so the simplex method ends on whole people.
    """
    arcs = [(pools, pool) for pools in members for pool in pools]
    if not arcs:
        return {}
    row_of = {pools: row for row, pools in enumerate(members)}
    each = np.arange(len(arcs))
    ones = np.ones(len(arcs))
    into = csr_array((ones, ([row_of[pools] for pools, _ in arcs], each)))
    out_of = csr_array((ones, ([pool for _, pool in arcs], each)), shape=(len(posting.supplies), len(arcs)))
    answer = linprog(
        [_price(posting, pools, members[pools][0], pool) for pools, pool in arcs],
        A_ub=out_of,
        b_ub=[supply.count for supply in posting.supplies],
        A_eq=into,
        b_eq=[sum(posting.allocated[i] or 0 for i in slots) for slots in members.values()],
        method="highs-ds",
    )
    if not answer.success:  # pragma: no cover - the sharing has just delivered these numbers
        raise AssertionError(f"no flow delivers what was shared out: {answer.message}")
    return {arc: round(people) for arc, people in zip(arcs, answer.x, strict=True)}


def _price(posting: Posting, pools: tuple[int, ...], slot: int, pool: int) -> float:
    """Cheaper the better liked; a substitute is dearer than any number of places in the order."""
    own = posting.supplies[pool].role == posting.slots[slot].role
    return pools.index(pool) + (0.0 if own else SUBSTITUTE_PRICE)


def _most_deliverable(needed: list[int], network: Network) -> int:
    """People that the network can deliver at most, by SciPy's maximum flow (Dinic)."""
    if not sum(needed):
        return 0
    pools, total = len(network.capacity), sum(needed)
    source, sink = pools + len(needed), pools + len(needed) + 1
    arcs = [(source, pool, min(count, total)) for pool, count in enumerate(network.capacity)]
    arcs += [(pools + group, sink, people) for group, people in enumerate(needed)]
    arcs += [
        (pool, pools + group, needed[group])
        for group, choice in enumerate(network.open_to)
        for pool in choice
    ]
    tails, heads, most = zip(*arcs, strict=True)
    graph = csr_array((np.array(most, dtype=np.int32), (tails, heads)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)


def _narrow_first(indices: list[int], supplies: Sequence[Supply]) -> list[int]:
    def breadth(index: int) -> tuple[float, str, str]:
        stations = supplies[index].stations
        return (float("inf") if stations is None else len(stations), *_name(supplies[index]))

    return sorted(indices, key=breadth)


def _name(supply: Supply) -> tuple[str, str]:
    return supply.pool, supply.role
