"""What a territory amounts to, in figures: read before planning, so that a mistake shows early."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from linli.kernel.errors import LinliError
from linli.kernel.measures import SquareKilometres
from linli.kernel.texts import Text
from linli.territory.adjacency import AdjacencyMethod
from linli.territory.model import Area, Level, Place, Role, Territory
from linli.territory.travel import travel_between
from linli.territory.units import Units, planning_units

__all__ = ["Adjacency", "Summary", "summarise", "synthetic_fields"]


@dataclass(frozen=True, kw_only=True)
class Adjacency:
    """How the units hang together; ``islands`` counts parts beyond one for each station."""

    method: AdjacencyMethod
    pairs: int
    islands: int
    shared_positions: int
    """Units that lie exactly where another does."""
    land: SquareKilometres | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Figures of a territory. Totals are over the units of planning."""

    levels: Mapping[Level, int]
    units: int
    residents: int
    residents_missing: int
    households: int
    households_missing: int
    positions_missing: int
    areas: Mapping[Area | None, int]
    stations: int
    stations_assumed: bool
    staff: Mapping[Role, int]
    posts: int
    incidents: int
    incidents_unplaced: int | None
    incidents_timed: int
    """Of the incidents those whose hour is known."""
    incident_days: tuple[dt.date, dt.date] | None
    adjacency: Adjacency | None
    """``None`` if a unit has no position."""
    travel: Text | None
    """How travel times are reckoned; ``None`` if a unit has no position."""
    synthetic: tuple[str, ...]


def summarise(territory: Territory) -> Summary:
    """The figures of a territory, also of one that cannot be planned yet.

    Raises
    ------
    LinliError
        The territory names a file of roads that cannot be used.
    """
    places = [place for place in territory.places if place.level in territory.unit_levels]
    units = _units(territory)
    staff: Counter[Role] = Counter()
    for count in territory.staff:
        staff[count.role] += count.count
    days = [incident.day for incident in territory.incidents]
    return Summary(
        levels=Counter(place.level for place in territory.places),
        units=len(places),
        residents=_total(places, "residents"),
        residents_missing=sum(place.residents is None for place in places),
        households=_total(places, "households"),
        households_missing=sum(place.households is None for place in places),
        positions_missing=sum(place.longitude is None and place.geometry is None for place in places),
        areas=Counter(place.area for place in places),
        stations=len(territory.stations),
        stations_assumed=any(station.assumed for station in territory.stations),
        staff=staff,
        posts=len(territory.posts),
        incidents=sum(incident.count for incident in territory.incidents),
        incidents_timed=sum(i.count for i in territory.incidents if i.time is not None),
        incidents_unplaced=None if units is None else units.incidents_unplaced,
        incident_days=(min(days), max(days)) if days else None,
        adjacency=None if units is None else _adjacency(units),
        travel=None if units is None else travel_between(territory, units).note,
        synthetic=synthetic_fields(territory),
    )


def synthetic_fields(territory: Territory) -> tuple[str, ...]:
    """Names of fields and tables that are made up, in alphabetical order."""
    fields = {field for place in territory.places for field in place.synthetic}
    return tuple(sorted(fields | territory.synthetic_tables))


def _units(territory: Territory) -> Units | None:
    try:
        return planning_units(territory)
    except LinliError:
        return None


def _total(places: list[Place], field: str) -> int:
    return sum(getattr(place, field) or 0 for place in places)


def _adjacency(units: Units) -> Adjacency:
    distinct = np.unique(np.column_stack([units.longitude, units.latitude]), axis=0)
    known = units.land[~np.isnan(units.land)]
    return Adjacency(
        method=units.adjacency_method,
        pairs=len(units.pairs),
        islands=units.islands(),
        shared_positions=len(units) - len(distinct),
        land=SquareKilometres(float(known.sum())) if len(known) else None,
    )
