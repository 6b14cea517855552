"""Which sites to open under capacities: swaps of open sites, each packed anew."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.kernel.seeds import generator
from linli.planning.siting.instance import Capacity
from linli.planning.siting.interchange import CLOSED, FREE, OPEN
from linli.planning.siting.lists import Lists
from linli.planning.siting.median import MedianSearch
from linli.planning.siting.packing import pack
from linli.planning.siting.result import NOT_SERVED
from linli.planning.siting.state import SearchState

__all__ = ["Packed", "PackingSearch"]


@dataclass(frozen=True, eq=False)
class Packed:
    """An open set with everyone's place in it."""

    value: float
    opened: NDArray[np.int8]
    assignment: NDArray[np.int64]

    @property
    def complete(self) -> bool:
        """Whether every client is served."""
        return bool((self.assignment != NOT_SERVED).all())

    @property
    def sites(self) -> tuple[int, ...]:
        """The open sites, ascending."""
        return tuple(int(j) for j in np.flatnonzero(self.opened))


@dataclass(frozen=True, eq=False)
class PackingSearch:
    """Pairs at the cost that counts, what an unserved client costs, and what sites carry."""

    lists: Lists
    status: NDArray[np.int8]
    missing: NDArray[np.float64]
    capacity: Capacity

    def pack(self, opened: NDArray[np.int8]) -> Packed:
        """Assign everyone who fits."""
        lists = self.lists
        demands, capacities = self.capacity.demands, self.capacity.capacities
        value, serving = pack(lists.first, lists.site, lists.cost, demands, capacities, opened, self.missing)
        return Packed(float(value), opened, serving)

    def starts(self, count: int, hint: frozenset[int]) -> list[NDArray[np.int8]]:
        """Open sets to begin with: best without capacities, the roomiest, and the caller's own."""
        plain = MedianSearch(self.lists, self.status, count, self.missing, self.lists.columns())
        near = plain.fill((self.status == OPEN).astype(np.int8))
        plain.swap(near, np.arange(self.lists.sites))
        room = np.where(self.status == CLOSED, -1.0, self.capacity.capacities)
        room[self.status == OPEN] = np.inf
        roomy = np.zeros(self.lists.sites, np.int8)
        roomy[np.argsort(-room, kind="stable")[:count]] = 1
        found = [near, roomy]
        if hint:
            own = (self.status == OPEN).astype(np.int8)
            own[sorted(hint)] = 1
            if int(own.sum()) <= count:
                found.append(plain.fill(own))
        return found

    def best(self, count: int, hint: frozenset[int], state: SearchState, packings: int) -> Packed:
        """Swap open sites from the best of several starts."""
        begun = min((self.pack(opened) for opened in self.starts(count, hint)), key=lambda p: p.value)
        return self.improve(begun, np.flatnonzero(self.status == FREE), state, packings)

    def improve(
        self, best: Packed, candidates: NDArray[np.int64], state: SearchState, packings: int
    ) -> Packed:
        """Swap open sites for ``candidates`` as long as the packing improves or the effort lasts."""
        rng = generator(state.seed, "siting", "packing")
        improved = True
        while improved:
            improved = False
            inside = rng.permutation(np.flatnonzero((best.opened == 1) & (self.status == FREE)))
            outside = rng.permutation(candidates[best.opened[candidates] == 0])
            for swap in itertools.product(inside, outside):
                if packings <= 0 or state.asks_to_stop():
                    return best
                packings -= 1
                better = self._swapped(best, *swap)
                if better is not None:
                    best, improved = better, True
                    break
        return best

    def _swapped(self, best: Packed, closing: int, opening: int) -> Packed | None:
        opened = best.opened.copy()
        opened[closing], opened[opening] = 0, 1
        packed = self.pack(opened)
        return packed if packed.value < best.value - 1e-9 * (1.0 + abs(best.value)) else None
