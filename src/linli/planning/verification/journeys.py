"""Travel worked out again: great-circle distance × detour ÷ speed, as the deployment states it.

Over a road network only what the deployment holds can be compared here; the journeys themselves are
worked out again when the territory is given.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.kernel.texts import Text, catalogue
from linli.planning.verification.register import Register

__all__ = ["EARTH_RADIUS_KM", "journeys", "travel_means"]

say = catalogue("linli.planning.verification")

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), so that great-circle lengths stay within 0.6 % of geodesics."""

CLOSE_MINUTES = 0.01
CLOSE_SHARE = 1e-3

Floats = NDArray[np.float64]


def journeys(known: Register) -> Iterator[Text]:
    """Each beat's mean and longest time, and each place's time to its post, follow from positions."""
    territory = known.deployment.territory
    if territory.detour is None or territory.speed is None:
        return
    factor = territory.detour / territory.speed * 60.0
    table = _table(known)
    minutes = factor * _kilometres(table, table.places, table.centres)
    weighing = _weights(table.residents)
    end = 0
    for beat in known.deployment.beats:
        rows = slice(end, end := end + len(beat.places))
        weights = _weights(weighing[table.places[rows]])
        pairs = (
            ("mean_minutes", beat.mean_minutes, float(np.average(minutes[rows], weights=weights))),
            ("longest_minutes", beat.longest_minutes, float(minutes[rows].max())),
        )
        for what, given, found in pairs:
            if not _close(given, found):
                yield say(
                    "journeys.beat", beat=beat.id, what=say(f"what.{what}"), given=given, found=f"{found:.3f}"
                )
    yield from _to_posts(known, table, factor)


def travel_means(known: Register) -> Iterator[Text]:
    """The territory's mean time and distance follow from its beats and positions."""
    table = _table(known)
    if not len(table.places):
        return
    weights = _weights(table.residents[table.places])
    found = float(np.average(_kilometres(table, table.places, table.centres), weights=weights))
    if not _close(known.deployment.mean_distance, found):
        yield say("journeys.mean_distance", given=known.deployment.mean_distance, found=f"{found:.3f}")
    minutes = _mean_of_beats(known)
    if not _close(known.deployment.mean_minutes, minutes):
        yield say("journeys.mean_minutes", given=known.deployment.mean_minutes, found=f"{minutes:.3f}")
    for beat in known.deployment.beats:
        if beat.mean_minutes > beat.longest_minutes + CLOSE_MINUTES:
            yield say("journeys.mean_above_longest", beat=beat.id)


@dataclass(frozen=True)
class _Table:
    """Positions and residents of all places; then one row a place in a beat, beat by beat: its number
    and the number of the beat's centre."""

    longitude: Floats
    latitude: Floats
    residents: Floats
    number: dict[str, int]
    places: NDArray[np.intp]
    centres: NDArray[np.intp]


def _table(known: Register) -> _Table:
    places = known.deployment.places
    number: dict[str, int] = {place.code: row for row, place in enumerate(places)}
    rows = [(number[code], number[beat.centre]) for beat in known.deployment.beats for code in beat.places]
    columns = np.array(rows, dtype=np.intp).reshape(-1, 2)
    residents = [np.nan if place.residents is None else place.residents for place in places]
    return _Table(
        np.radians([place.longitude for place in places]),
        np.radians([place.latitude for place in places]),
        np.array(residents, dtype=np.float64),
        number,
        columns[:, 0],
        columns[:, 1],
    )


def _kilometres(table: _Table, start: NDArray[np.intp], end: NDArray[np.intp]) -> Floats:
    """Great-circle distance by the haversine formula."""
    north = table.latitude[end] - table.latitude[start]
    east = table.longitude[end] - table.longitude[start]
    across = np.cos(table.latitude[start]) * np.cos(table.latitude[end])
    half = np.sin(north / 2) ** 2 + across * np.sin(east / 2) ** 2
    length: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return length


def _weights(residents: Floats) -> Floats:
    """Residents; one each where any of the territory's are unknown or none of these places has any."""
    if np.isnan(residents).any() or residents.sum() <= 0:
        return np.ones(len(residents))
    return residents


def _mean_of_beats(known: Register) -> float:
    beats = known.deployment.beats
    if any(beat.residents is None for beat in beats) or not sum(beat.residents or 0 for beat in beats):
        weights = [float(len(beat.places)) for beat in beats]
    else:
        weights = [float(beat.residents or 0) for beat in beats]
    return float(np.average([beat.mean_minutes for beat in beats], weights=weights))


def _to_posts(known: Register, table: _Table, factor: float) -> Iterator[Text]:
    pairs = [(code, post.place) for post in known.deployment.posts for code in post.serves]
    start = np.array([table.number[code] for code, _ in pairs], dtype=np.intp)
    end = np.array([table.number[place] for _, place in pairs], dtype=np.intp)
    for (code, _), found in zip(pairs, factor * _kilometres(table, start, end), strict=True):
        given = known.places[code].minutes_to_post
        if given is not None and not _close(given, float(found)):
            yield say("journeys.place", place=code, given=given, found=f"{found:.3f}")


def _close(given: float, found: float) -> bool:
    return abs(given - found) <= CLOSE_MINUTES + CLOSE_SHARE * abs(found)
