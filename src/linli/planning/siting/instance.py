"""A problem made ready for a search: usable pairs sorted, weights filled in, sites decided."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.planning.siting.interchange import CLOSED, OPEN
from linli.planning.siting.lists import Lists, lists_of
from linli.planning.siting.problem import MaximalCovering, Model, SetCovering, SitingProblem
from linli.planning.siting.validation import numbers, refuse, validate

__all__ = ["Capacity", "Instance", "prepare"]


@dataclass(frozen=True, eq=False)
class Capacity:
    """What sites carry and clients take."""

    capacities: NDArray[np.float64]
    demands: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Instance:
    """The pairs that may be used: no forbidden site; within the covering time where the model has one."""

    model: Model
    lists: Lists
    weights: NDArray[np.float64]
    status: NDArray[np.int8]
    capacity: Capacity | None

    @property
    def weighted(self) -> Lists:
        """The pairs at cost times weight."""
        return self.lists.with_costs(self.lists.cost * self.weights[self.lists.client])

    @property
    def allowed(self) -> int:
        """How many sites may open."""
        return int((self.status != CLOSED).sum())


def prepare(problem: SitingProblem) -> Instance:
    """Check a problem and make it ready.

    Raises
    ------
    LinliError
        The problem is malformed, or some client can never be served.
    """
    validate(problem)
    status = np.zeros(problem.sites, np.int8)
    status[list(problem.existing)] = OPEN
    status[list(problem.forbidden)] = CLOSED
    weights = np.ones(problem.clients) if problem.weights is None else problem.weights
    capacity = None
    if problem.capacities is not None:
        capacity = Capacity(problem.capacities, weights if problem.demands is None else problem.demands)
    lists = _usable(lists_of(problem.costs), problem.model, status, capacity)
    instance = Instance(problem.model, lists, weights, status, capacity)
    _check_served(problem, instance)
    return instance


def _usable(lists: Lists, model: Model, status: NDArray[np.int8], capacity: Capacity | None) -> Lists:
    wanted = status[lists.site] != CLOSED
    if isinstance(model, MaximalCovering | SetCovering):
        wanted &= lists.cost <= model.within
    if capacity is not None and wanted.any():
        wanted &= capacity.demands[lists.client] <= capacity.capacities[lists.site]
    return lists if wanted.all() else lists.keep(wanted)


def _check_served(problem: SitingProblem, instance: Instance) -> None:
    """Refuse what no choice of sites can answer; maximal covering may leave clients out."""
    model = instance.model
    if isinstance(model, MaximalCovering):
        return
    alone = np.flatnonzero(instance.lists.lengths == 0)
    if len(alone):
        _refuse_alone(problem, [int(i) for i in alone])
    if instance.capacity is None:
        return
    count = instance.allowed if isinstance(model, SetCovering) else model.sites
    fixed = instance.capacity.capacities[instance.status == OPEN]
    others = np.sort(instance.capacity.capacities[instance.status == 0])[::-1]
    most = float(fixed.sum() + others[: count - len(fixed)].sum())
    demand = float(instance.capacity.demands.sum())
    if demand > most * (1.0 + 1e-9):
        raise refuse("capacity", demand=demand, count=count, capacity=most)


def _refuse_alone(problem: SitingProblem, alone: list[int]) -> None:
    reachable = lists_of(problem.costs)
    model = problem.model
    allowed = np.array([j not in problem.forbidden for j in range(problem.sites)])
    near = allowed[reachable.site]
    if isinstance(model, SetCovering):
        near &= reachable.cost <= model.within
    for i in alone:
        own = slice(reachable.first[i], reachable.first[i + 1])
        sites = reachable.site[own][near[own]]
        if len(sites) and problem.capacities is not None:
            demands = problem.weights if problem.demands is None else problem.demands
            demand = 1.0 if demands is None else float(demands[i])
            raise refuse(
                "client_too_large", client=i, demand=demand, capacity=float(problem.capacities[sites].max())
            )
    if isinstance(model, SetCovering):
        raise refuse("uncoverable", clients=numbers(alone), within=model.within)
    raise refuse("unreachable", clients=numbers(alone))
