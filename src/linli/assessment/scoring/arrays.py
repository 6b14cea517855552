"""Arrays of numbers as this package takes them, and the refusal of what cannot be one."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BoolArray", "FloatArray", "IntArray", "finite", "not_negative", "share"]

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]


def finite(values: ArrayLike, name: str) -> FloatArray:
    """The values as an array of float; ``ValueError`` where one is missing or infinite."""
    array: FloatArray = np.asarray(values, dtype=np.float64)
    _refuse(~np.isfinite(array), array, name, "a finite number")
    return array


def not_negative(values: ArrayLike, name: str) -> FloatArray:
    """The values as an array of float; ``ValueError`` where one is missing, infinite or below 0."""
    array = finite(values, name)
    _refuse(array < 0, array, name, "0 or more")
    return array


def share(value: float, name: str) -> float:
    """A number strictly between 0 and 1, such as a level of confidence."""
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} is {value}; it must lie between 0 and 1, as 0.95 does")
    return value


def _refuse(wrong: BoolArray, array: NDArray[Any], name: str, expected: str) -> None:
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise ValueError(f"{name} is {array[tuple(place)]} at {place}; every value must be {expected}")
