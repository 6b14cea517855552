"""Whether every total is the sum of its parts; a sum with a part missing is not known, never less."""

from collections.abc import Iterable, Iterator
from math import isclose

from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import PlaceSummary
from linli.planning.verification.register import Register

__all__ = ["beat_sums", "station_sums", "workloads"]

say = catalogue("linli.planning.verification")

COUNTED = ("residents", "households", "incidents", "premises")

ROUNDING = 1e-3
"""What rounding in the file may add to each workload."""


def beat_sums(known: Register) -> Iterator[Text]:
    """Each beat's residents, households, incidents, premises and workload are those of its places."""
    for beat in known.deployment.beats:
        places = [known.places[code] for code in beat.places]
        for name in COUNTED:
            given, found = getattr(beat, name), _total(places, name)
            if given != found:
                yield say(
                    "sums.beat",
                    beat=beat.id,
                    what=say(f"what.{name}"),
                    given=_shown(given),
                    found=_shown(found),
                )
        workload = sum(place.workload for place in places)
        if not isclose(beat.workload, workload, rel_tol=1e-9, abs_tol=ROUNDING * (len(places) + 1)):
            yield say(
                "sums.beat",
                beat=beat.id,
                what=say("what.workload"),
                given=f"{beat.workload:.3f}",
                found=f"{workload:.3f}",
            )


def station_sums(known: Register) -> Iterator[Text]:
    """Each station's count of places and residents is that of its places."""
    for station in known.deployment.stations:
        places = known.at_station.get(station.id, [])
        counts = (
            ("places", station.places, len(places)),
            ("residents", station.residents, _total(places, "residents")),
        )
        for what, given, found in counts:
            if given != found:
                yield say(
                    "sums.station",
                    station=station.id,
                    what=say(f"what.{what}"),
                    given=_shown(given),
                    found=_shown(found),
                )


def workloads(known: Register) -> Iterator[Text]:
    """Each place's workload is its counts times the stated weights; what is not given weighs nothing."""
    weights = known.deployment.weights
    for place in known.deployment.places:
        found = (
            weights.residents * (place.residents or 0)
            + weights.incidents * (place.incidents or 0)
            + weights.premises * (place.premises or 0)
        )
        if not isclose(place.workload, found, rel_tol=1e-6, abs_tol=ROUNDING):
            yield say("sums.workload", place=place.code, given=f"{place.workload:.3f}", found=f"{found:.3f}")


def _total(places: Iterable[PlaceSummary], name: str) -> int | None:
    total = 0
    for place in places:
        value: int | None = getattr(place, name)
        if value is None:
            return None
        total += value
    return total


def _shown(value: int | None) -> object:
    return say("unknown") if value is None else value
