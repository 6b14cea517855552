"""How many beats: within a range of units, by load, and shared out among several parts.

References
----------
Webster's method of highest averages, as in M. L. Balinski, H. P. Young (1982), Fair Representation.
"""

import heapq
from collections.abc import Sequence

__all__ = ["apportion", "beats_by_load", "beats_by_units", "count_range"]


def count_range(units: int, minimum: int, maximum: int) -> tuple[int, int]:
    """Fewest and most beats of so many units each; the fewest exceed the most where no number fits."""
    return -(-units // maximum), units // minimum


def beats_by_units(units: int, minimum: int, maximum: int) -> int:
    """The number of beats that brings their mean size nearest to the middle of the range.

    Where the range cannot be kept (3 or 7 villages at 4 to 6), the number that breaks it by the
    fewest units, fewer beats on a tie.

    Examples
    --------
    >>> beats_by_units(20, 4, 6), beats_by_units(7, 4, 6), beats_by_units(3, 4, 6)
    (4, 1, 1)
    """
    fewest, most = count_range(units, minimum, maximum)
    if fewest <= most:
        middle = (minimum + maximum) / 2
        return min(max(int(units / middle + 0.5), fewest, 1), most)
    candidates = range(max(1, min(fewest, most)), max(1, fewest) + 1)
    return min(candidates, key=lambda k: max(units - k * maximum, 0) + max(k * minimum - units, 0))


def beats_by_load(load: float, target: float, units: int) -> int:
    """The number of beats whose mean load is nearest to the target as a ratio; 1 to ``units``."""
    lower = max(int(load / target), 1)

    def off(beats: int) -> float:
        ratio = load / (beats * target)
        return max(ratio, 1 / ratio) if ratio > 0 else 0.0

    return min(min(lower, lower + 1, key=off), units)


def apportion(total: int, loads: Sequence[float], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Share ``total`` beats among parts by load, each part within its range.

    Every part first gets its least; each further beat goes to the part with the highest
    load ÷ (beats + ½) that may still have one, the first of equals. A total outside the sum of the
    ranges is brought to the nearest that is possible.
    """
    beats = list(least)
    waiting = [(-loads[p] / (beats[p] + 0.5), p) for p in range(len(loads)) if beats[p] < most[p]]
    heapq.heapify(waiting)
    left = total - sum(beats)
    while left > 0 and waiting:
        _, p = heapq.heappop(waiting)
        beats[p] += 1
        left -= 1
        if beats[p] < most[p]:
            heapq.heappush(waiting, (-loads[p] / (beats[p] + 0.5), p))
    return beats
