"""Linli on one graph, in its own process, so that its memory can be told: see beats.py.

    .venv/bin/python benchmarks/beats_ours.py SWEEPS PRICE GRAPH.npz OUT.npz

SWEEPS 0 means the defaults; PRICE is that of a load outside its tolerance, 0 for the default. The
compiled code is loaded, or compiled the first time, before the clock starts.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

import graphs
from linli.kernel.seeds import Seed
from linli.planning.beats import BeatCount, BeatParams, BeatProblem, LoadPerBeat, Prices, StraightLine, solve
from linli.planning.search import MaxIterations

__all__ = ["heavy_problem_of", "problem_of"]

ENDLESS = 10**9


def problem_of(graph: graphs.Graph) -> BeatProblem:
    """Each station a group with its number of beats, within 10 % of the station's mean."""
    return BeatProblem(
        workload=graph.residents,
        residents=graph.residents,
        group=graph.station,
        edges=graph.edges,
        travel=StraightLine(x=graph.x, y=graph.y),
        rules=tuple(BeatCount(beats=int(k), tolerance=0.1) for k in graph.beats),
    )


def heavy_problem_of(graph: graphs.Graph, target: float) -> BeatProblem:
    """So many residents to a beat within 10 %, whatever number of beats that makes."""
    rules = tuple(LoadPerBeat(target=target, tolerance=0.1) for _ in graph.beats)
    return replace(problem_of(graph), rules=rules)


def peak_megabytes() -> float:
    """Peak memory since this program began: getrusage would count the parent's before it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def main() -> None:
    """Plan and save."""
    sweeps, price = int(sys.argv[1]), float(sys.argv[2])
    graph = graphs.Graph.load(Path(sys.argv[3]))
    solve(problem_of(graphs.lattice(5, 1)), stop=MaxIterations(2), seed=Seed(1))
    problem = problem_of(graph)
    if price:
        problem = replace(problem, prices=Prices(outside=price, beyond=price))
    params = BeatParams(prove_units=0) if sweeps else BeatParams()
    begun, worked = time.perf_counter(), time.process_time()
    result = solve(problem, stop=MaxIterations(sweeps or ENDLESS), seed=Seed(1), params=params)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    memory = peak_megabytes()
    np.savez(
        sys.argv[4],
        labels=result.assignment[None, :],
        seconds=np.array([seconds]),
        processor=np.array([processor]),
        memory=memory,
    )


if __name__ == "__main__":
    main()
