"""Sharing people out fairly: the lexicographic max-min of satisfied shares, in whole people.

The scopes that the same people may serve form a class; pools and classes form a small transport
network. The vectors of people that such a network can deliver are an integral polymatroid (Megiddo,
*Math. Programming* 7, 1974), on which handing out units one at a time, always the most valuable
that is still possible, is optimal for every separable concave objective (Federgruen & Groenevelt,
*Operations Research* 34(6), 1986), and so for the lexicographic max-min (Fujishige,
*Math. of Operations Research* 5(2), 1980). Unit k of a scope that needs r is worth more the smaller
k ÷ r, and at equal k ÷ r the smaller r: it then lifts the share further.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linli.planning.search import Ended, Progress, Stop

__all__ = ["LARGEST_NEED", "MOST_UNITS", "Network", "Shared", "share_out", "unit_order"]

LARGEST_NEED = 2**26
"""Below this, different fractions k ÷ r differ by ≥ 2⁻⁵² and are different doubles: sorting is exact."""

MOST_UNITS = 5_000_000


@dataclass
class Network:
    """Pools on one side, classes of scopes on the other; flow moves as units are handed out."""

    capacity: tuple[int, ...]
    open_to: tuple[tuple[int, ...], ...]
    """For each class the pools that may serve it, best liked first."""
    left: list[int] = field(init=False)
    flow: list[dict[int, int]] = field(init=False)
    """For each pool the people it sends to each class."""
    dry: set[int] = field(init=False, default_factory=set)
    """Pools from which nobody can be had any more, not even by re-routing: a failed search's closure
    has nobody left and gives only to itself, so it stays as it is."""

    def __post_init__(self) -> None:
        self.left = list(self.capacity)
        self.flow = [{} for _ in self.capacity]

    def deliver(self, group: int) -> set[int] | None:
        """Deliver one more person to a class.

        Returns ``None`` when that worked, otherwise every class that is stuck with it: no pool that
        any of them could draw on, directly or by others making room, has anyone left. People handed
        out later never free a stuck class.
        """
        for pool in self.open_to[group]:
            if self.left[pool] > 0:
                self._send(pool, group, 1)
                self.left[pool] -= 1
                return None
        return self._reroute(group)

    def _reroute(self, group: int) -> set[int] | None:
        came_from: dict[int, tuple[int, int]] = {}
        seen = {group}
        asked: set[int] = set()
        queue = deque([group])
        while queue:
            taker = queue.popleft()
            for pool in self.open_to[taker]:
                if self.left[pool] > 0:
                    self._augment(group, taker, pool, came_from)
                    return None
                if pool in asked or pool in self.dry:
                    continue
                asked.add(pool)
                for giver in sorted(self.flow[pool]):
                    if giver not in seen:
                        seen.add(giver)
                        came_from[giver] = (taker, pool)
                        queue.append(giver)
        self.dry |= asked
        return seen

    def _augment(self, group: int, last: int, pool: int, came_from: dict[int, tuple[int, int]]) -> None:
        """Each class on the path takes a person from its pool, for the one it gives away."""
        self.left[pool] -= 1
        self._send(pool, last, 1)
        while last != group:
            taker, given_up = came_from[last]
            self._send(given_up, last, -1)
            self._send(given_up, taker, 1)
            last = taker

    def _send(self, pool: int, group: int, people: int) -> None:
        now = self.flow[pool].get(group, 0) + people
        if now:
            self.flow[pool][group] = now
        else:
            del self.flow[pool][group]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """People handed to each scope, and how far the handing out got."""

    allocated: NDArray[np.int64]
    units: int
    ended: Ended


def unit_order(
    required: NDArray[np.int64], firm: NDArray[np.int64], kept: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Scopes in the order in which their units are handed out, one entry a unit.

    The first ``firm`` units of each scope come before all others. Equal units go first to scopes that
    had the person before (``kept``), then in the order given.
    """
    scope = np.repeat(np.arange(required.size), required)
    first = np.repeat(np.cumsum(required) - required, required)
    unit = np.arange(scope.size) - first
    as_conditions_allow = unit >= firm[scope]
    size = np.where(as_conditions_allow, required[scope], firm[scope])
    order = np.lexsort((scope, unit >= kept[scope], size, unit / np.maximum(size, 1), as_conditions_allow))
    return scope[order].astype(np.int64)


def share_out(
    required: NDArray[np.int64],
    group: NDArray[np.int64],
    network: Network,
    *,
    firm: NDArray[np.int64],
    kept: NDArray[np.int64],
    missing_at_start: int,
    best_possible: int,
    stop: Stop,
) -> Shared:
    """Hand out people until nobody who is left may go anywhere they are needed.

    Parameters
    ----------
    required : array of int
        People each scope needs, below ``LARGEST_NEED``; their sum at most ``MOST_UNITS``.
    group : array of int
        Each scope's class in ``network``, whose flow is filled in.
    firm : array of int
        The part of ``required`` that is served before any scope gets more.
    kept : array of int
        People each scope had in the plan to keep close to; zeros where there is none.
    missing_at_start, best_possible : int
        People missing before and after, for the progress shown.
    """
    allocated = np.zeros(required.size, dtype=np.int64)
    stuck: set[int] = set()
    groups = group.tolist()
    units = 0
    for scope in unit_order(required, firm, kept).tolist():
        if groups[scope] in stuck:
            continue
        if stop(Progress(units, float(missing_at_start - units), float(best_possible))):
            return Shared(allocated=allocated, units=units, ended="limit")
        blocked = network.deliver(groups[scope])
        if blocked is not None:
            stuck |= blocked
            continue
        allocated[scope] += 1
        units += 1
    return Shared(allocated=allocated, units=units, ended="optimal")
