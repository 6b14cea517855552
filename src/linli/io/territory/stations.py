"""Which police station each place belongs to: as the tables say, else one station for each township."""

from collections.abc import Sequence
from dataclasses import dataclass

from linli.io.territory.drafts import Draft
from linli.io.territory.headers import Columns
from linli.io.territory.manifest import Manifest
from linli.io.territory.notes import Notebook
from linli.io.territory.positions import positions_of
from linli.kernel.errors import Where
from linli.kernel.identifiers import StationId
from linli.territory.model import Level, Station
from linli.territory.tree import ancestors, parent_indices

__all__ = ["assign_stations"]


@dataclass(frozen=True)
class _Listed:
    """The stations table: the stations, and which station's area a place begins."""

    stations: dict[str, Station]
    by_name: dict[str, str]
    area_of: dict[str, str]
    row_of: dict[str, int]
    """The row that gave a place to a station."""


def assign_stations(
    draft: Draft,
    tables: Sequence[Columns],
    manifest: Manifest,
    notebook: Notebook,
) -> tuple[Station, ...]:
    """Fill ``draft.station`` with station ids for the units and return the stations in use or listed.

    The tree must be sound. A place without a station of its own takes its nearest ancestor's.
    """
    listed = _listed(tables, draft, manifest, notebook)
    parent = parent_indices(draft.code, draft.parent)
    own = [_own(draft, index, listed, notebook) for index in range(len(draft.code))]
    units = [i for i, level in enumerate(draft.level) if level in manifest.unit_levels]
    if not any(own) and not listed.stations:
        return _assumed(draft, units, parent, notebook)
    for index in range(len(draft.code)):
        draft.station[index] = next((own[a] for a in ancestors(index, parent) if own[a]), None)
    for index in units:
        if draft.station[index] is None:
            notebook.wrong("place_without_station", draft.where(index, "station"), draft.code[index])
    if listed.stations:
        return tuple(listed.stations.values())
    names = dict.fromkeys(station for station in draft.station if station is not None)
    return tuple(Station(id=StationId(name), name=name) for name in names)


def _listed(tables: Sequence[Columns], draft: Draft, manifest: Manifest, notebook: Notebook) -> _Listed:
    listed = _Listed({}, {}, {}, {})
    known = set(draft.code)
    for columns in tables:
        where = positions_of(columns, manifest.system_of(columns.table.file), notebook)
        names, places = columns.cells("name"), columns.cells("place")
        for row, identifier in enumerate(columns.cells("id")):
            if identifier == "":
                notebook.wrong("code_missing", columns.where(row, "id"), None)
                continue
            if identifier in listed.stations:
                notebook.wrong("code_twice", columns.where(row, "id"), identifier, other=identifier)
            listed.stations[identifier] = Station(
                id=StationId(identifier),
                name=names[row] or identifier,
                longitude=where.longitude[row],
                latitude=where.latitude[row],
            )
            listed.by_name.setdefault(names[row], identifier)
            for place in places[row].replace("、", ";").replace("，", ";").replace(",", ";").split(";"):
                if place and place not in known:
                    notebook.wrong("place_unknown", columns.where(row, "place"), place)
                elif place:
                    _cover(listed, place, identifier, columns, row, notebook)
    return listed


def _cover(listed: _Listed, place: str, station: str, columns: Columns, row: int, notebook: Notebook) -> None:
    """Give a place to a station; one that another station has already is refused, and both are named."""
    first = listed.area_of.setdefault(place, station)
    if first == station:
        listed.row_of.setdefault(place, columns.table.rows[row])
        return
    name, other = listed.stations[station].name, listed.stations[first].name
    where = columns.where(row, "place")
    notebook.wrong("place_two_stations", where, place, name=name, other=other, row=listed.row_of[place])


def _own(draft: Draft, index: int, listed: _Listed, notebook: Notebook) -> str | None:
    """The station that a place names itself, by id or by name."""
    given, covering = draft.station[index], listed.area_of.get(draft.code[index])
    if given is None:
        return covering
    found = given if not listed.stations or given in listed.stations else listed.by_name.get(given)
    if found is None:
        notebook.wrong("station_unknown", draft.where(index, "station"), given)
    elif covering is not None and covering != found:
        other = listed.stations[covering].name
        notebook.wrong("station_disagrees", draft.where(index, "station"), given, other=other)
    return found


def _assumed(
    draft: Draft, units: Sequence[int], parent: Sequence[int], notebook: Notebook
) -> tuple[Station, ...]:
    """One station for each township; without townships, for each parent of units; else one for all."""
    heads: dict[int, None] = {}
    for index in units:
        above = list(ancestors(index, parent))[1:]
        townships = [a for a in above if draft.level[a] is Level.TOWNSHIP]
        head = (townships or above or [-1])[0]
        heads[head] = None
        draft.station[index] = draft.code[head] if head >= 0 else "all"
    if units:
        file = draft.origin[units[0]][0].table.file
        notebook.note("stations_assumed", Where(file), count=len(heads))
    return tuple(
        Station(
            id=StationId(draft.code[head] if head >= 0 else "all"),
            name=draft.name[head] if head >= 0 else "all",
            longitude=draft.longitude[head] if head >= 0 else None,
            latitude=draft.latitude[head] if head >= 0 else None,
            assumed=True,
        )
        for head in heads
    )
