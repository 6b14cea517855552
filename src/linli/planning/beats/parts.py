"""The connected parts of every group, the number of beats each gets, and its norms in numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linli.planning.beats.apportion import apportion, beats_by_load, beats_by_units, count_range
from linli.planning.beats.exceptions import PlanException
from linli.planning.beats.heavy import heavy_units, without
from linli.planning.beats.model import Norms, Units
from linli.planning.beats.problem import (
    BeatCount,
    BeatProblem,
    GroupMatrices,
    LoadPerBeat,
    OneUnitEach,
    Rule,
    StraightLine,
    UnitsPerBeat,
)

__all__ = ["Plot", "lay_out", "norms_of"]

NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Plot:
    """A problem made ready for the search."""

    units: Units
    members: tuple[npt.NDArray[np.int64], ...]
    """The units of each part, ascending; parts in the order of their first unit."""
    group: npt.NDArray[np.int32]
    """The group of each part."""
    beats: npt.NDArray[np.int64]
    """How many beats each part gets."""
    target: npt.NDArray[np.float64]
    """The load a beat of each part should have; the mean where the rule names none."""
    by_units: npt.NDArray[np.bool_]
    """Whether the part's rule is about the number of units."""
    exceptions: tuple[PlanException, ...]


def lay_out(problem: BeatProblem) -> Plot:
    """Connected parts, neighbours and loads of a problem."""
    load = _loads(problem)
    pairs = _pairs(problem)
    heavy = heavy_units(problem, load, pairs)
    first, neighbour = _neighbours(problem.units, without(pairs, heavy))
    part, parts = _parts(problem.units, first, neighbour)
    order = np.argsort(part, kind="stable")
    members = tuple(np.split(order, np.cumsum(np.bincount(part, minlength=parts))[:-1])) if parts else ()
    group = np.array([problem.group[m[0]] for m in members], dtype=np.int32)
    beats, target, exceptions = _beats(problem, load, members, group, heavy)
    units = _units(problem, load, part, first, neighbour)
    return Plot(
        units=units,
        members=members,
        group=group,
        beats=beats,
        target=target,
        by_units=np.array([isinstance(problem.rules[g], UnitsPerBeat) for g in group], dtype=bool),
        exceptions=exceptions,
    )


def norms_of(problem: BeatProblem, plot: Plot) -> Norms:
    """Each part's norms with prices turned into travel.

    A typical beat's travel, the scale of prices, is the part's residents × their mean travel to a
    neighbouring unit ÷ the number of beats that the rule gives the part.
    """
    rules = [problem.rules[g] for g in plot.group]
    prices = problem.prices
    scale = _scales(problem, plot)
    ranged = plot.by_units
    single = np.array([isinstance(r, OneUnitEach) for r in rules], dtype=bool)
    target = plot.target
    norm = Norms(
        target=np.where(target > 0, target, 1.0),
        tolerance=np.array([getattr(r, "tolerance", 0.0) for r in rules], dtype=np.float64),
        outside=np.where(ranged | single, 0.0, prices.outside) * scale,
        beyond=np.where(single, 0.0, np.where(ranged, prices.uneven, prices.beyond)) * scale,
        least=np.array([getattr(r, "minimum", 1) for r in rules], dtype=np.int64),
        most=np.array([getattr(r, "maximum", NO_LIMIT) for r in rules], dtype=np.int64),
        astray=prices.count * scale,
        moved=prices.moved * scale,
        scale=scale,
    )
    # A part without any load has nothing to balance.
    empty = target <= 0
    norm.outside[empty] = 0.0
    norm.beyond[empty] = 0.0
    return norm


def _pairs(problem: BeatProblem) -> npt.NDArray[np.int32]:
    """The units that touch within their group."""
    one, other = problem.edges[:, 0], problem.edges[:, 1]
    within: npt.NDArray[np.int32] = problem.edges[
        (problem.group[one] == problem.group[other]) & (one != other)
    ]
    return within


def _neighbours(
    n: int, pairs: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    both = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int64)
    codes = np.unique(both[:, 0] * max(n, 1) + both[:, 1])
    source, goal = np.divmod(codes, max(n, 1))
    first = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    return first, goal.astype(np.int32)


