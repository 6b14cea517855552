"""A counter-based random stream for compiled code: SplitMix64 of seed and counter.

References
----------
G. L. Steele, D. Lea, C. H. Flood (2014), Fast splittable pseudorandom number generators, OOPSLA.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["below", "stream", "uniform"]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)

Stream = npt.NDArray[np.uint64]


def stream(rng: np.random.Generator) -> Stream:
    """A stream whose only state is one 64-bit word, begun from a seeded generator."""
    return rng.integers(0, 2**63, size=1, dtype=np.uint64)


@njit(cache=True)
def uniform(state: Stream) -> float:
    """The next number, above 0 and below 1."""
    state[0] = state[0] + GOLDEN
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@njit(cache=True)
def below(state: Stream, limit: int) -> int:
    """The next whole number from 0 up to, not including, ``limit``."""
    return int(uniform(state) * limit)
