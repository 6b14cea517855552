"""From the search's last assignment to a result: numbering, centres, exceptions, totals."""

import numpy as np
import numpy.typing as npt

from linli.kernel.seeds import Seed
from linli.planning.beats.exceptions import PlanException, PlanExceptionKind
from linli.planning.beats.model import Norms, State
from linli.planning.beats.parts import Plot
from linli.planning.beats.problem import BeatProblem, OneUnitEach, UnitsPerBeat
from linli.planning.beats.result import BeatResult
from linli.planning.beats.state import begin, centres, total
from linli.planning.search import Ended, Search

__all__ = ["conclude", "conclude_empty"]

ROUNDING = 1e-9


def conclude_empty(problem: BeatProblem, seed: Seed) -> BeatResult:
    """The plan of no units: no beats, objective zero, proved."""
    none = np.empty(0, np.int32)
    return BeatResult(
        assignment=none,
        centres=none,
        group=none,
        load=np.empty(0),
        target=np.empty(0),
        travel=np.empty(0),
        kept=none,
        moved=0,
        heavier=none,
        exceptions=(),
        mean_travel=0.0,
        search=Search(objective=0.0, bound=0.0, iterations=0, seed=seed, ended="optimal"),
    )


def conclude(
    problem: BeatProblem,
    plot: Plot,
    norms: Norms,
    assignment: npt.NDArray[np.int32],
    identity: npt.NDArray[np.int32],
    start: npt.NDArray[np.int32] | None,
    seed: Seed,
    iterations: int,
    ended: Ended,
    bound: float | None,
) -> BeatResult:
    """The result for an assignment, with everything worked out afresh from it."""
    numbered, order = _number(plot, assignment)
    state = begin(plot.units, numbered, len(order))
    part = plot.units.part[state.head]
    kept = identity[order]
    moved = 0 if start is None else int(((start >= 0) & (kept[numbered] != start)).sum())
    objective = float(total(plot.units, norms, state)) + _price_of_moves(plot, norms, start, kept, numbered)
    residents = float(problem.residents.sum())
    if bound is not None:
        # Sums in another order differ in their last digits; a bound never exceeds what it bounds.
        bound = objective if objective - bound <= ROUNDING * abs(objective) else bound
        ended = "optimal" if bound == objective else ended
    return BeatResult(
        assignment=numbered,
        centres=centres(state),
        group=plot.group[part],
        load=state.load,
        target=plot.target[part],
        travel=state.travel,
        kept=kept,
        moved=moved,
        heavier=_heavier(problem, plot),
        exceptions=plot.exceptions + _broken(problem, plot, norms, state),
        mean_travel=float(state.travel.sum()) / residents if residents > 0 else 0.0,
        search=Search(objective=objective, bound=bound, iterations=iterations, seed=seed, ended=ended),
    )


def _number(
    plot: Plot, assignment: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Beats numbered by group, then by lowest unit; and the old number of each."""
    _, first, inverse = np.unique(assignment, return_index=True, return_inverse=True)
    group = plot.group[plot.units.part[first]]
    order = np.lexsort((first, group))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[inverse], np.unique(assignment)[order].astype(np.int64)


def _price_of_moves(
    plot: Plot,
    norms: Norms,
    start: npt.NDArray[np.int32] | None,
    kept: npt.NDArray[np.int32],
    numbered: npt.NDArray[np.int32],
) -> float:
    if start is None:
        return 0.0
    moved = (start >= 0) & (kept[numbered] != start)
    return float(norms.moved[plot.units.part[moved]].sum())


def _heavier(problem: BeatProblem, plot: Plot) -> npt.NDArray[np.int32]:
    single = np.array([isinstance(problem.rules[g], OneUnitEach) for g in plot.group], dtype=bool)
    part = plot.units.part
    above = plot.units.load > plot.target[part] * (1 + ROUNDING)
    return np.flatnonzero(above & ~single[part] & ~plot.by_units[part]).astype(np.int32)


def _broken(problem: BeatProblem, plot: Plot, norms: Norms, state: State) -> tuple[PlanException, ...]:
    """Beats outside their norm, except those whose whole part was named for the same reason already."""
    found = []
    order = np.argsort(state.beat, kind="stable")
    members = np.split(order, np.cumsum(state.size)[:-1])
    for b, units in enumerate(members):
        part = int(plot.units.part[units[0]])
        rule = problem.rules[plot.group[part]]
        if isinstance(rule, OneUnitEach):
            continue
        if isinstance(rule, UnitsPerBeat):
            kind: PlanExceptionKind = "beat_units_outside"
            measured, least, most = float(state.size[b]), float(rule.minimum), float(rule.maximum)
        else:
            kind = "beat_load_outside"
            measured = float(state.load[b])
            least, most = (plot.target[part] * (1 + s * rule.tolerance) for s in (-1, 1))
        slack = ROUNDING * max(plot.target[part], 1.0)
        if not least - slack <= measured <= most + slack:
            found.append(
                PlanException(
                    kind=kind,
                    group=int(plot.group[part]),
                    units=tuple(units.tolist()),
                    beat=b,
                    measured=measured,
                    least=float(least),
                    most=float(most),
                )
            )
    return tuple(found)
