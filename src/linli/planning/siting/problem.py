"""What a siting question is: costs, what is minimised, which sites are fixed and how much each can carry."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linli.kernel.measures import Minutes

__all__ = [
    "Centre",
    "MaximalCovering",
    "Median",
    "Model",
    "NearestCosts",
    "SetCovering",
    "SitingProblem",
]


@dataclass(frozen=True)
class Median:
    """Open ``sites`` sites so that the weighted sum of costs is least (p-median, Hakimi 1964)."""

    sites: int


@dataclass(frozen=True)
class Centre:
    """Open ``sites`` sites so that the longest cost of any client is least (p-centre). Weights play no part:
    a village is no nearer because few people live there."""

    sites: int


@dataclass(frozen=True)
class MaximalCovering:
    """Open ``sites`` sites so that the least weight lies beyond ``within`` (Church & ReVelle 1974)."""

    sites: int
    within: Minutes


@dataclass(frozen=True)
class SetCovering:
    """Open as few sites as possible so that every client lies within ``within`` (Toregas and others 1971)."""

    within: Minutes


Model = Median | Centre | MaximalCovering | SetCovering


@dataclass(frozen=True, eq=False)
class NearestCosts:
    """Costs of the listed pairs of client and site alone, for large problems; other pairs cannot be used.

    Client ``i`` has the sites ``site[first[i]:first[i + 1]]`` at the costs of the same positions.

    Parameters
    ----------
    sites : int
        How many sites there are in all.
    first : int64[clients + 1]
    site : int32[pairs]
    cost : float64[pairs]
        Minutes, ≥ 0.
    """

    sites: int
    first: NDArray[np.int64]
    site: NDArray[np.int32]
    cost: NDArray[np.float64]

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return len(self.first) - 1


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """One siting question. Clients and sites are numbered from 0.

    Parameters
    ----------
    costs : float64[clients, sites] or NearestCosts
        Travel in minutes (or any one unit), ≥ 0; infinite where a site cannot serve a client.
    model : Median, Centre, MaximalCovering or SetCovering
    weights : float64[clients], optional
        What a client counts, such as residents, ≥ 0; one each where absent.
    existing : frozenset of int
        Sites that stay open. They count among the sites to open.
    forbidden : frozenset of int
        Sites that may not open.
    capacities : float64[sites], optional
        The demand a site can carry, ≥ 0. A client is served whole by one site.
    demands : float64[clients], optional
        What a client takes of a site's capacity; its weight where absent.
    """

    costs: NDArray[np.float64] | NearestCosts
    model: Model
    weights: NDArray[np.float64] | None = field(default=None, kw_only=True)
    existing: frozenset[int] = field(default=frozenset(), kw_only=True)
    forbidden: frozenset[int] = field(default=frozenset(), kw_only=True)
    capacities: NDArray[np.float64] | None = field(default=None, kw_only=True)
    demands: NDArray[np.float64] | None = field(default=None, kw_only=True)

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return self.costs.clients if isinstance(self.costs, NearestCosts) else int(self.costs.shape[0])

    @property
    def sites(self) -> int:
        """How many sites there are, forbidden ones included."""
        return self.costs.sites if isinstance(self.costs, NearestCosts) else int(self.costs.shape[1])
