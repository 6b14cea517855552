"""The OR-Library's p-median instances: known optima, reached and proved."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from linli.kernel.seeds import Seed
from linli.planning.search import MaxIterations
from linli.planning.siting import Median, SitingProblem, check, solve

ORLIB = Path(__file__).resolve().parents[4] / "shared" / "data" / "orlib"
OPTIMA = {1: 5819, 2: 4093, 3: 4250, 4: 3034, 5: 1355}

pytestmark = pytest.mark.skipif(
    not ORLIB.is_dir(), reason="the OR-Library instances in ../shared/data/orlib are not on this machine"
)


def read(number: int) -> SitingProblem:
    """All-pairs shortest paths; the last-listed length of a repeated edge holds, as the OR-Library says."""
    numbers = np.array((ORLIB / f"pmed{number}.txt").read_text().split(), dtype=np.int64)
    vertices, edges, count = (int(v) for v in numbers[:3])
    lengths = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in numbers[3 : 3 + 3 * edges].reshape(-1, 3)}
    ends = np.array(list(lengths))
    graph = csr_matrix((list(lengths.values()), (ends[:, 0], ends[:, 1])), shape=(vertices, vertices))
    return SitingProblem(shortest_path(graph, directed=False), Median(count))


@pytest.mark.parametrize("number", sorted(OPTIMA))
def test_a_known_optimum_is_reached_and_proved(number: int) -> None:
    problem = read(number)
    result = solve(problem, stop=MaxIterations(500), seed=Seed(1))
    assert result.objective == OPTIMA[number]
    assert result.bound == OPTIMA[number]
    assert result.search.ended == "optimal"
    assert check(problem, result) == ()