def _parts(
    n: int, first: npt.NDArray[np.int64], neighbour: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], int]:
    if n == 0:
        return np.empty(0, np.int32), 0
    source = np.repeat(np.arange(n), np.diff(first))
    graph = coo_array((np.ones(len(neighbour), np.int8), (source, neighbour)), shape=(n, n))
    parts, label = connected_components(graph, directed=False)
    # Numbered by first unit, whatever order the library found them in.
    _, where, label = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(where))
    return rank[label].astype(np.int32), int(parts)


def _loads(problem: BeatProblem) -> npt.NDArray[np.float64]:
    columns = {"workload": problem.workload, "residents": problem.residents}
    load = np.empty(problem.units)
    for g, rule in enumerate(problem.rules):
        members = problem.group == g
        load[members] = columns[getattr(rule, "measure", "workload")][members]
    return load


def _units(
    problem: BeatProblem,
    load: npt.NDArray[np.float64],
    part: npt.NDArray[np.int32],
    first: npt.NDArray[np.int64],
    neighbour: npt.NDArray[np.int32],
) -> Units:
    n = problem.units
    travel = problem.travel
    x = y = matrix = np.empty(0)
    factor = 1.0
    offset = np.zeros(n, np.int64)
    local = np.zeros(n, np.int32)
    if isinstance(travel, StraightLine):
        x, y, factor = travel.x.astype(np.float64), travel.y.astype(np.float64), float(travel.factor)
    else:
        matrix, offset, local = _matrices(problem, travel)
    return Units(
        x=x,
        y=y,
        factor=factor,
        matrix=matrix,
        offset=offset,
        local=local,
        residents=problem.residents.astype(np.float64),
        load=load,
        part=part,
        first=first,
        neighbour=neighbour,
        kept=np.full(n, -1, np.int32),
    )


def _matrices(
    problem: BeatProblem, travel: GroupMatrices
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    offset = np.zeros(problem.units, np.int64)
    local = np.zeros(problem.units, np.int32)
    begin = 0
    for g, matrix in enumerate(travel.matrices):
        members = problem.members(g)
        local[members] = np.arange(len(members))
        offset[members] = begin + np.arange(len(members)) * len(members)
        begin += matrix.size
    flat = [np.ascontiguousarray(m, dtype=np.float64).ravel() for m in travel.matrices]
    return np.concatenate(flat) if flat else np.empty(0), offset, local


def _scales(problem: BeatProblem, plot: Plot) -> npt.NDArray[np.float64]:
    units = plot.units
    source = np.repeat(np.arange(problem.units), np.diff(units.first))
    goal = units.neighbour
    if units.matrix.size:
        step = units.matrix[units.offset[source] + units.local[goal]]
    else:
        step = units.factor * np.hypot(units.x[source] - units.x[goal], units.y[source] - units.y[goal])
    degree = np.maximum(np.diff(units.first), 1)
    near = np.bincount(source, weights=step, minlength=problem.units) / degree
    weight = np.bincount(units.part, weights=near * units.residents, minlength=len(plot.members))
    scale = weight / np.maximum(plot.beats, 1)
    return np.where(scale > 0, scale, 1.0)


@dataclass(frozen=True)
class _PartOf:
    """One connected part of a group; ``heavy`` for a unit that stands alone."""

    units: npt.NDArray[np.int64]
    load: float
    heavy: bool

    def __len__(self) -> int:
        return len(self.units)


Counted = tuple[list[int], float | None, list[PlanException]]


def _beats(
    problem: BeatProblem,
    load: npt.NDArray[np.float64],
    members: tuple[npt.NDArray[np.int64], ...],
    group: npt.NDArray[np.int32],
    heavy: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], tuple[PlanException, ...]]:
    beats = np.zeros(len(members), np.int64)
    target = np.zeros(len(members))
    exceptions: list[PlanException] = []
    for g, rule in enumerate(problem.rules):
        own = np.flatnonzero(group == g)
        if own.size == 0:
            continue
        parts = [_PartOf(members[p], float(load[members[p]].sum()), bool(heavy[members[p][0]])) for p in own]
        counts, wanted, found = _COUNTERS[type(rule)](rule, g, parts)
        beats[own] = counts
        for p, part, count in zip(own, parts, counts, strict=True):
            target[p] = part.load / count if wanted is None else wanted
        exceptions += found
    return beats, target, tuple(exceptions)


