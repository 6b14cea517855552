"""The county that chance is simulated for, from a territory and, where there is one, its deployment.

Rates come, in this order, from the user, from the incidents in the territory's data, or from an assumption
that is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linli.assessment.chance.county import County, by_areas, by_assumption, by_rate
from linli.assessment.rules.model import Area
from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.planning.deployment import Deployment
from linli.territory.model import Incident, Place, Territory

__all__ = ["Rates", "counties_of"]

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What the user gives: one rate (events per 1,000 residents a month), or events a month by area."""

    per_thousand: float | None = None
    events: Mapping[str, float] | None = None
    source: Text | None = None


@dataclass(frozen=True)
class _Area:
    """An area that is ranked: its code, its station, its places' codes, its residents where known."""

    code: str
    station: str
    places: tuple[str, ...]
    residents: float | None


def counties_of(
    territory: Territory, deployment: Deployment | None = None, rates: Rates | None = None
) -> Mapping[Area, County]:
    """The county cut into beats (villages and communities where there is no deployment) and into stations.

    Stations are left out where there is only one.

    Raises
    ------
    LinliError
        There are fewer than two areas, a rate needs residents that are not given, or the events leave areas
        out or name others.
    """
    say = catalogue("linli.report")
    areas = _beats(deployment) if deployment is not None else _units(territory)
    if len(areas) < 2:
        raise LinliError(say("chance.too_few", count=len(areas)))
    beats = _county(areas, _people(areas), rates or Rates(), territory)
    unknown = sum(area.residents is None for area in areas)
    if unknown:
        beats = replace(beats, source=say("chance.unknown_residents", source=beats.source, count=unknown))
    stations = _stations(areas, beats)
    return {"beat": beats} if stations is None else {"beat": beats, "station": stations}


def _beats(deployment: Deployment) -> list[_Area]:
    return [
        _Area(str(beat.id), str(beat.station), tuple(map(str, beat.places)), beat.residents)
        for beat in deployment.beats
    ]


def _units(territory: Territory) -> list[_Area]:
    units = [place for place in territory.places if place.level in territory.unit_levels]
    return [
        _Area(str(place.code), str(place.station or ""), (str(place.code),), place.residents)
        for place in units
    ]


def _people(areas: list[_Area]) -> dict[str, float]:
    """Residents by area; one that is not known stands for the mean of the others (none: 0)."""
    known = [area.residents for area in areas if area.residents is not None]
    mean = sum(known) / len(known) if known else 0.0
    return {area.code: mean if area.residents is None else float(area.residents) for area in areas}


def _county(areas: list[_Area], people: dict[str, float], rates: Rates, territory: Territory) -> County:
    say = catalogue("linli.report")
    if rates.events is not None:
        return by_areas(people, _matching(areas, rates.events), source=rates.source or say("chance.given"))
    if rates.per_thousand is not None:
        if not any(people.values()):
            raise LinliError(say("chance.no_residents"))
        return by_rate(people, rates.per_thousand)
    events = _recorded(areas, territory)
    if events is not None:
        return by_areas(people, events, source=say("chance.recorded", count=len(territory.incidents)))
    return by_assumption(people)


def _matching(areas: list[_Area], events: Mapping[str, float]) -> Mapping[str, float]:
    say = catalogue("linli.report")
    codes = [area.code for area in areas]
    missing = [code for code in codes if code not in events]
    other = [code for code in events if code not in codes]
    if missing or other:
        kind = "chance.areas_missing" if missing else "chance.areas_other"
        raise LinliError(say(kind, code=(missing or other)[0], count=len(missing or other)))
    if not sum(events.values()) > 0:
        raise LinliError(say("chance.no_events"))
    return events


def _recorded(areas: list[_Area], territory: Territory) -> dict[str, float] | None:
    """Mean events a month by area, from incidents that name a place; ``None`` where there are none."""
    named = [incident for incident in territory.incidents if incident.place is not None]
    days = [incident.day for incident in named]
    if not named:
        return None
    months = max(1.0, ((max(days) - min(days)).days + 1) / DAYS_A_MONTH)
    unit_of = _ancestors(territory.places, areas)
    events = {area.code: 0.0 for area in areas}
    for incident in named:
        code = _code_of(incident, unit_of)
        if code is not None:
            events[code] += incident.count / months
    return events if sum(events.values()) > 0 else None


def _code_of(incident: Incident, unit_of: Mapping[str, str]) -> str | None:
    return None if incident.place is None else unit_of.get(str(incident.place))


def _ancestors(places: tuple[Place, ...], areas: list[_Area]) -> Mapping[str, str]:
    """The area that each place lies in: its own, or that of the place above it."""
    found = {place: area.code for area in areas for place in area.places}
    parents = {str(place.code): None if place.parent is None else str(place.parent) for place in places}
    for code in parents:
        above: str | None = code
        while above is not None and above not in found:
            above = parents.get(above)
        if above is not None:
            found[code] = found[above]
    return found


def _stations(areas: list[_Area], beats: County) -> County | None:
    """Stations' areas as the sums of their beats; ``None`` where there is only one."""
    people: dict[str, float] = {}
    events: dict[str, float] = {}
    for area, residents, monthly in zip(areas, beats.residents, beats.monthly, strict=True):
        people[area.station] = people.get(area.station, 0.0) + float(residents)
        events[area.station] = events.get(area.station, 0.0) + float(monthly)
    return by_areas(people, events, source=beats.source) if len(people) > 1 else None
