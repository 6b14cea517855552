"""Runs inside the peers' environment: spopt's p-median on one cost matrix. Prints seconds and objective."""

import sys
import time

import numpy as np
import pulp
from spopt.locate import PMedian


def main() -> None:
    """Arguments: a .npy cost matrix and the number of sites. Imports are not timed."""
    costs = np.load(sys.argv[1])
    begun = time.perf_counter()
    model = PMedian.from_cost_matrix(costs, np.ones(len(costs)), p_facilities=int(sys.argv[2]))
    model = model.solve(pulp.HiGHS(msg=False))
    print(time.perf_counter() - begun, pulp.value(model.problem.objective))


if __name__ == "__main__":
    main()