def _count_single(rule: Rule, g: int, parts: list[_PartOf]) -> Counted:
    return [len(m) for m in parts], None, []


def _count_units(rule: Rule, g: int, parts: list[_PartOf]) -> Counted:
    assert isinstance(rule, UnitsPerBeat)  # noqa: S101 - looked up by type
    counts = [beats_by_units(len(m), rule.minimum, rule.maximum) for m in parts]
    exceptions = [_misfit(rule, g, m) for m in parts]
    found = [e for e in exceptions if e is not None]
    if rule.beats is None:
        return counts, None, found
    ranges = [count_range(len(m), rule.minimum, rule.maximum) for m in parts]
    free = [low <= high for low, high in ranges]
    least = [low if ok else k for (low, _), ok, k in zip(ranges, free, counts, strict=True)]
    most = [high if ok else k for (_, high), ok, k in zip(ranges, free, counts, strict=True)]
    shared = apportion(rule.beats, [float(len(m)) for m in parts], least, most)
    if sum(shared) != rule.beats:
        found.append(_group_exception("beats_not_possible", g, parts, rule.beats, sum(least), sum(most)))
    return shared, None, found


def _misfit(rule: UnitsPerBeat, g: int, part: _PartOf) -> PlanException | None:
    n = len(part)
    fewest, most = count_range(n, rule.minimum, rule.maximum)
    if fewest <= most:
        return None
    return PlanException(
        kind="part_below_minimum" if n < rule.minimum else "no_division",
        group=g,
        units=tuple(part.units.tolist()),
        beat=None,
        measured=n,
        least=rule.minimum,
        most=rule.maximum,
    )


def _count_load(rule: Rule, g: int, parts: list[_PartOf]) -> Counted:
    assert isinstance(rule, LoadPerBeat)  # noqa: S101 - looked up by type
    counts = [beats_by_load(part.load, rule.target, len(part)) for part in parts]
    return counts, rule.target, _off_load(rule, rule.target, g, parts, counts)


def _count_fixed(rule: Rule, g: int, parts: list[_PartOf]) -> Counted:
    assert isinstance(rule, BeatCount)  # noqa: S101 - looked up by type
    units = sum(len(m) for m in parts)
    found = []
    if rule.beats < len(parts):
        found.append(_group_exception("more_parts_than_beats", g, parts, rule.beats, len(parts), units))
    if rule.beats > units:
        found.append(_group_exception("more_beats_than_units", g, parts, rule.beats, len(parts), units))
    counts = apportion(rule.beats, [p.load for p in parts], [1] * len(parts), [len(p) for p in parts])
    target = _mean_of_rest(parts, counts)
    return counts, target, found + _off_load(rule, target, g, parts, counts)


def _mean_of_rest(parts: list[_PartOf], counts: list[int]) -> float:
    """The mean load of the beats that are not one heavy unit."""
    rest = [(part.load, count) for part, count in zip(parts, counts, strict=True) if not part.heavy]
    rest = rest or [(part.load, count) for part, count in zip(parts, counts, strict=True)]
    return sum(load for load, _ in rest) / sum(count for _, count in rest)


def _off_load(
    rule: LoadPerBeat | BeatCount, target: float, g: int, parts: list[_PartOf], counts: list[int]
) -> list[PlanException]:
    least, most = target * (1 - rule.tolerance), target * (1 + rule.tolerance)
    slack = 1e-9 * target
    return [
        PlanException(
            kind="heavy_unit" if part.heavy else "part_load_outside",
            group=g,
            units=tuple(part.units.tolist()),
            beat=None,
            measured=part.load / count,
            least=least,
            most=most,
        )
        for part, count in zip(parts, counts, strict=True)
        if not least - slack <= part.load / count <= most + slack
    ]


def _group_exception(
    kind: object, g: int, parts: list[_PartOf], measured: int, least: int, most: int
) -> PlanException:
    units = tuple(sorted(int(i) for part in parts for i in part.units))
    return PlanException(
        kind=kind,  # type: ignore[arg-type]
        group=g,
        units=units,
        beat=None,
        measured=measured,
        least=least,
        most=most,
    )


_COUNTERS: dict[type, Callable[[Rule, int, list[_PartOf]], Counted]] = {
    OneUnitEach: _count_single,
    UnitsPerBeat: _count_units,
    LoadPerBeat: _count_load,
    BeatCount: _count_fixed,
}
