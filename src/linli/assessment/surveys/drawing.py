"""A frame of addresses and random draws from it: codes, strata and primary units, and no person anywhere.

Addresses of a stratum are put into a random order; the first n are drawn and the next ones are its reserve,
so that reserves used in order keep the sample random. Within households nobody is listed: who answers is
asked for at the door (the adult whose birthday comes next).

References
----------
Cochran, *Sampling Techniques*, 3rd ed. 1977, 5.5–5.9 (allocation), 10 (two stages). Hamilton's largest
remainders share out what proportions leave over. Salmon & Nichols, *Public Opinion Quarterly* 47 (1983),
270–276 (next birthday).
"""

import hashlib
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

__all__ = ["Allocation", "Drawn", "Frame", "FrameAddress", "allocate", "draw", "draw_in_places"]

Allocation = Literal["proportional", "equal"]


@dataclass(frozen=True, slots=True)
class FrameAddress:
    """One address that can be drawn: its code, the stratum it lies in, and its primary unit (a place)."""

    code: str
    stratum: str
    psu: str


@dataclass(frozen=True)
class Frame:
    """All addresses that can be drawn, in the order of their codes, each once."""

    addresses: tuple[FrameAddress, ...]

    @classmethod
    def of(cls, addresses: Iterable[FrameAddress]) -> "Frame":
        """A frame of addresses in any order.

        Raises
        ------
        ValueError
            A code comes twice: an address would have two chances (H9 asks for one code an address).
        """
        rows = sorted(addresses, key=lambda one: one.code)
        for before, after in itertools.pairwise(rows):
            if before.code == after.code:
                raise ValueError(f"address {after.code} is in the frame twice")
        return cls(tuple(rows))

    @property
    def sizes(self) -> Mapping[str, int]:
        """Addresses in each stratum, by stratum."""
        counted: dict[str, int] = {}
        for one in self.addresses:
            counted[one.stratum] = counted.get(one.stratum, 0) + 1
        return dict(sorted(counted.items()))

    @property
    def digest(self) -> str:
        """SHA-256 of the frame: with the seed, it lets anyone repeat a draw."""
        lines = "\n".join(f"{one.code}\t{one.stratum}\t{one.psu}" for one in self.addresses)
        return hashlib.sha256(lines.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Drawn:
    """An address of a sample. ``order`` counts from 1 within its stratum (within its place, where places were
    drawn), the reserves going on where the sample ends."""

    address: FrameAddress
    order: int
    reserve: bool
    stratum_size: int
    """Addresses in its stratum; primary units, where places were drawn."""
    unit_size: int
    """Addresses in its place where places were drawn, else 1."""


def allocate(sizes: Mapping[str, int], wanted: int, how: Allocation = "proportional") -> Mapping[str, int]:
    """How many to draw from each stratum.

    Parameters
    ----------
    sizes : mapping
        How many there are in each stratum, ≥ 1.
    wanted : int
        How many in all, ≥ 1.
    how : {"proportional", "equal"}
        In proportion to the sizes, by largest remainders; or as equal as sizes allow. Each stratum gets at
        least 2 where it has 2, without which its error could not be estimated.

    Returns
    -------
    mapping
        By stratum, in their order; never more than there are; together ``wanted``, or more where the least
        of 2 asks for it, or everything where the frame is smaller.

    Examples
    --------
    >>> allocate({"a": 600, "b": 300, "c": 100}, 20)
    {'a': 12, 'b': 6, 'c': 2}
    >>> allocate({"a": 600, "b": 300, "c": 3}, 20, "equal")
    {'a': 9, 'b': 8, 'c': 3}
    >>> allocate({}, 20)
    {}
    """
    if wanted < 1 or any(size < 1 for size in sizes.values()):
        raise ValueError("wanted and every size must be at least 1")
    names = sorted(sizes)
    given = {name: min(2, sizes[name]) for name in names}
    shares = {name: float(sizes[name]) if how == "proportional" else 1.0 for name in names}
    whole = sum(shares.values())
    if how == "proportional":
        given = {n: max(given[n], min(sizes[n], int(wanted * shares[n] / whole))) for n in names}
    while (left := wanted - sum(given.values())) > 0:
        open_ = [name for name in names if given[name] < sizes[name]]
        if not open_:
            break
        # Whoever lies furthest behind what is due gets the next ones.
        behind = sorted(open_, key=lambda name: (given[name] - wanted * shares[name] / whole, name))
        for name in behind[:left]:
            given[name] += 1
    return given


def draw(
    frame: Frame,
    wanted: int,
    rng: np.random.Generator,
    *,
    how: Allocation = "proportional",
    reserve: float = 0.5,
) -> tuple[Drawn, ...]:
    """A stratified simple random sample of addresses, each stratum's reserve behind it.

    Parameters
    ----------
    reserve : float
        Reserves for each address drawn, ≥ 0; as many as the stratum has left at most.

    Returns
    -------
    tuple of Drawn
        By stratum and order. The same frame and state of ``rng`` give the same sample.
    """
    _refuse(reserve)
    if not frame.addresses:
        return ()
    sizes = frame.sizes
    taken = allocate(sizes, wanted, how)
    found: list[Drawn] = []
    for stratum, rows in _by(frame.addresses, "stratum").items():
        n = taken[stratum]
        most = min(len(rows), n + math.ceil(n * reserve))
        order = rng.permutation(len(rows))[:most]
        found += [
            Drawn(rows[int(i)], place, place > n, sizes[stratum], 1) for place, i in enumerate(order, start=1)
        ]
    return tuple(found)


def draw_in_places(
    frame: Frame,
    places: int,
    each: int,
    rng: np.random.Generator,
    *,
    how: Allocation = "proportional",
    reserve: float = 0.5,
) -> tuple[Drawn, ...]:
    """A two-stage sample: ``places`` places drawn by stratum, then ``each`` addresses in each of them.

    Cheaper to walk than scattered addresses, and less exact: neighbours answer alike.

    Parameters
    ----------
    places : int
        Places in all, allocated to strata by their number of places.
    each : int
        Addresses in each place, ≥ 1; all of them where it has fewer.
    """
    _refuse(reserve)
    if each < 1:
        raise ValueError(f"each is {each}; it must be at least 1")
    if not frame.addresses:
        return ()
    strata = {name: _by(rows, "psu") for name, rows in _by(frame.addresses, "stratum").items()}
    sizes = {name: len(units) for name, units in strata.items()}
    taken = allocate(sizes, places, how)
    found: list[Drawn] = []
    for stratum, units in strata.items():
        names = list(units)
        for unit in sorted(names[int(i)] for i in rng.permutation(len(names))[: taken[stratum]]):
            rows = units[unit]
            n = min(each, len(rows))
            order = rng.permutation(len(rows))[: min(len(rows), n + math.ceil(n * reserve))]
            found += [
                Drawn(rows[int(i)], place, place > n, sizes[stratum], len(rows))
                for place, i in enumerate(order, start=1)
            ]
    return tuple(found)


def _by(rows: Sequence[FrameAddress], name: Literal["stratum", "psu"]) -> dict[str, list[FrameAddress]]:
    found: dict[str, list[FrameAddress]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return dict(sorted(found.items()))


def _refuse(reserve: float) -> None:
    if not 0 <= reserve <= 20:
        raise ValueError(f"reserve is {reserve}; it must lie between 0 and 20 for each address")
