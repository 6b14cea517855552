"""The p-median without capacities: swap search, Lagrangian bound, and branch and bound over sites.

At every node the bound's reduced costs decide most sites; what is left is branched on the site that the
bound is least sure of, best bound first. The bound is that of the strong linear relaxation, whose gap on
p-median instances is small (Duran-Mateluna, Ales & Elloumi 2023 report the same for their Benders method).
"""

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linli.kernel.seeds import generator
from linli.planning.siting.interchange import CLOSED, FREE, OPEN, greedy, interchange, total
from linli.planning.siting.lagrangian import fix_sites, tighten
from linli.planning.siting.lists import Columns, Lists
from linli.planning.siting.parameters import SitingParameters
from linli.planning.siting.state import SearchState

__all__ = ["MedianSearch", "search_median"]

Status = NDArray[np.int8]

_EARLY = 40
_EARLY_HOPE, _LATE_HOPE = 1.5, 1.003
"""Sets that the bound picks are improved when within these multiples of the best answer: the swap search
costs as much as a bound, and deep in the tree it mostly finds again what is known."""


@dataclass(frozen=True, order=True)
class _Node:
    bound: float
    number: int
    status: Status = field(compare=False)
    prices: NDArray[np.float32] = field(compare=False)
    share: NDArray[np.float32] = field(compare=False)


@dataclass(eq=False)
class MedianSearch:
    """Pairs at weighted costs, and how to look for good open sets among them."""

    lists: Lists
    status: Status
    count: int
    missing: NDArray[np.float64]
    """What a client costs that no open site serves."""
    columns: Columns

    def value(self, opened: Status) -> float:
        """The weighted sum of costs of an open set."""
        return float(total(self.lists.first, self.lists.site, self.lists.cost, opened, self.missing))

    def opened(self, sites: tuple[int, ...]) -> Status:
        """An open set as marks."""
        marks = np.zeros(self.lists.sites, np.int8)
        marks[list(sites)] = 1
        return marks

    def fill(self, opened: Status) -> Status:
        """Open more sites, those that save most first, until there are enough."""
        columns = self.columns
        greedy(
            columns.first, columns.client, columns.cost, opened, self.status, self.count, self.missing, 0.0
        )
        return opened

    def swap(self, opened: Status, order: NDArray[np.int64]) -> float:
        """Improve an open set in place until no swap helps; returns its value."""
        lists, columns = self.lists, self.columns
        interchange(
            lists.first, lists.site, lists.cost, columns.first, columns.client, columns.cost,
            opened, self.status, self.missing, order,
        )  # fmt: skip
        return self.value(opened)


def search_median(
    search: MedianSearch, state: SearchState, params: SitingParameters, start: frozenset[int]
) -> None:
    """Find the best ``count`` sites and prove it, as far as the stopping rule allows.

    Raises
    ------
    Stopped
        The stopping rule struck; ``state`` holds what was found until then.
    """
    order = generator(state.seed, "siting", "median", "order").permutation(search.lists.sites)
    existing = (search.status == OPEN).astype(np.int8)
    _offer(search, state, search.fill(existing.copy()), order)
    if start:
        existing[sorted(start)] = 1
        if int(existing.sum()) <= search.count:
            _offer(search, state, search.fill(existing), order)
    state.step()
    _Tree(search, state, params, order).run()


def _offer(search: MedianSearch, state: SearchState, opened: Status, order: NDArray[np.int64]) -> None:
    value = search.swap(opened, order)
    if value < float(search.missing.min(initial=np.inf)):
        state.offer(value, tuple(int(j) for j in np.flatnonzero(opened)))


