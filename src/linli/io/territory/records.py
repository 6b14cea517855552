"""Staff, posts, incidents and neighbours: tables that refer to places and stations."""

from collections.abc import Collection, Mapping, Sequence

from linli.io.territory.headers import Columns, header_name
from linli.io.territory.manifest import Manifest
from linli.io.territory.notes import Notebook
from linli.io.territory.positions import positions_of
from linli.io.territory.values import (
    POST_KINDS,
    POST_STATUSES,
    ROLES,
    counts,
    missing,
    moments,
    words,
)
from linli.kernel.errors import Where
from linli.kernel.identifiers import PlaceCode, PostId, StationId
from linli.territory.model import (
    ExistingPost,
    Incident,
    PostStatus,
    Role,
    StaffCount,
    Station,
)

__all__ = ["read_incidents", "read_neighbours", "read_posts", "read_staff"]


def read_staff(
    tables: Sequence[Columns],
    stations: Sequence[Station],
    station_of: Mapping[str, str | None],
    notebook: Notebook,
) -> tuple[StaffCount, ...]:
    """People by role at a station or a place: one row for each role, or one column for each role."""
    ids = {station.id: station.id for station in stations}
    ids |= {StationId(station.name): station.id for station in reversed(stations) if station.name not in ids}
    staff: list[StaffCount] = []
    first_at: dict[tuple[StationId, PlaceCode | None, Role], tuple[str, int]] = {}
    for columns in tables:
        rows = [
            (place, _station(columns, row, ids, station_of, notebook))
            for row, place in enumerate(_places(columns, "place", station_of, notebook))
        ]
        for role, numbers in _by_role(columns, notebook):
            for row, count in enumerate(numbers):
                place, station = rows[row]
                kind = role[row]
                if count is not None and kind is not None and station is not None:
                    here = (columns.table.file, columns.table.rows[row])
                    file, number = first_at.setdefault((station, place, kind), here)
                    if (file, number) != here:
                        where = columns.where(row, kind.value if kind.value in columns else "count")
                        notebook.wrong("staff_twice", where, str(count), file=file, row=number)
                    staff.append(StaffCount(station=station, role=kind, count=count, place=place))
    return tuple(staff)


def _by_role(columns: Columns, notebook: Notebook) -> list[tuple[Sequence[Role | None], list[int | None]]]:
    if "role" in columns:
        missing(columns, "role", "role_missing", notebook)
        missing(columns, "count", "count_missing", notebook)
        roles = words(columns, "role", ROLES, "role_unknown", notebook)
        return [(roles, counts(columns, "count", notebook))]
    wide = [role for role in Role if role.value in columns]
    if not wide:
        name = header_name("staff", "role")
        notebook.wrong("column_missing", Where(columns.table.file, column="role"), None, name=name)
    size = len(columns.table.rows)
    return [([role] * size, counts(columns, role.value, notebook)) for role in wide]


def _station(
    columns: Columns,
    row: int,
    ids: Mapping[StationId, StationId],
    station_of: Mapping[str, str | None],
    notebook: Notebook,
) -> StationId | None:
    """A row's station: named by id or name, else the station of its place."""
    given = columns.cells("station")[row]
    if given:
        if StationId(given) not in ids:
            notebook.wrong("station_unknown", columns.where(row, "station"), given)
        return ids.get(StationId(given))
    place = columns.cells("place")[row]
    station = station_of.get(place)
    if station is None and (not place or place in station_of):
        notebook.wrong("station_missing", columns.where(row, "station"), place or None)
    return None if station is None else StationId(station)


def _places(
    columns: Columns, field: str, known: Collection[str], notebook: Notebook
) -> list[PlaceCode | None]:
    out: list[PlaceCode | None] = []
    for row, cell in enumerate(columns.cells(field)):
        if cell and cell not in known:
            notebook.wrong("place_unknown", columns.where(row, field), cell)
        out.append(PlaceCode(cell) if cell else None)
    return out


def read_posts(
    tables: Sequence[Columns], known: Collection[str], notebook: Notebook
) -> tuple[ExistingPost, ...]:
    """Rooms and work stations that stand, and sites that must not be used."""
    posts: list[ExistingPost] = []
    seen: set[str] = set()
    for columns in tables:
        missing(columns, "place", "place_missing", notebook)
        missing(columns, "kind", "post_kind_missing", notebook)
        kinds = words(columns, "kind", POST_KINDS, "post_kind_unknown", notebook)
        statuses = words(columns, "status", POST_STATUSES, "post_status_unknown", notebook)
        names, given_ids = columns.cells("name"), columns.cells("id")
        for row, place in enumerate(_places(columns, "place", known, notebook)):
            kind = kinds[row]
            identifier = given_ids[row] or f"E{len(posts) + 1}"
            if identifier in seen:
                notebook.wrong("code_twice", columns.where(row, "id"), identifier, other=identifier)
            seen.add(identifier)
            if kind is not None and place is not None:
                status = statuses[row] or PostStatus.EXISTING
                name = names[row] or None
                posts.append(
                    ExistingPost(id=PostId(identifier), kind=kind, place=place, status=status, name=name)
                )
    return tuple(posts)


def read_incidents(
    tables: Sequence[Columns], known: Collection[str], manifest: Manifest, notebook: Notebook
) -> tuple[Incident, ...]:
    """Counts of incidents by day and category, each at a place or a position."""
    incidents: list[Incident] = []
    for columns in tables:
        missing(columns, "category", "category_missing", notebook)
        dates = moments(columns, "day", notebook)
        where = positions_of(columns, manifest.system_of(columns.table.file), notebook)
        places = _places(columns, "place", known, notebook)
        numbers = counts(columns, "count", notebook)
        for row, category in enumerate(columns.cells("category")):
            at, number = dates[row], numbers[row]
            if places[row] is None and where.longitude[row] is None:
                notebook.wrong("incident_nowhere", columns.where(row, "place"), None)
            if at is not None:
                incidents.append(
                    Incident(
                        day=at.day,
                        time=at.time,
                        category=category,
                        count=1 if number is None else number,
                        place=places[row],
                        longitude=where.longitude[row],
                        latitude=where.latitude[row],
                    )
                )
    return tuple(incidents)


def read_neighbours(
    tables: Sequence[Columns], known: Collection[str], notebook: Notebook
) -> tuple[tuple[PlaceCode, PlaceCode], ...] | None:
    """Pairs of neighbours, each once; ``None`` if the territory has no such table."""
    if not tables:
        return None
    pairs: dict[tuple[PlaceCode, PlaceCode], None] = {}
    for columns in tables:
        first, second = columns.cells("a"), columns.cells("b")
        for row, (a, b) in enumerate(zip(first, second, strict=True)):
            for field, code in (("a", a), ("b", b)):
                if code not in known:
                    notebook.wrong("place_unknown", columns.where(row, field), code or None)
            if a and a == b:
                notebook.wrong("adjacency_self", columns.where(row, "b"), b)
            pairs[PlaceCode(min(a, b)), PlaceCode(max(a, b))] = None
    return tuple(pairs)
