"""Made-up facts for the demonstration and for tests: every row says that it is synthetic, and its source.

Beats differ in nothing but chance and their residents, except one, whose key cases truly double in the last
three months. They come as imported lists, as a county would bring what the platform does not record yet.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from linli.assessment.facts import arrow_schema
from linli.io.facts import drafting
from linli.io.facts.manifest import Import
from linli.web.foundation.casework.clocks import zone
from linli.web.foundation.places.models import Beat, Deployment, Station

__all__ = ["SOURCE", "write_synthetic"]

SOURCE: Final = "import:assessment.synthetic.csv"
FEWEST_MONTHS: Final = 15
KEY_CASES: Final = 4.0
"""Key cases a month in a beat of mean size."""
Row = dict[str, Any]


@dataclass(frozen=True)
class _Beat:
    code: str
    station: str
    size: float
    """Residents over the mean of all beats."""
    residents: int


def write_synthetic(folder: Path, version: Deployment, last: dt.date, *, seed: int = 1) -> int:
    """Add made-up facts from January of the year before to ``last``'s month to a dataset; how many rows.

    Parameters
    ----------
    version
        The deployment whose beats they lie in; its areas hold for all of these months.
    """
    beats, count = _beats(version), 0
    rng = random.Random(f"{seed}:assessment")  # noqa: S311 - made-up data, the same for the same seed
    # Rules compare with the same months of the year before: every month of that year must be there.
    months = [_month(last, back) for back in range(max(FEWEST_MONTHS, 12 + last.month) - 1, -1, -1)]
    with drafting(folder, zone=zone().key) as draft:
        for table, make in TABLES.items():
            rows = [
                _common(table, n, beat, day) | row
                for n, (beat, day, row) in enumerate(_rows(make, beats, months, rng))
            ]
            draft.add(table, pa.Table.from_pylist(rows, schema=arrow_schema(table)))
            count += len(rows)
        areas = [_area(row, months[0]) for row in _areas(version, beats)]
        draft.add("areas", pa.Table.from_pylist(areas, schema=arrow_schema("areas")))
        staff = list(_staff(beats, months))
        draft.add("staff", pa.Table.from_pylist(staff, schema=arrow_schema("staff")))
        draft.imports.extend(
            _imported(name, len(rows)) for name, rows in (("areas", areas), ("staff", staff))
        )
    return count


def _imported(table: str, rows: int) -> Import:
    name = f"{table}.synthetic.csv"
    digest = hashlib.sha256(f"{name} {rows}".encode()).hexdigest()
    return Import(file=name, sha256=digest, table=table, rows=rows, added=rows)


def _month(last: dt.date, back: int) -> dt.date:
    number = 12 * last.year + last.month - 1 - back
    return dt.date(number // 12, number % 12 + 1, 1)


def _beats(version: Deployment) -> list[_Beat]:
    rows = list(Beat.objects.filter(deployment=version).order_by("code"))
    people = [row.residents or 3000 for row in rows]
    mean = sum(people) / len(people)
    return [
        _Beat(row.code, row.station_code, number / mean, number)
        for row, number in zip(rows, people, strict=True)
    ]


Made = tuple[_Beat, dt.date, Row]
Maker = Callable[[_Beat, int, random.Random], Iterator[Row]]


def _rows(
    make: Maker, beats: Sequence[_Beat], months: Sequence[dt.date], rng: random.Random
) -> Iterator[Made]:
    for number, month in enumerate(months):
        for place, beat in enumerate(beats):
            # The one true change: the second beat's last three months.
            raised = 2 if place == 1 and number >= len(months) - 3 else 1
            for row in make(beat, raised, rng):
                yield beat, month + dt.timedelta(days=rng.randrange(28)), row


def _common(table: str, number: int, beat: _Beat, day: dt.date) -> Row:
    at = dt.datetime.combine(day, dt.time(4), dt.UTC)
    return {
        "record_id": f"synthetic:{table}:{number:06}",
        "station": beat.station,
        "beat": beat.code,
        "at": at,
        "day": day,
        "month": f"{day:%Y-%m}",
        "source": SOURCE,
        "synthetic": True,
    }


def _count(mean: float, rng: random.Random) -> int:
    """A Poisson number, by waiting times."""
    found, waited = 0, rng.expovariate(1.0)
    while waited < mean:
        found, waited = found + 1, waited + rng.expovariate(1.0)
    return found


def _cases(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(_count(KEY_CASES * beat.size * raised, rng)):
        yield _case("incident", rng, key=True, preventable=rng.random() < 0.5, recorded=True)
    for _ in range(_count(6 * beat.size, rng)):
        yield _case("incident", rng, key=False, preventable=False, recorded=rng.random() < 0.2)
    for _ in range(_count(8 * beat.size, rng)):
        yield _case("request", rng, feedback="satisfied" if rng.random() < 0.9 else "not_satisfied")


def _case(kind: str, rng: random.Random, **given: Any) -> Row:
    late = rng.random() < 0.08
    plain = {"category": "other", "status": "closed", "result": "settled", "late": late, "merged": False}
    return {"case_type": kind, "key": False, "preventable": False, **plain, **given}


def _disputes(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(_count(5 * beat.size, rng)):
        settled = rng.random() < 0.95
        yield {"level": "village", "settled": settled, "fulfilled": settled, "relapsed": False}


def _visits(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(_count(14 * beat.size, rng)):
        yield {"kind": rng.choice(["household", "household", "shop"]), "residents_met": rng.randrange(1, 5)}


def _hours(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(12):
        yield {
            "role": "officer",
            "kind": rng.choice(["community", "community", "community", "station", "diverted"]),
            "planned_hours": 8.0,
            "hours": round(rng.uniform(5, 9), 1),
        }


def _patrols(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for kind in ("point", "line", "area"):
        planned = rng.randrange(4, 9)
        yield {"kind": kind, "planned": planned, "covered": planned - (rng.random() < 0.3), "hours": 3.0}


def _inspections(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(_count(3 * beat.size, rng)):
        occasion = rng.choice(["scheduled", "random"])
        yield {"premises_kind": "shop", "occasion": occasion, "result": "passed", "hazards": rng.randrange(3)}


def _surveys(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for question in ("feel_safe", "satisfied", "know_officer", "see_patrols", "knows_beat"):
        for _ in range(6):
            answer = "yes" if rng.random() < 0.92 else "no"
            yield {"wave": "synthetic", "question": question, "answer": answer, "weight": 1.0}


def _activities(beat: _Beat, raised: int, rng: random.Random) -> Iterator[Row]:
    for kind in ("meeting", "lecture", "concern"):
        if rng.random() < 0.6:
            yield {"kind": kind, "count": 1, "participants": rng.randrange(10, 60)}


TABLES: Final[Mapping[str, Maker]] = {
    "cases": _cases,
    "disputes": _disputes,
    "visits": _visits,
    "duty_hours": _hours,
    "patrols": _patrols,
    "inspections": _inspections,
    "surveys": _surveys,
    "activities": _activities,
}


def _areas(version: Deployment, beats: Sequence[_Beat]) -> Iterator[Row]:
    names = {row.code: row for row in Beat.objects.filter(deployment=version)}
    yield {
        "code": version.territory,
        "kind": "territory",
        "name_zh": version.name,
        "name_en": version.name_en,
    }
    for station in Station.objects.filter(deployment=version):
        yield {
            "code": station.code,
            "parent": version.territory,
            "kind": "station",
            "name_zh": station.name,
            "residents": sum(beat.residents for beat in beats if beat.station == station.code),
        }
    for beat in beats:
        yield {
            "code": beat.code,
            "parent": beat.station,
            "kind": "beat",
            "name_zh": names[beat.code].name,
            "name_en": names[beat.code].name_en or None,
            "residents": beat.residents,
            "households": max(1, beat.residents // 3),
        }


def _area(row: Row, since: dt.date) -> Row:
    return {**row, "valid_from": since}


def _staff(beats: Sequence[_Beat], months: Sequence[dt.date]) -> Iterator[Row]:
    numbers = {"officer": 1.0, "auxiliary": 2.0, "grid_worker": 3.0, "village_assistant": 1.0}
    for month in months:
        for beat in beats:
            for role, actual in numbers.items():
                yield {
                    "month": f"{month:%Y-%m}",
                    "station": beat.station,
                    "beat": beat.code,
                    "role": role,
                    "planned": actual,
                    "actual": actual,
                }
