"""The exact model: all contiguous beats of a part, and the cheapest choice of them by integer programming.

Good for parts of up to about 100 units with beats of about five. Beats that the enumeration leaves
out, those too heavy or of a wrong number of units, are shown not to matter, or the bound says
``None``: see ``_floor_of_the_rest``.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.planning.beats.columns import Columns, enumerate_beats
from linli.planning.beats.cover import Relaxation, relax, select
from linli.planning.beats.model import Norms
from linli.planning.beats.parts import Plot, lay_out, norms_of
from linli.planning.beats.problem import BeatProblem
from linli.planning.beats.state import begin, total

__all__ = ["Exact", "ExactParams", "PartProof", "exact", "prove_part"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


MARGIN = 0.25
"""Beats are enumerated up to this share of the target beyond the tolerance; heavier ones cost too much."""


@dataclass(frozen=True, kw_only=True)
class ExactParams:
    """Limits of the exact model: columns enumerated, columns in the integer model, nodes branched on."""

    columns: int = 3_000_000
    integer_columns: int = 200_000
    nodes: int = 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class PartProof:
    """What the exact model says of one part."""

    assignment: Integers | None
    """A better plan of the part, beats from 0; ``None`` where the plan given is not beaten."""
    objective: float
    """Of that plan, or of the one given."""
    bound: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Exact:
    """The best plan known to the exact model, and what no plan can go below."""

    assignment: Integers
    objective: float
    bound: float | None
    columns: int
    """Possible beats enumerated in all parts."""


def exact(problem: BeatProblem, known: Integers, *, params: ExactParams | None = None) -> Exact:
    """The optimum of a small problem, or as tight a bound as the limits allow.

    Parameters
    ----------
    problem
        Units, borders, travel, rules and prices; existing beats are not considered.
    known
        Any plan with the right number of beats in each part, such as ``solve`` finds: it prunes.
    params
        Limits; ``None`` takes the defaults.

    Raises
    ------
    ValueError
        ``known`` gives some part another number of beats than its rule does.
    """
    limits = ExactParams() if params is None else params
    plot = lay_out(problem)
    norms = norms_of(problem, plot)
    assignment = known.copy()
    bound: float | None = 0.0
    columns = 0
    fresh = int(known.max(initial=-1)) + 1
    for p, members in enumerate(plot.members):
        if len(np.unique(known[members])) != plot.beats[p]:
            raise ValueError(f"the known plan has not the {plot.beats[p]} beats that part {p} is to have")
        proof, count = prove_part(plot, norms, p, _plain(known[members]), limits)
        columns += count
        bound = None if bound is None or proof is None else bound + proof.bound
        if proof is not None and proof.assignment is not None:
            assignment[members] = fresh + proof.assignment
            fresh += int(plot.beats[p])
    state = begin(
        plot.units, np.unique(assignment, return_inverse=True)[1].astype(np.int32), int(plot.beats.sum())
    )
    return Exact(
        assignment=assignment,
        objective=float(total(plot.units, norms, state)),
        bound=bound,
        columns=columns,
    )


def prove_part(
    plot: Plot, norms: Norms, part: int, known: Integers, limits: ExactParams
) -> tuple[PartProof | None, int]:
    """The exact model of one part, against a known plan of it; and the number of possible beats.

    ``None`` where there are too many possible beats, or where those left out may matter.
    """
    members = plot.members[part]
    beats = int(plot.beats[part])
    objective = _price_of(plot, norms, part, known)
    if beats == 1 or beats == len(members):
        return PartProof(assignment=None, objective=objective, bound=objective), 1
    least, most, heaviest = _range(plot, norms, part, known, objective)
    columns = enumerate_beats(
        plot.units, norms, members, least=least, most=most, heaviest=heaviest, limit=limits.columns
    )
    if columns is None:
        return None, limits.columns
    relaxation = relax(columns, len(members), beats, _positions(columns, known))
    if relaxation is None:
        return None, columns.count
    rest = _floor_of_the_rest(plot, norms, part, relaxation, objective, most, heaviest)
    if rest is None:
        return None, columns.count
    cover = select(
        columns,
        len(members),
        beats,
        relaxation,
        objective,
        limit=limits.integer_columns,
        nodes=limits.nodes,
    )
    bound = min(cover.bound, rest)
    if cover.chosen is None:
        return PartProof(assignment=None, objective=objective, bound=min(bound, objective)), columns.count
    assignment = np.zeros(len(members), np.int32)
    for beat, j in enumerate(cover.chosen):
        assignment[columns.rows[columns.first[j] : columns.first[j + 1]]] = beat
    found = _price_of(plot, norms, part, assignment)
    if found >= objective:
        return PartProof(assignment=None, objective=objective, bound=min(bound, objective)), columns.count
    return PartProof(assignment=assignment, objective=found, bound=min(bound, found)), columns.count


def _range(plot: Plot, norms: Norms, part: int, known: Integers, objective: float) -> tuple[int, int, float]:
    """Which beats are enumerated: sizes in the norm if the known plan keeps it, loads up to its heaviest."""
    members = plot.members[part]
    load = np.bincount(known, weights=plot.units.load[members])
    free = len(members) - int(plot.beats[part]) + 1
    if plot.by_units[part]:
        if objective < norms.astray[part]:
            return int(norms.least[part]), min(int(norms.most[part]), free), np.inf
        return 1, free, np.inf
    ceiling = norms.target[part] * (1 + norms.tolerance[part] + MARGIN)
    held = load[load <= 2 * ceiling]
    return 1, free, max(ceiling, float(held.max(initial=0.0))) * (1 + 1e-9)


def _floor_of_the_rest(
    plot: Plot, norms: Norms, part: int, relaxation: Relaxation, objective: float, most: int, heaviest: float
) -> float | None:
    """What a plan with a beat that was not enumerated costs at least; ``None`` if that is not known.

    By number of units: one beat outside the norm costs its price, which exceeds the known plan.
    By load: a beat b heavier than ``heaviest`` h has the reduced price
    travel(b) + outside + beyond·(L/T − 1 − τ) − Σ π(i) − μ. For any slope s ≤ beyond,
    Σ π(i) ≤ s·L/T + Σ max(0, π(i) − s·load(i)/T), so that the reduced price is at least
    outside + beyond·(h/T − 1 − τ) − s·h/T − Σ max(0, π − s·load/T) − μ; the best s is taken.
    """
    if plot.by_units[part]:
        return float(norms.astray[part]) if most < len(plot.members[part]) - plot.beats[part] + 1 else np.inf
    target = norms.target[part]
    load = plot.units.load[plot.members[part]] / target
    over = max(heaviest / target - 1 - norms.tolerance[part], 0.0)
    slopes = np.linspace(0, norms.beyond[part], 401)
    excess = np.maximum(0.0, relaxation.unit_price[None, :] - slopes[:, None] * load[None, :]).sum(axis=1)
    floors = norms.outside[part] + norms.beyond[part] * over - slopes * heaviest / target - excess
    floor = float(floors.max()) - relaxation.beat_price
    return relaxation.value + floor if floor >= 0 else None


def _price_of(plot: Plot, norms: Norms, part: int, assignment: Integers) -> float:
    """The objective of one part's plan."""
    members = plot.members[part]
    place = np.full(len(plot.units.part), -1, np.int32)
    place[members] = np.arange(len(members))
    counts = np.diff(plot.units.first)[members]
    spots = np.concatenate([np.arange(plot.units.first[i], plot.units.first[i + 1]) for i in members])
    units = plot.units._replace(
        x=plot.units.x[members] if plot.units.x.size else plot.units.x,
        y=plot.units.y[members] if plot.units.y.size else plot.units.y,
        offset=plot.units.offset[members],
        local=plot.units.local[members],
        residents=plot.units.residents[members],
        load=plot.units.load[members],
        part=plot.units.part[members],
        kept=np.full(len(members), -1, np.int32),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        neighbour=place[plot.units.neighbour[spots]],
    )
    _, plain = np.unique(assignment, return_inverse=True)
    state = begin(units, plain.astype(np.int32), int(plain.max()) + 1)
    return float(total(units, norms, state))


def _positions(columns: Columns, known: Integers) -> Longs:
    """The columns that make up the known plan, as far as they were enumerated."""
    sizes = np.diff(columns.first)
    _, plain, many = np.unique(known, return_inverse=True, return_counts=True)
    beat = plain[columns.rows]
    low = np.minimum.reduceat(beat, columns.first[:-1])
    high = np.maximum.reduceat(beat, columns.first[:-1])
    return np.flatnonzero((low == high) & (sizes == many[low])).astype(np.int64)


def _plain(assignment: Integers) -> Integers:
    return np.unique(assignment, return_inverse=True)[1].astype(np.int32)
