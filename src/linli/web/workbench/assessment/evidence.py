"""Looking figures and records up in what a version keeps: DuckDB over Parquet, nothing recomputed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import duckdb

from linli.assessment.indicators.computing import EARLIEST
from linli.assessment.indicators.periods import ReportPeriod, period
from linli.web.workbench.assessment.keeping import version_folder
from linli.web.workbench.assessment.models import Version

__all__ = [
    "Found",
    "Point",
    "Record",
    "children",
    "figure",
    "history",
    "is_kept",
    "of_all",
    "origins",
    "records",
]

UPWARDS: Final = ("post", "beat", "station", "territory")
NUMBERS: Final = ("numerator", "denominator", "value", "low", "high")


@dataclass(frozen=True)
class Point:
    """One figure as it was computed; ``None`` is "not known"."""

    indicator: str
    area_kind: str
    area: str
    token: str
    numerator: float | None
    denominator: float | None
    value: float | None
    low: float | None
    high: float | None
    records: int
    evidence: str
    formula: str
    code_version: str


@dataclass(frozen=True)
class Record:
    """A record counted, what it adds above and below the line; ``None`` where it does not."""

    id: str
    station: str
    beat: str
    month: str
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class Found:
    """The first of the records counted, and how many there are."""

    rows: tuple[Record, ...]
    count: int


COLUMNS: Final = (
    "indicator, area_kind, area, period, numerator, denominator, value, low, high, records, evidence, "
    "formula, code_version"
)


def is_kept(version: Version) -> bool:
    """Whether the files of a version are there."""
    return _results(version).is_file()


def figure(version: Version, indicator: str, area: str, token: str) -> Point | None:
    """One figure; of the widest kind of area where two share a code."""
    found = _points(version, "indicator = ? AND area = ? AND period = ?", [indicator, area, token])
    return max(found, key=lambda one: UPWARDS.index(one.area_kind)) if found else None


def history(version: Version, indicator: str, kind: str, area: str) -> list[Point]:
    """The figures of one area, period by period."""
    return _points(version, "indicator = ? AND area_kind = ? AND area = ?", [indicator, kind, area])


def of_all(version: Version, indicator: str, kind: str) -> list[Point]:
    """The figures of all areas of a kind and all periods."""
    return _points(version, "indicator = ? AND area_kind = ?", [indicator, kind])


def children(version: Version, indicator: str, areas: Sequence[tuple[str, str]], token: str) -> list[Point]:
    """The same figure for some other areas, each by kind and code."""
    wanted = set(areas)
    found = _points(version, "indicator = ? AND period = ?", [indicator, token])
    return [one for one in found if (one.area_kind, one.area) in wanted]


def records(version: Version, told: dict[str, Any], point: Point, *, most: int, after: str = "") -> Found:
    """The records that a figure counts, in order of their ids, from after one of them.

    Parameters
    ----------
    told
        The indicator's definition as the version keeps it.
    """
    path = version_folder(version.pk) / "evidence" / f"{told['source']}.parquet"
    if not path.is_file():
        return Found((), 0)
    above, below = (f'"{point.indicator}|{part}"' for part in ("numerator", "denominator"))
    first, last = _window(told["since"], period(point.token))
    where = f"({above} IS NOT NULL OR {below} IS NOT NULL) AND month BETWEEN ? AND ?"
    values: list[Any] = [first, last]
    if point.area_kind != "territory":
        where += f" AND {point.area_kind} = ?"
        values.append(point.area)
    with _session() as session:
        source = "read_parquet(?)"
        count = session.execute(
            f"SELECT count(*) FROM {source} WHERE {where}",  # noqa: S608 - names of our own schema
            [str(path), *values],
        ).fetchone()
        rows = session.execute(
            f"SELECT record_id, station, beat, month, {above}, {below} FROM {source} "  # noqa: S608
            f"WHERE {where} AND record_id > ? ORDER BY record_id LIMIT ?",
            [str(path), *values, after, most],
        ).fetchall()
    return Found(tuple(_record(row) for row in rows), 0 if count is None else int(count[0]))


def origins(version: Version, told: dict[str, Any], points: Sequence[Point]) -> list[str | None]:
    """Where the records of each period of a series are from: ``platform``, ``import``, ``both``.

    ``None`` where no record was counted, or the version was computed before this was kept.
    """
    path = version_folder(version.pk) / "evidence" / f"{told['source']}.parquet"
    if not points or not path.is_file():
        return [None] * len(points)
    first = points[0]
    above, below = (f'"{first.indicator}|{part}"' for part in ("numerator", "denominator"))
    where = f"({above} IS NOT NULL OR {below} IS NOT NULL)"
    values: list[Any] = [str(path)]
    if first.area_kind != "territory":
        where += f" AND {first.area_kind} = ?"
        values.append(first.area)
    with _session() as session:
        columns = session.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        if "source" not in {str(name) for name, *_ in columns}:
            return [None] * len(points)
        origin = "CASE WHEN starts_with(source, 'import:') THEN 'import' ELSE 'platform' END"
        rows = session.execute(
            f"SELECT DISTINCT month, {origin} FROM read_parquet(?) WHERE {where}",  # noqa: S608 - our own names
            values,
        ).fetchall()
    return [_origin(period(point.token), rows) for point in points]


def _origin(of: ReportPeriod, rows: Sequence[tuple[Any, ...]]) -> str | None:
    first, last = _month(of.first), _month(of.last)
    found = {str(source) for month, source in rows if first <= str(month) <= last}
    return None if not found else "both" if len(found) > 1 else found.pop()


def _window(since: str, of: ReportPeriod) -> tuple[str, str]:
    first = of.first if since == "period" else of.january if since == "year" else EARLIEST
    return _month(first), _month(of.last)


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _record(row: tuple[Any, ...]) -> Record:
    id_, station, beat, month, above, below = row
    known = [None if value is None else float(value) for value in (above, below)]
    return Record(str(id_), station or "", beat or "", str(month), *known)


def _results(version: Version) -> Path:
    return version_folder(version.pk) / "results.parquet"


def _points(version: Version, where: str, values: Sequence[Any]) -> list[Point]:
    if not is_kept(version):
        return []
    with _session() as session:
        rows = session.execute(
            f"SELECT {COLUMNS} FROM read_parquet(?) WHERE {where} ORDER BY period, area",  # noqa: S608
            [str(_results(version)), *values],
        ).fetchall()
    return [_point(row) for row in rows]


def _point(row: tuple[Any, ...]) -> Point:
    told: dict[str, Any] = dict(zip((one.name for one in fields(Point)), row, strict=True))
    for name in NUMBERS:
        told[name] = None if told[name] is None or told[name] != told[name] else float(told[name])
    return Point(**told)


def _session() -> duckdb.DuckDBPyConnection:
    """A session of its own that reads these files and reaches nothing else."""
    session = duckdb.connect(config={"threads": 1, "memory_limit": "512MB"})
    session.execute("SET TimeZone = 'UTC'")
    return session
