"""From a territory's units to the columns of the composition, with what had to be taken for granted."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue
from linli.planning.composition.grouping import dated
from linli.planning.composition.table import Floats, UnitTable
from linli.planning.deployment import Assumption, WorkloadWeights
from linli.planning.evaluation.levels import counts_as
from linli.policy.model import Pack
from linli.territory.adjacency import GAP
from linli.territory.model import Area, Territory
from linli.territory.travel import great_circle_kilometres
from linli.territory.units import Units

__all__ = ["MOST_NAMED", "names_of", "unit_assumptions", "unit_table", "weights_of"]

say = catalogue("linli.planning.composition")

MOST_NAMED = 6

STRAY_KILOMETRES, STRAY_TIMES = 100.0, 10.0
"""A position farther from the middle than both the one and so many times the median distance is named."""


def weights_of(pack: Pack, on: dt.date) -> WorkloadWeights:
    """The pack's workload weights on the day."""
    rule = pack.planning.workload
    return WorkloadWeights(
        residents=dated(pack, rule.residents, on),
        incidents=dated(pack, rule.incidents, on),
        premises=dated(pack, rule.premises, on),
    )


def unit_table(territory: Territory, units: Units, weights: WorkloadWeights) -> UnitTable:
    """The columns; a count that is not given is NaN and adds nothing to workload.

    Raises
    ------
    LinliError
        There is no unit to plan.
    """
    if len(units) == 0:
        raise LinliError(say("no_units", territory=territory.name))
    levels = {place.code: place.level for place in territory.places}
    residents = _known(units.residents, units.residents_known)
    premises = _known(units.premises, units.premises_known)
    incidents = units.incidents.astype(np.float64)
    if not territory.incidents:
        incidents = np.full(len(units), np.nan)
    workload = (
        weights.residents * np.nan_to_num(residents)
        + weights.incidents * np.nan_to_num(incidents)
        + weights.premises * np.nan_to_num(premises)
    )
    return UnitTable(
        codes=units.codes,
        names=units.names,
        stations=tuple(units.stations[row].id for row in units.station),
        areas=tuple(Area.RURAL if area is None else area for area in units.area),
        levels=tuple(levels[code] for code in units.codes),
        beats=units.beats,
        residents=residents,
        households=_known(units.households, units.households_known),
        incidents=incidents,
        premises=premises,
        land=units.land,
        longitude=units.longitude,
        latitude=units.latitude,
        workload=workload,
        edges=units.pairs,
        touching=units.pairs,
    )


def unit_assumptions(territory: Territory, units: Units, table: UnitTable, pack: Pack) -> list[Assumption]:
    """What had to be taken for granted of the units, each with how many it concerns."""
    found = [_synthetic(territory, units)]
    found += [_coordinates(territory), _areas(units, pack), _levels(table, pack), _stations(units)]
    found += [_gaps(units), _strays(table)]
    found += [_missing(table, name) for name in ("residents", "premises", "incidents")]
    if units.incidents_unplaced:
        count = units.incidents_unplaced
        found.append(Assumption(topic="incidents", text=say("assume.incidents_unplaced", count=count)))
    if table.workload.sum() <= 0:
        found.append(Assumption(topic="workload", text=say("assume.workload_none")))
    return [assumption for assumption in found if assumption is not None]


def _known(values: NDArray[np.int64], known: NDArray[np.bool_]) -> Floats:
    return np.where(known, values, np.nan)


def _synthetic(territory: Territory, units: Units) -> Assumption | None:
    wanted = set(units.codes)
    fields = sorted({name for p in territory.places if p.code in wanted for name in p.synthetic})
    fields += sorted(territory.synthetic_tables)
    if not fields:
        return None
    return Assumption(topic="synthetic", text=say("assume.synthetic", fields=", ".join(fields)))


def _coordinates(territory: Territory) -> Assumption:
    return Assumption(topic="coordinates", text=say("assume.coordinates", given=territory.coordinates))


def _areas(units: Units, pack: Pack) -> Assumption | None:
    count = sum(area is None for area in units.area)
    if not count:
        return None
    clause = pack.planning.beat_rule(None).clause
    return Assumption(topic="areas", text=say("assume.areas", count=count, clause=clause), clause=clause)


def _strays(table: UnitTable) -> Assumption | None:
    """Places whose position cannot be right: at 0°, 0°, or much farther from the middle than the others."""
    lon, lat = table.longitude, table.latitude
    away = great_circle_kilometres(lon, lat, np.full(len(table), np.median(lon)), np.median(lat))
    limit = max(STRAY_KILOMETRES, STRAY_TIMES * float(np.median(away)))
    rows = np.flatnonzero((away > limit) | ((lon == 0) & (lat == 0))).tolist()
    text = say("assume.strays", count=len(rows), names=names_of(table, rows), kilometres=f"{limit:,.0f}")
    return Assumption(topic="coordinates", text=text) if rows else None


def _gaps(units: Units) -> Assumption | None:
    """Outlines that do not meet and are neighbours all the same."""
    count = units.over_gaps
    text = say("assume.over_gaps", count=count, metres=f"{GAP:g}")
    return Assumption(topic="neighbours", text=text) if count else None


def _levels(table: UnitTable, pack: Pack) -> Assumption | None:
    """Norms speak of villages and communities; other units stand where those would."""
    other = [
        level
        for level, area in zip(table.levels, table.areas, strict=True)
        if counts_as(level, area) is not level
    ]
    if not other:
        return None
    names = ", ".join(sorted({level.value for level in other}))
    return Assumption(topic="levels", text=say("assume.levels", count=len(other), levels=names))


def _stations(units: Units) -> Assumption | None:
    count = sum(station.assumed for station in units.stations)
    return Assumption(topic="stations", text=say("assume.stations", count=count)) if count else None


def _missing(table: UnitTable, name: str) -> Assumption | None:
    column: Floats = getattr(table, name)
    rows = np.flatnonzero(np.isnan(column))
    if not len(rows):
        return None
    what = say(f"column.{name}")
    if len(rows) == len(table):
        return Assumption(topic=name, text=say("assume.column_missing", what=what))
    text = say("assume.cells_missing", what=what, count=len(rows), names=names_of(table, rows.tolist()))
    return Assumption(topic=name, text=text)


def names_of(table: UnitTable, rows: list[int]) -> Text:
    """The first few names of some units, and how many more there are."""
    shown = [table.names[row] for row in rows[:MOST_NAMED]]
    more = say("and_more", count=len(rows) - len(shown)) if len(rows) > len(shown) else Text(zh="", en="")
    return Text(zh="、".join(shown) + more.zh, en=", ".join(shown) + more.en)