class _Tree:
    """Branch and bound: nodes still open, the best of them first."""

    def __init__(
        self, search: MedianSearch, state: SearchState, params: SitingParameters, order: NDArray[np.int64]
    ) -> None:
        self.search, self.state, self.params, self.order = search, state, params, order
        self.waiting: list[_Node] = []
        self.numbered = 0
        self.tried: set[bytes] = set()

    def run(self) -> None:
        """Bound the root, then branch until nothing better can be left."""
        self._root()
        while self.waiting:
            node = heapq.heappop(self.waiting)
            if node.bound > self.state.target:
                break
            self.state.prove(node.bound)
            self.state.step()
            self._branch(node)
        self.state.settle()

    def _root(self) -> None:
        """Bound, restart the swap search while the bound is not met, bound again with what is fixed."""
        lists = self.search.lists
        rank = np.minimum(np.maximum(1, lists.lengths // max(1, self.search.count)), lists.lengths - 1)
        prices = lists.cost[lists.first[:-1] + rank]
        status = self.search.status
        for pace, patience, deflection in ((1.0, 20, 0.5), (0.5, 40, 0.7)):
            node = self._bound(status, prices, -np.inf, pace, patience, deflection, self.params.root_rounds)
            if node is None:
                self.waiting = []
                return
            self.state.prove(node.bound)
            self.state.step()
            status, prices = node.status, node.prices.astype(np.float64)
            if not self.waiting:
                self._restart(status)
            self.waiting = [node]
        self._forget_closed(status)

    def _restart(self, status: Status) -> None:
        rng = generator(self.state.seed, "siting", "median", "restarts")
        for _ in range(self.params.restarts):
            opened = self.search.opened(self.state.open_sites)
            inside = np.flatnonzero((opened == 1) & (self.search.status == FREE))
            outside = np.flatnonzero((opened == 0) & (status == FREE))
            moves = min(len(inside), len(outside), 2 + len(inside) // 10)
            if moves == 0:
                return
            opened[rng.choice(inside, moves, replace=False)] = 0
            opened[rng.choice(outside, moves, replace=False)] = 1
            _offer(self.search, self.state, opened, self.order)
            self.state.step()

    def _forget_closed(self, status: Status) -> None:
        """Drop the pairs of sites that no better answer opens: the nodes below scan far less."""
        search = self.search
        lists = search.lists.keep(status[search.lists.site] != CLOSED)
        kept = np.where(status == CLOSED, np.int8(CLOSED), search.status)
        self.search = MedianSearch(lists, kept, search.count, search.missing, lists.columns())

    def _branch(self, node: _Node) -> None:
        free = np.flatnonzero(node.status == FREE)
        site = free[np.argmin(np.abs(node.share[free] - 0.5))]
        prices = node.prices.astype(np.float64)
        for decision in (OPEN, CLOSED):
            status = node.status.copy()
            status[site] = decision
            child = self._bound(status, prices, node.bound, 0.5, 10, 0.5, self.params.node_rounds)
            if child is not None:
                heapq.heappush(self.waiting, child)

    def _bound(
        self,
        status: Status,
        prices: NDArray[np.float64],
        floor: float,
        pace: float,
        patience: int,
        deflection: float,
        rounds: int,
    ) -> _Node | None:
        """Bound one node and fix sites; ``None`` when nothing better can lie in it."""
        if self._decided(status):
            return None
        search, state, lists = self.search, self.state, self.search.lists
        upper = state.objective if np.isfinite(state.objective) else float(search.missing.sum())
        bound, best, rho, share, value, picked = tighten(
            lists.first, lists.site, lists.cost, prices, status, search.count, upper,
            state.target, search.missing, rounds, pace, patience, deflection,
        )  # fmt: skip
        self._try(picked, value)
        self._try_rounded(status, share)
        if bound > state.target:
            return None
        status = fix_sites(bound, rho, status, search.count, state.target)
        if self._decided(status):
            return None
        self.numbered += 1
        return _Node(
            max(bound, floor), self.numbered, status, best.astype(np.float32), share.astype(np.float32)
        )

    def _try(self, picked: Status, value: float) -> None:
        """Improve a set that the bound picked, unless it is known; deep in the tree only the promising."""
        key = picked.tobytes()
        hopeless = _EARLY_HOPE if self.numbered < _EARLY else _LATE_HOPE
        if value > hopeless * self.state.objective or key in self.tried:
            return
        self.tried.add(key)
        _offer(self.search, self.state, picked.copy(), self.order)

    def _try_rounded(self, status: Status, share: NDArray[np.float64]) -> None:
        """Improve the set of sites picked in most rounds: near the relaxation's own answer."""
        liking = np.where(status == OPEN, 2.0, np.where(status == CLOSED, -1.0, share))
        opened = np.zeros(len(status), np.int8)
        opened[np.argsort(-liking, kind="stable")[: self.search.count]] = 1
        self._try(opened, self.search.value(opened))

    def _decided(self, status: Status) -> bool:
        """Whether at most one open set is left; it is offered."""
        fixed = int((status == OPEN).sum())
        allowed = int((status != CLOSED).sum())
        if fixed > self.search.count or allowed < self.search.count:
            return True
        if fixed < self.search.count < allowed:
            return False
        opened = (status == OPEN if fixed == self.search.count else status != CLOSED).astype(np.int8)
        value = self.search.value(opened)
        if value < float(self.search.missing.min(initial=np.inf)):
            self.state.offer(value, tuple(int(j) for j in np.flatnonzero(opened)))
        return True
