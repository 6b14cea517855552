"""Beats: units grouped into contiguous beats by annealing over pairs of beats.

The plan begins from random spanning trees (``grow``) or existing beats (``existing``), is annealed by
re-dividing two neighbouring beats at a time (``recombine``; ``shift`` for large beats), and settles
when no re-division of any pair is better. Small parts are then solved exactly (``exact``), which
gives the bound. See docs/methods/beats.md.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.kernel.seeds import Seed, generator
from linli.planning.beats.anneal import settle, sweep
from linli.planning.beats.exact import ExactParams, prove_part
from linli.planning.beats.existing import begin_from, begin_new
from linli.planning.beats.model import Norms, State, Units
from linli.planning.beats.outcome import conclude, conclude_empty
from linli.planning.beats.params import BeatParams
from linli.planning.beats.parts import Plot, lay_out, norms_of
from linli.planning.beats.problem import BeatProblem
from linli.planning.beats.randomness import Stream, stream
from linli.planning.beats.recombine import bench
from linli.planning.beats.result import BeatResult
from linli.planning.beats.state import begin, total
from linli.planning.search import Ended, MaxIterations, Progress, Stop

__all__ = ["solve"]

Integers = npt.NDArray[np.int32]

NODES = 500
"""Nodes that the integer model of one part may branch on."""

SETTLING = 30
"""Rounds over all borders after which settling stops even where it could go on."""


def solve(
    problem: BeatProblem,
    *,
    stop: Stop,
    seed: Seed,
    params: BeatParams | None = None,
    start: Integers | None = None,
) -> BeatResult:
    """Group units into contiguous beats of least travel that keep their groups' rules.

    Parameters
    ----------
    problem
        Units, borders, travel, rules and prices.
    stop
        Asked after each sweep. Under ``MaxIterations`` the annealing is planned to cool by then; a
        stop at any other time is followed by a short settling, so that the plan is sound.
    seed
        Same problem, seed and counts: same plan.
    params
        How hard to try; ``None`` takes the defaults.
    start
        The beat that each unit has now, -1 for none. Each unit that leaves it costs ``prices.moved``.

    Returns
    -------
    BeatResult
        The plan. ``search.bound`` is the least objective that any plan with these numbers of beats can
        have, where every part was small enough to be proved, else ``None``.

    Raises
    ------
    ValueError
        ``start`` is not one number for each unit.
    """
    settings = BeatParams() if params is None else params
    if problem.units == 0:
        return conclude_empty(problem, seed)
    if start is not None and start.shape != (problem.units,):
        raise ValueError(
            f"start has the shape {start.shape}: need one beat for each of {problem.units} units"
        )
    plot = lay_out(problem)
    draws = stream(generator(seed, "beats"))
    begun = begin_new(plot, draws) if start is None else begin_from(plot, start.astype(np.int32), draws)
    units = plot.units._replace(kept=begun.kept)
    norms = norms_of(problem, plot)
    engine = _Engine(units, norms, draws, settings.widest)
    found, iterations, ended = _anneal(engine, begun.assignment, plot, stop, settings)
    free = start is None or problem.prices.moved == 0
    found, bound = _prove(plot, norms, found, stop, settings, iterations, improve=free)
    return conclude(problem, plot, norms, found, begun.identity, start, seed, iterations, ended, bound)


class _Engine:
    """The compiled search with its working room."""

    def __init__(self, units: Units, norms: Norms, draws: Stream, widest: int) -> None:
        n = len(units.load)
        self.units = units
        self.norms = norms
        self.draws = draws
        self.widest = widest
        self.room = bench(n)
        self.queue = np.zeros(n + 1, np.int32)
        self.seen = np.zeros(n, np.int32)

    def sweep(self, state: State, heat: float, firmness: float) -> None:
        norms = self.norms._replace(
            outside=self.norms.outside * firmness, beyond=self.norms.beyond * firmness
        )
        sweep(self.units, norms, state, self.room, self.queue, self.seen, self.draws, heat, self.widest)

    def settle(self, state: State) -> None:
        dirty = np.ones(len(state.head), np.bool_)
        for _ in range(SETTLING):
            if not settle(
                self.units,
                self.norms,
                state,
                self.room,
                self.queue,
                self.seen,
                self.draws,
                self.widest,
                dirty,
            ):
                return

    def objective(self, state: State) -> float:
        return float(total(self.units, self.norms, state))


@dataclass
class _Best:
    assignment: Integers
    objective: float

    def offer(self, state: State, objective: float) -> None:
        if objective < self.objective:
            self.assignment = state.beat.copy()
            self.objective = objective


def _anneal(
    engine: _Engine, assignment: Integers, plot: Plot, stop: Stop, params: BeatParams
) -> tuple[Integers, int, Ended]:
    beats = int(plot.beats.sum())
    state = begin(engine.units, assignment, beats)
    best = _Best(state.beat.copy(), engine.objective(state))
    length = params.length(len(assignment)) if _has_choice(plot) else 0
    planned = min(length, stop.iterations) if isinstance(stop, MaxIterations) else length
    ended: Ended = "converged" if planned == length else "limit"
    iteration = 0
    while iteration < planned:
        if stop(Progress(iteration, best.objective)):
            ended = "limit"
            break
        done = iteration / max(planned - 1, 1)
        engine.sweep(state, params.heat(done), params.firmness(done))
        iteration += 1
        best.offer(state, engine.objective(state))
    engine.settle(state)
    if engine.objective(state) > best.objective:
        state = begin(engine.units, best.assignment, beats)
        engine.settle(state)
    best.offer(state, engine.objective(state))
    return best.assignment, iteration, ended


def _objective(plot: Plot, norms: Norms, assignment: Integers) -> float:
    state = begin(plot.units, assignment, int(plot.beats.sum()))
    return float(total(plot.units, norms, state))


def _has_choice(plot: Plot) -> bool:
    """Whether any part can be divided in more than one way."""
    return any(1 < k < len(members) for k, members in zip(plot.beats, plot.members, strict=True))


def _prove(
    plot: Plot,
    norms: Norms,
    assignment: Integers,
    stop: Stop,
    params: BeatParams,
    iterations: int,
    *,
    improve: bool,
) -> tuple[Integers, float | None]:
    """Small parts solved exactly: the plan with what was bettered, and the bound if all were proved.

    The bound stays ``None`` as soon as one part is too large, too rich or left out by ``stop``; with
    ``improve`` false (there are existing beats, of which the exact model knows nothing) it holds still,
    since prices of moved units only add to it.
    """
    limits = ExactParams(columns=params.prove_columns, integer_columns=params.prove_columns, nodes=NODES)
    sizes = np.array([len(m) for m in plot.members])
    order = np.argsort(sizes, kind="stable")
    within = order[
        (np.cumsum(sizes[order] ** 2) <= params.prove_effort) & (sizes[order] <= params.prove_units)
    ]
    objective = _objective(plot, norms, assignment)
    result = assignment.copy()
    bounds = []
    for p in within.tolist():
        # One short of the count, so that a stop by count ends the annealing and not the proofs.
        if stop(Progress(max(iterations - 1, 0), objective)):
            break
        members = plot.members[p]
        numbers, known = np.unique(assignment[members], return_inverse=True)
        proof, _ = prove_part(plot, norms, p, known.astype(np.int32), limits)
        if proof is None:
            continue
        bounds.append(proof.bound)
        if improve and proof.assignment is not None:
            result[members] = numbers[proof.assignment]
    return result, sum(bounds) if len(bounds) == len(sizes) else None
