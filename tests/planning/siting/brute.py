"""Siting by trying everything: the yardstick of the property tests."""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from linli.planning.siting import Centre, MaximalCovering, Median, SetCovering, SitingProblem


def best_objective(problem: SitingProblem) -> float:
    """The least objective over every open set and every assignment; infinite where there is none."""
    return min((_objective(problem, opened) for opened in _open_sets(problem)), default=np.inf)


def _open_sets(problem: SitingProblem) -> Iterator[tuple[int, ...]]:
    allowed = [j for j in range(problem.sites) if j not in problem.forbidden]
    model = problem.model
    counts = range(1, len(allowed) + 1) if isinstance(model, SetCovering) else [model.sites]
    for count in counts:
        for opened in itertools.combinations(allowed, count):
            if problem.existing <= set(opened):
                yield opened


def _objective(problem: SitingProblem, opened: tuple[int, ...]) -> float:
    if problem.capacities is None:
        costs = problem.costs[:, list(opened)].min(axis=1)
        return _value(problem, costs, len(opened))
    return min((_value(problem, costs, len(opened)) for costs in _packings(problem, opened)), default=np.inf)


def _packings(problem: SitingProblem, opened: tuple[int, ...]) -> Iterator[NDArray[np.float64]]:
    weights = np.ones(problem.clients) if problem.weights is None else problem.weights
    demands = weights if problem.demands is None else problem.demands
    for choice in itertools.product([-1, *opened], repeat=problem.clients):
        load = np.zeros(problem.sites)
        for i, j in enumerate(choice):
            if j >= 0:
                load[j] += demands[i]
        if (load <= problem.capacities + 1e-9).all():
            yield np.array([np.inf if j < 0 else problem.costs[i, j] for i, j in enumerate(choice)])


def _value(problem: SitingProblem, costs: NDArray[np.float64], count: int) -> float:
    weights = np.ones(problem.clients) if problem.weights is None else problem.weights
    model = problem.model
    if isinstance(model, MaximalCovering):
        return float(weights[costs > model.within].sum())
    if isinstance(model, SetCovering):
        return float(count) if (costs <= model.within).all() else np.inf
    if not np.isfinite(costs).all():
        return np.inf
    return float(weights @ costs) if isinstance(model, Median) else _longest(model, costs)


def _longest(model: Centre, costs: NDArray[np.float64]) -> float:
    return float(costs.max())
