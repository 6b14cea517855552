"""p-median: Linli against spopt.locate.PMedian on the OR-Library's 40 instances, in one run.

    .venv/bin/python benchmarks/siting.py                    ours on all 40
    .venv/bin/python benchmarks/siting.py --peer 1-15        and spopt on those
    .venv/bin/python benchmarks/siting.py --peer 1-40 --limit 180

The data: ../shared/data/orlib. spopt runs in its own environment (.peers, see requirements-peers.txt), one
process an instance, stopped after the limit. Imports, reading and all-pairs shortest paths are timed for
neither. Ours is warmed up once: numba's compiled code is loaded from its cache, or compiled (about 20 s,
once an installation).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.siting import Median, SitingProblem, check, solve

ROOT = Path(__file__).resolve().parents[1]
ORLIB = ROOT.parent / "shared" / "data" / "orlib"
PEER = ROOT / ".peers" / "bin" / "python"
STEPS = 100_000


@dataclass(frozen=True)
class Row:
    """One instance, measured."""

    number: int
    clients: int
    count: int
    optimum: int
    seconds: float
    objective: float
    bound: float | None
    proved: bool
    steps: int
    peer: str
    ratio: float | None

    @property
    def right(self) -> bool:
        """At the known optimum, with the proof."""
        return self.proved and self.objective == self.optimum == self.bound


def read(number: int) -> SitingProblem:
    """Costs are all-pairs shortest paths; the last-listed length of a repeated edge holds."""
    numbers = np.array((ORLIB / f"pmed{number}.txt").read_text().split(), dtype=np.int64)
    vertices, edges, count = (int(v) for v in numbers[:3])
    lengths = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in numbers[3 : 3 + 3 * edges].reshape(-1, 3)}
    ends = np.array(list(lengths))
    graph = csr_matrix((list(lengths.values()), (ends[:, 0], ends[:, 1])), shape=(vertices, vertices))
    return SitingProblem(shortest_path(graph, directed=False), Median(count))


def known_optima() -> dict[int, int]:
    """The optima listed with the instances."""
    lines = (line.split() for line in (ORLIB / "pmedopt.txt").read_text().splitlines())
    return {int(w[0].removeprefix("pmed")): int(w[1]) for w in lines if w and w[0].startswith("pmed")}


def peer_seconds(problem: SitingProblem, limit: float) -> tuple[str, float | None]:
    """spopt's time as a cell of the table and as seconds; ``None`` where it did not finish."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "costs.npy"
        np.save(path, problem.costs)
        command = [
            str(PEER),
            str(ROOT / "benchmarks" / "siting_peer.py"),
            str(path),
            str(problem.model.sites),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)
        except subprocess.TimeoutExpired:
            return f"not in {limit:.0f} s", None
        except subprocess.CalledProcessError as error:
            return f"failed ({error.returncode})", None
    seconds, objective = (float(v) for v in done.stdout.split()[-2:])
    return f"{seconds:.1f} s → {objective:.0f}", seconds


def measure(number: int, optimum: int, *, with_peer: bool, limit: float) -> Row:
    """Solve one instance with ours, and with spopt where asked."""
    problem = read(number)
    begun = time.perf_counter()
    result = solve(problem, stop=MaxIterations(STEPS), seed=Seed(1))
    seconds = time.perf_counter() - begun
    violations = check(problem, result)
    if violations:
        raise SystemExit(f"pmed{number}: {violations[0].text.en}")
    peer, theirs = peer_seconds(problem, limit) if with_peer else ("–", None)
    return Row(
        number, problem.clients, problem.model.sites, optimum, seconds, result.objective, result.bound,
        result.search.ended == "optimal", result.search.iterations, peer,
        None if theirs is None else theirs / seconds,
    )  # fmt: skip


def show(row: Row) -> None:
    """One line of the table."""
    ratio = "" if row.ratio is None else f"{row.ratio:.0f} ×"
    proved = "yes" if row.right else "NO"
    print(
        f"| pmed{row.number} | {row.clients} | {row.count} | {row.optimum} | {row.objective:.0f} | "
        f"{row.bound:.0f} | {proved} | {row.steps} | {row.seconds:.3f} | {row.peer} | {ratio} |",
        flush=True,
    )


def numbers(text: str) -> set[int]:
    """``1-3,7`` as 1, 2, 3, 7."""
    spans = [part.split("-") for part in text.split(",") if part]
    return {n for span in spans for n in range(int(span[0]), int(span[-1]) + 1)}


def main() -> int:
    """Print the table; exit code 1 where an optimum or a proof is missing, or ours is not 20 times faster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", type=numbers, default=numbers("1-40"), help="instances, such as 1-5,30")
    parser.add_argument("--peer", type=numbers, default=set(), help="instances on which spopt runs too")
    parser.add_argument("--limit", type=float, default=180.0, help="seconds given to spopt an instance")
    args = parser.parse_args()
    if not ORLIB.is_dir():
        raise SystemExit(f"{ORLIB} is not there: the OR-Library instances are needed to measure")
    if args.peer and not PEER.exists():
        raise SystemExit(
            "python3 -m venv .peers && .venv/bin/uv pip install --python .peers/bin/python "
            "-r benchmarks/requirements-peers.txt"
        )
    optima = known_optima()
    for warm in (2, 6):
        solve(read(warm), stop=MaxIterations(STEPS), seed=Seed(0))
    print("| instance | n | p | optimum | ours | bound | proved | steps | seconds | spopt + HiGHS | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    rows = []
    for number in sorted(args.only):
        rows.append(measure(number, optima[number], with_peer=number in args.peer, limit=args.limit))
        show(rows[-1])
    slow = [row for row in rows if row.ratio is not None and row.ratio < 20.0]
    print(
        f"\n{sum(row.right for row in rows)} of {len(rows)} at the optimum with a proof, "
        f"{sum(row.seconds for row in rows):.1f} s in all; less than 20 × faster than spopt on {len(slow)}"
    )
    return int(bool(slow) or not all(row.right for row in rows))


if __name__ == "__main__":
    sys.exit(main())
