"""Beats: Linli against METIS, KaHIP, GerryChain and spopt on the same graphs, in one run.

    .venv/bin/python benchmarks/beats.py                         ours and every peer (an hour)
    .venv/bin/python benchmarks/beats.py --peers metis           ours and METIS (a few minutes)
    .venv/bin/python benchmarks/beats.py --graphs 1024,oregon --peers metis,kahip,gerrychain
    .venv/bin/python benchmarks/beats.py --gap                   only the gap to the exact model
    .venv/bin/python benchmarks/beats.py --heavy                 only graphs with places heavier than a beat

Peers live in an environment of their own (``make bench-peers``) and run one at a time as processes with a
limit of 120 s. Each line gives the seconds of the run shown (without imports and reading; by the clock, and
of the processor), the peak memory of its process, beats within 10 % of the target (residents of the station
÷ its beats), beats in more than one piece, resident-weighted mean distance to the beat's centre, the share
of touching pairs that lie in different beats (compactness: less is more compact), and the distance of ours
÷ that of the line.

The centre of a beat is, for everyone, the unit with the least resident-weighted sum of straight-line
distances from the beat's units; for a beat in pieces too. A peer is tried at many settings and seeds; two
lines are shown, the run with the most beats within 10 %, and the run with the least distance.
``--heavy``: three places in a hundred are made thirty times as heavy, and the rule is the residents of five
ordinary places to a beat within 10 %. A heavy place is outside whatever is done; what counts is what it does
to its neighbours, so beats below the norm are counted beside the share within it.

Seeds of the graphs here (hold-out) were not used while the planner was tuned.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

import graphs
from beats_ours import heavy_problem_of, problem_of
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatParams, UnitsPerBeat, check, exact, solve
from linli.planning.search import MaxIterations

ROOT = Path(__file__).resolve().parents[1]
PEER_PYTHON = ROOT / ".peers" / "bin" / "python"
PEERS = ("metis", "kahip", "gerrychain", "maxp", "azp", "skater")
HOLD_OUT = 20261122
QUICK = 25
UNITS_OF_BEAT = 5
LOOSE, CHEAP = 12, 0.2
GRAPHS: dict[str, Callable[[], graphs.Graph]] = {
    "100": lambda: graphs.lattice(10, HOLD_OUT),
    "1024": lambda: graphs.lattice(32, HOLD_OUT),
    "5041": lambda: graphs.lattice(71, HOLD_OUT),
    "20164": lambda: graphs.lattice(142, HOLD_OUT),
    "100489": lambda: graphs.lattice(317, HOLD_OUT),
    "oregon": graphs.oregon,
    "hawaii": graphs.hawaii,
}


@dataclass(frozen=True, kw_only=True)
class Score:
    """One plan, measured by the same yardstick whoever made it."""

    share: float
    broken: int
    distance: float
    cut: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table."""

    name: str
    seconds: float
    processor: float
    megabytes: float
    score: Score


def measure(graph: graphs.Graph, label: npt.NDArray[np.int64]) -> Score:
    """Balance, contiguity, distance and compactness of an assignment."""
    _, beat = np.unique(label, return_inverse=True)
    station = np.zeros(beat.max() + 1, np.int64)
    station[beat] = graph.station
    target = np.bincount(graph.station, graph.residents) / graph.beats
    load = np.bincount(beat, graph.residents)
    near = np.abs(load / target[station] - 1) <= 0.1 + 1e-9
    walked = 0.0
    for units in np.split(np.argsort(beat, kind="stable"), np.cumsum(np.bincount(beat))[:-1]):
        apart = np.hypot(graph.x[units][:, None] - graph.x[units], graph.y[units][:, None] - graph.y[units])
        walked += float((graph.residents[units] @ apart).min())
    broken = sum(v.kind == "not_contiguous" for v in check(problem_of(graph), beat.astype(np.int32)))
    return Score(
        # A beat that a peer left empty counts as outside; one more than asked for does not help.
        share=float(near.sum() / max(len(load), int(graph.beats.sum()))),
        broken=broken,
        distance=walked / float(graph.residents.sum()),
        cut=float((beat[graph.edges[:, 0]] != beat[graph.edges[:, 1]]).mean()),
    )


