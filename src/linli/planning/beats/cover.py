"""Set partitioning by HiGHS: each unit in exactly one of k priced columns, at the least total price.

The linear relaxation is solved by pricing all columns in and adding the best; columns whose reduced
price exceeds the distance to a known plan cannot be in a better one and are left out of the integer
model.

References
----------
R. S. Garfinkel, G. L. Nemhauser (1970), Optimal political districting by implicit enumeration,
Management Science 16(8). A. Mehrotra, E. L. Johnson, G. L. Nemhauser (1998), Management Science 44(8).
"""

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from linli.planning.beats.columns import Columns

__all__ = ["Cover", "Relaxation", "relax", "select"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

BATCH = 1500
"""Columns added to the linear model at a time."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The linear optimum: its value, the price of covering each unit, and the price of one more column."""

    value: float
    unit_price: Floats
    beat_price: float
    reduced: Floats
    """Each column's reduced price; none below zero but for rounding."""


@dataclass(frozen=True, eq=False)
class Cover:
    """The integer answer: chosen columns, ``None`` where no better one was found; and the proved bound."""

    chosen: Longs | None
    bound: float


def relax(columns: Columns, units: int, beats: int, basis: Longs) -> Relaxation | None:
    """The linear relaxation; ``basis`` are columns that together make a plan. ``None`` if infeasible."""
    sizes = np.diff(columns.first)
    cheap = np.argsort(columns.price / sizes, kind="stable")[:BATCH]
    active = np.zeros(columns.count, bool)
    active[basis] = True
    active[cheap] = True
    while True:
        chosen = np.flatnonzero(active)
        solver = _model(columns.taken(chosen), units, beats, integer=False)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        duals = np.array(solver.getSolution().row_dual)
        covered = np.add.reduceat(duals[columns.rows], columns.first[:-1])
        reduced = columns.price - covered - duals[units]
        scale = max(float(np.abs(columns.price[chosen]).max()), 1e-300)
        better = np.flatnonzero((reduced < -1e-9 * scale) & ~active)
        if better.size == 0:
            value = float(duals[:units].sum() + beats * duals[units] + beats * min(float(reduced.min()), 0.0))
            return Relaxation(value, duals[:units], float(duals[units]), reduced)
        active[better[np.argsort(reduced[better], kind="stable")[:BATCH]]] = True


def select(
    columns: Columns, units: int, beats: int, relaxation: Relaxation, known: float, *, limit: int, nodes: int
) -> Cover:
    """The integer optimum below the ``known`` objective, or the proof that there is none.

    At most ``limit`` columns go into the model, and ``nodes`` nodes are branched on; where that does not
    do, the bound is what was proved.
    """
    room = known - relaxation.value
    chosen = np.flatnonzero(relaxation.reduced <= room + 1e-9 * abs(known))
    if room <= 1e-9 * abs(known):
        return Cover(None, relaxation.value)
    if len(chosen) > limit:
        return Cover(None, relaxation.value)
    solver = _model(columns.taken(chosen), units, beats, integer=True)
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-9 * abs(known))
    solver.run()
    info = solver.getInfo()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Cover(None, known)
    bound = max(min(float(info.mip_dual_bound), known), relaxation.value)
    if info.primal_solution_status != 2:
        return Cover(None, bound)
    taken = np.array(solver.getSolution().col_value) > 0.5
    return Cover(chosen[taken], bound)


def _model(columns: Columns, units: int, beats: int, *, integer: bool) -> highspy.Highs:
    """Rows: each unit once, and the number of beats."""
    count = columns.count
    first = columns.first + np.arange(count + 1)
    index = np.insert(columns.rows, columns.first[1:], units).astype(np.int32)
    model = highspy.HighsLp()
    model.num_col_ = count
    model.num_row_ = units + 1
    model.col_cost_ = columns.price
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.full(count, 1.0 if integer else highspy.kHighsInf)
    model.row_lower_ = model.row_upper_ = np.append(np.ones(units), float(beats))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = first.astype(np.int32)
    model.a_matrix_.index_ = index
    model.a_matrix_.value_ = np.ones(len(index))
    if integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    return solver
