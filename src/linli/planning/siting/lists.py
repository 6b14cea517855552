"""Pairs of client and site that can be used, by client with the nearest first, and by site."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.planning.siting.problem import NearestCosts

__all__ = ["Columns", "Lists", "lists_of"]


@dataclass(frozen=True, eq=False)
class Columns:
    """The same pairs by site: ``client[first[j]:first[j + 1]]`` can be served by site ``j``."""

    first: NDArray[np.int64]
    client: NDArray[np.int32]
    cost: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lists:
    """Sites that can serve each client, nearest first; ties by site number, so that order is one."""

    sites: int
    first: NDArray[np.int64]
    site: NDArray[np.int32]
    cost: NDArray[np.float64]

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return len(self.first) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many sites can serve each client."""
        return np.diff(self.first)

    @property
    def client(self) -> NDArray[np.int32]:
        """The client of each pair."""
        return np.repeat(np.arange(self.clients, dtype=np.int32), self.lengths)

    def keep(self, wanted: NDArray[np.bool_]) -> "Lists":
        """The pairs marked in ``wanted`` alone, in the same order."""
        counts = np.concatenate(([0], np.cumsum(wanted, dtype=np.int64)))
        return Lists(self.sites, counts[self.first], self.site[wanted], self.cost[wanted])

    def with_costs(self, cost: NDArray[np.float64]) -> "Lists":
        """The same pairs at other costs, which must not change the order within a client."""
        return Lists(self.sites, self.first, self.site, cost)

    def columns(self) -> Columns:
        """The pairs by site."""
        order = np.argsort(self.site, kind="stable")
        first = np.concatenate(([0], np.cumsum(np.bincount(self.site, minlength=self.sites), dtype=np.int64)))
        return Columns(first, self.client[order], self.cost[order])


def lists_of(costs: NDArray[np.float64] | NearestCosts) -> Lists:
    """Sort the usable pairs of each client; infinite costs are left out."""
    if isinstance(costs, NearestCosts):
        return _sorted_pairs(costs)
    clients, sites = costs.shape
    order = np.argsort(costs, axis=1, kind="stable").astype(np.int32)
    ordered = np.take_along_axis(costs, order, axis=1)
    first = (
        np.arange(0, clients * sites + 1, sites, dtype=np.int64) if sites else np.zeros(clients + 1, np.int64)
    )
    full = Lists(sites, first, order.ravel(), ordered.ravel())
    finite = np.isfinite(full.cost)
    return full if finite.all() else full.keep(finite)


def _sorted_pairs(costs: NearestCosts) -> Lists:
    client = np.repeat(np.arange(costs.clients), np.diff(costs.first))
    order = np.lexsort((costs.site, costs.cost, client))
    pairs = Lists(costs.sites, costs.first, costs.site[order].astype(np.int32), costs.cost[order])
    finite = np.isfinite(pairs.cost)
    return pairs if finite.all() else pairs.keep(finite)