def run(name: str, command: list[str], graph: graphs.Graph, limit: float) -> list[Line]:
    """A child's finished runs; none where it did not finish one within the limit."""
    with tempfile.TemporaryDirectory() as folder:
        source, goal = Path(folder) / "graph.npz", Path(folder) / "out.npz"
        graph.save(source)
        try:
            done = subprocess.run(
                [*command, str(source), str(goal)], timeout=limit, capture_output=True, text=True, check=False
            )
            if done.returncode and not goal.exists():
                print(f"{name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        except subprocess.TimeoutExpired:
            pass
        if not goal.exists():
            return []
        try:
            with np.load(goal) as out:
                labels, seconds, processor = out["labels"], out["seconds"], out["processor"]
                memory = float(out["memory"])
        except (ValueError, OSError):
            return []
    return [
        Line(name=name, seconds=float(s), processor=float(p), megabytes=memory, score=measure(graph, label))
        for label, s, p in zip(labels, seconds, processor, strict=True)
    ]


def shown(lines: list[Line], name: str, limit: float) -> list[Line | str]:
    """The best runs of a peer by share and by distance; a sentence where it finished none."""
    if not lines:
        return [f"| {name} | stopped at {limit:.0f} s | | | | | | | |"]
    best = max(lines, key=lambda r: (r.score.share, -r.score.distance))
    near = min(lines, key=lambda r: r.score.distance)
    if best is near:
        return [replace(best, name=f"{name} ({len(lines)} runs)")]
    return [
        replace(best, name=f"{name}, most within 10 % of {len(lines)} runs"),
        replace(near, name=f"{name}, least distance of {len(lines)} runs"),
    ]


def table(key: str, peers: list[str], limit: float) -> None:
    """One graph's table."""
    graph = GRAPHS[key]()
    print(f"\n### {graph.name}: {len(graph.beats)} stations, {graph.beats.sum():,} beats\n")
    print(
        "| | seconds | processor s | MB | within 10 % | broken | mean distance, m | cut pairs | ours ÷ this |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    here = Path(__file__).parent
    program = [sys.executable, str(here / "beats_ours.py")]
    ours = run("Linli", [*program, "0", "0"], graph, 600)
    quick = run(f"Linli, {QUICK} sweeps", [*program, str(QUICK), "0"], graph, 600)
    # The same planner where travel counts for more than balance, as it does for AZP and SKATER.
    loose = run(f"Linli, {LOOSE} sweeps, price {CHEAP}", [*program, str(LOOSE), str(CHEAP)], graph, 600)
    for line in ours + quick + loose:
        show(line, ours[0])
    for peer in peers:
        command = [str(PEER_PYTHON), str(here / "beats_peer.py"), peer]
        for line in shown(run(peer, command, graph, limit), peer, limit):
            show(line, ours[0])


def show(line: Line | str, ours: Line) -> None:
    """Print one line."""
    if isinstance(line, str):
        print(line, flush=True)
        return
    s = line.score
    print(
        f"| {line.name} | {line.seconds:.3g} | {line.processor:.3g} | {line.megabytes:.0f} "
        f"| {s.share:.1%} | {s.broken} "
        f"| {s.distance:.1f} | {s.cut:.1%} | {ours.score.distance / s.distance:.3f} |",
        flush=True,
    )


def gaps() -> None:
    """The gap to the exact model on hold-out instances of up to 100 units, two rules each."""
    print("\n### Gap to the exact model\n")
    print("| units | rule | objective | exact bound | gap | gap of the search alone |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    for side in (5, 6, 7, 8, 9, 10):
        for seed in (HOLD_OUT + 1, HOLD_OUT + 2):
            counted = problem_of(graphs.lattice(side, seed))
            ranged = replace(counted, rules=(UnitsPerBeat(minimum=4, maximum=6),))
            for name, problem in (("n ÷ 5 beats within 10 %", counted), ("4 to 6 units", ranged)):
                stop = MaxIterations(10**9)
                full = solve(problem, stop=stop, seed=Seed(1))
                alone = solve(problem, stop=stop, seed=Seed(1), params=BeatParams(prove_units=0))
                proof = exact(problem, full.assignment)
                bound = proof.bound
                if bound is None:
                    print(f"| {side * side} | {name} | {full.search.objective:.6g} | unknown | | |")
                    continue
                both = [(r.search.objective - bound) / r.search.objective for r in (full, alone)]
                print(
                    f"| {side * side} | {name} | {full.search.objective:.6g} | {bound:.6g} "
                    f"| {both[0]:.3%} | {both[1]:.2%} |",
                    flush=True,
                )


def heavies() -> None:
    """Ours on graphs with places heavier than a beat should be."""
    print("\n### Places heavier than a beat\n")
    print("| graph | beats | below the norm | within 10 % | above | beats of one heavy place |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    plain = [
        *(graphs.lattice(side, HOLD_OUT + 3) for side in graphs.HEAVY_LATTICES),
        graphs.oregon(),
        graphs.hawaii(),
    ]
    for number, graph in enumerate(plain):
        target = UNITS_OF_BEAT * float(graph.residents.mean())
        uneven = graphs.heavy(graph, HOLD_OUT + number)
        result = solve(heavy_problem_of(uneven, target), stop=MaxIterations(10**9), seed=Seed(1))
        ratio = np.bincount(result.assignment, uneven.residents) / target
        size = np.bincount(result.assignment)
        below, above = int((ratio < 0.9 - 1e-9).sum()), int((ratio > 1.1 + 1e-9).sum())
        alone = int(((size == 1) & (ratio > 1.1 + 1e-9)).sum())
        within = (len(ratio) - below - above) / len(ratio)
        print(
            f"| {uneven.name} | {len(ratio):,} | {below:,} | {within:.1%} | {above:,} | {alone:,} |",
            flush=True,
        )


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--graphs", default=",".join(GRAPHS), help="of " + ",".join(GRAPHS))
    parser.add_argument("--peers", default=",".join(PEERS), help="of " + ",".join(PEERS) + "; empty for none")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each peer on each graph")
    parser.add_argument("--gap", action="store_true", help="only the gap to the exact model")
    parser.add_argument("--heavy", action="store_true", help="only graphs with places heavier than a beat")
    given = parser.parse_args()
    if given.heavy:
        heavies()
        return
    peers = [p for p in given.peers.split(",") if p]
    if peers and not given.gap and not PEER_PYTHON.exists():
        sys.exit(f"{PEER_PYTHON} is missing: see the head of this file, or give --peers ''")
    if not given.gap:
        for key in given.graphs.split(","):
            table(key, peers, given.limit)
    gaps()


if __name__ == "__main__":
    main()
