"""Made-up positions and residents for places of which only codes, names and totals are published.

Everything from here is synthetic and is called so wherever it goes. It is made to be plausible in the ways
that matter to planning: townships are compact regions of the real outline, their communities lie at
the middle, sizes are skewed as those of real villages are (log-normal), and all counts add up
exactly to the published totals. It says nothing about any real village.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

__all__ = ["Spread", "lattice", "portions", "skewed_counts", "spread_units"]

SAMPLES_PER_UNIT = 80
RELAXATIONS = 12
REASSIGNMENTS = 8
SKEW = 0.45
"""Standard deviation of the logarithm of a place's residents."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Positions in metres, one for each unit, in the order of the groups; and each group's middle."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    middle: NDArray[np.float64]


def spread_units(outline: BaseGeometry, sizes: Sequence[int], rng: np.random.Generator) -> Spread:
    """Positions inside an outline, in metres, for groups of the given sizes.

    Each group is a compact region, and its units stand in order of their distance from its middle.
    The largest group lies nearest to the middle of the outline. At most a few thousand units: the
    assignment takes the cube of their number.
    """
    count = sum(sizes)
    if count == 0:
        return Spread(x=np.empty(0), y=np.empty(0), middle=np.empty((len(sizes), 2)))
    sites = _relaxed(outline, count, rng)
    group, middle = _grouped(sites, sizes, outline, rng)
    order: list[int] = []
    for index in range(len(sizes)):
        members = np.flatnonzero(group == index)
        distance = np.hypot(*(sites[members] - middle[index]).T)
        order += members[np.argsort(distance, kind="stable")].tolist()
    return Spread(x=sites[order, 0], y=sites[order, 1], middle=middle)


def _relaxed(outline: BaseGeometry, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Points spread evenly over an outline (Lloyd's method on a sample of it)."""
    sample = _sampled(outline, count * SAMPLES_PER_UNIT, rng)
    sites = sample[rng.choice(len(sample), size=count, replace=False)]
    for _ in range(RELAXATIONS):
        nearest = cKDTree(sites).query(sample)[1]
        weight = np.bincount(nearest, minlength=count)
        sums = np.column_stack([np.bincount(nearest, sample[:, axis], count) for axis in (0, 1)])
        sites = np.where(weight[:, None] > 0, sums / np.maximum(weight, 1)[:, None], sites)
    # A mean of points can fall outside a bent outline; the nearest sampled point does not.
    outside = ~shapely.contains_xy(outline, sites[:, 0], sites[:, 1])
    sites[outside] = sample[cKDTree(sample).query(sites[outside])[1]]
    return sites


def _sampled(outline: BaseGeometry, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    shapely.prepare(outline)
    x0, y0, x1, y1 = outline.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        points = rng.random((2 * count, 2)) * (x1 - x0, y1 - y0) + (x0, y0)
        found = np.concatenate([found, points[shapely.contains_xy(outline, points[:, 0], points[:, 1])]])
    return found[:count]


def _grouped(
    sites: NDArray[np.float64], sizes: Sequence[int], outline: BaseGeometry, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Group sites into regions of exactly the given sizes, by repeated assignment to moving middles."""
    centre = shapely.centroid(outline)
    middle = sites[rng.choice(len(sites), size=len(sizes), replace=len(sizes) > len(sites))]
    middle = middle[np.argsort(np.hypot(middle[:, 0] - centre.x, middle[:, 1] - centre.y), kind="stable")]
    # The largest group takes the middle that is nearest to the outline's.
    ranked = np.empty_like(middle)
    ranked[np.argsort(-np.asarray(sizes), kind="stable")] = middle
    middle = ranked
    slots = np.repeat(np.arange(len(sizes)), sizes)
    group = np.zeros(len(sites), dtype=np.int64)
    for _ in range(REASSIGNMENTS):
        cost = ((sites[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
        rows, columns = linear_sum_assignment(cost[:, slots])
        group[rows] = slots[columns]
        for index, size in enumerate(sizes):
            if size:
                middle[index] = sites[group == index].mean(axis=0)
    return group, middle


def skewed_counts(total: int, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole numbers, skewed as the sizes of villages are, that add up to ``total``."""
    return portions(total, np.exp(rng.normal(0.0, SKEW, count)))


def portions(total: int, weights: NDArray[Any]) -> NDArray[np.int64]:
    """``total`` split in proportion to ``weights`` into whole numbers that add up to it exactly.

    Largest remainders win the units left over; of equal remainders, the first.
    """
    if len(weights) == 0:
        return np.empty(0, dtype=np.int64)
    exact = weights / weights.sum() * total
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:left]] += 1
    return whole


def lattice(groups: int, members: int, spacing: float, rng: np.random.Generator) -> Spread:
    """Any number of groups in a square of cells, their members jittered on a lattice within the cell.

    For tests of scale: linear in the number of members, and each group is compact.
    """
    side = int(np.ceil(np.sqrt(groups)))
    inner = int(np.ceil(np.sqrt(members)))
    cell = np.arange(groups)
    corner = np.column_stack([cell % side, cell // side]) * (inner * spacing)
    step = np.arange(members)
    # The lattice's middle comes first, so that communities lie there.
    grid = np.column_stack([step % inner, step // inner]) + 0.5
    grid = grid[np.argsort(np.hypot(*(grid - inner / 2).T), kind="stable")] * spacing
    jitter = rng.uniform(-0.35, 0.35, (groups, members, 2)) * spacing
    points = (corner[:, None, :] + grid[None, :, :] + jitter).reshape(-1, 2)
    middle = (corner + inner * spacing / 2).astype(np.float64)
    return Spread(x=points[:, 0], y=points[:, 1], middle=middle)
