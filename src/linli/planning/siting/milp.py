"""One mixed-integer model to HiGHS and back: single-threaded, seeded, stopped by our own rule."""

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from linli.planning.siting.state import SearchState

__all__ = ["Milp", "MilpAnswer", "run_milp"]


@dataclass(frozen=True, eq=False)
class Milp:
    """Minimise ``objective``·x + ``offset`` with ``row_lower`` ≤ ``rows``·x ≤ ``row_upper`` and
    ``lower`` ≤ x ≤ 1."""

    objective: NDArray[np.float64]
    rows: sp.csr_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    whole: NDArray[np.bool_]
    """Which variables are 0 or 1."""
    lower: NDArray[np.float64]
    offset: float = 0.0


@dataclass(frozen=True, eq=False)
class MilpAnswer:
    """What HiGHS says: a solution if there is one, a proved bound, and whether it finished."""

    values: NDArray[np.float64] | None
    bound: float
    finished: bool
    infeasible: bool


def run_milp(
    model: Milp,
    state: SearchState,
    *,
    start: NDArray[np.float64] | None = None,
    aim: float | None = None,
) -> MilpAnswer:
    """Solve a model as far as the stopping rule allows; a strike is noted in ``state.struck``.

    With ``aim``, for whole-numbered objectives, HiGHS ends once a solution reaches it or none can.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", int(state.seed) % 2**31),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-9),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_as_highs(model))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start
        highs.setSolution(solution)
    nodes = _listen(highs, state, aim)
    highs.run()
    state.iterations += 1 + nodes[0]
    return _answer(highs)


def _as_highs(model: Milp) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows, columns = model.rows.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = model.objective
    lp.offset_ = model.offset
    lp.col_lower_, lp.col_upper_ = model.lower, np.ones(columns)
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = model.rows.data.astype(np.float64)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in model.whole]
    return lp


def _listen(highs: highspy.Highs, state: SearchState, aim: float | None) -> list[int]:
    """Ask the stopping rule while HiGHS works; returns the running count of nodes."""
    nodes = [0]

    def ask(event: highspy.HighsCallbackEvent) -> None:
        # An exception must not travel through HiGHS: Ctrl-C becomes a strike like any other.
        try:
            nodes[0] = max(nodes[0], int(event.data_out.mip_node_count))
            state.asks_to_stop(nodes[0])
        except KeyboardInterrupt:
            state.struck = "interrupted"
        if state.struck is not None or _settled(event, aim):
            event.interrupt()

    highs.cbMipInterrupt.subscribe(ask)
    highs.cbSimplexInterrupt.subscribe(ask)
    return nodes


def _settled(event: highspy.HighsCallbackEvent, aim: float | None) -> bool:
    """Whether it is known already that a solution reaches the aim, or that none can."""
    if aim is None:
        return False
    reached = event.data_out.mip_primal_bound <= aim + 1e-6
    return bool(reached or event.data_out.mip_dual_bound > aim + 1e-6)


def _answer(highs: highspy.Highs) -> MilpAnswer:
    status = highs.getModelStatus()
    info = highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return MilpAnswer(None, np.inf, finished=True, infeasible=True)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.asarray(highs.getSolution().col_value) if found else None
    finished = status == highspy.HighsModelStatus.kOptimal
    bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else -np.inf
    return MilpAnswer(values, float(bound), finished=finished, infeasible=False)
