"""Small synthetic beat problems for tests: jittered lattices with uneven residents."""

import numpy as np
import numpy.typing as npt

from linli.planning.beats import BeatProblem, Prices, Rule, StraightLine

Integers = npt.NDArray[np.int32]


def lattice_edges(wide: int, high: int) -> Integers:
    index = np.arange(wide * high, dtype=np.int32).reshape(high, wide)
    across = np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()])
    down = np.column_stack([index[:-1].ravel(), index[1:].ravel()])
    return np.concatenate([across, down])


def lattice(wide: int, high: int, rule: Rule, *, seed: int = 1, prices: Prices | None = None) -> BeatProblem:
    """One group of wide × high units about a kilometre apart."""
    return stations(wide, high, [rule], np.zeros(wide * high, np.int32), seed=seed, prices=prices)


def stations(
    wide: int, high: int, rules: list[Rule], group: Integers, *, seed: int = 1, prices: Prices | None = None
) -> BeatProblem:
    """A lattice whose units belong to given groups."""
    draws = np.random.default_rng(seed)
    n = wide * high
    y, x = np.divmod(np.arange(n), wide)
    residents = np.round(1000 * np.exp(draws.normal(0, 0.4, n)))
    return BeatProblem(
        workload=residents * draws.uniform(0.8, 1.2, n),
        residents=residents,
        group=group,
        edges=lattice_edges(wide, high),
        travel=StraightLine(
            x=1000.0 * (x + draws.uniform(-0.3, 0.3, n)), y=1000.0 * (y + draws.uniform(-0.3, 0.3, n))
        ),
        rules=tuple(rules),
        prices=Prices() if prices is None else prices,
    )
