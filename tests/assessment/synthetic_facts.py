"""A small synthetic county's facts of every table, the same for the same seed."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from linli.assessment.facts import arrow_schema
from linli.io.facts import Dataset, drafting, open_dataset

ENGINE_WARNINGS = [
    # Ibis 12 calls what DuckDB 2 and pandas 3 will one day take away.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option:DeprecationWarning"),
]
ZONE = "Asia/Shanghai"
STATIONS = ("S1", "S2")
BEATS = {"S1": ("S1-B1", "S1-B2", "S1-B3"), "S2": ("S2-B1", "S2-B2")}
PLACES = [(station, beat) for station, beats in BEATS.items() for beat in (*beats, None)]
Row = dict[str, Any]


def synthetic_facts(folder: Path, *, rows: int = 300, seed: int = 4, years: int = 1) -> Dataset:
    """A dataset with ``rows`` rows in each fact table, in 2026 (and the years before)."""
    rng = random.Random(seed)  # noqa: S311 - made-up facts
    with drafting(folder, zone=ZONE) as draft:
        for table, make in MAKERS.items():
            made = [{**_common(table, n, rng, years), **make(rng)} for n in range(rows)]
            draft.add(table, pa.Table.from_pylist(made, schema=arrow_schema(table)))
        for table, dimension in (("areas", _areas()), ("staff", _staff(rng)), ("calendar", _calendar())):
            draft.add(table, pa.Table.from_pylist(list(dimension), schema=arrow_schema(table)))
    return open_dataset(folder)


def fact(table: str, number: int, month: str = "2026-03", **values: Any) -> Row:
    """One row by hand, in beat S1-B1 unless said otherwise."""
    day = dt.date.fromisoformat(f"{month}-10")
    at = dt.datetime.combine(day, dt.time(4), dt.UTC)
    common = {"record_id": f"{table}:{number:05}", "station": "S1", "beat": "S1-B1", "at": at, "day": day}
    return {**common, "month": month, "source": "platform", "synthetic": True, **values}


def by_hand(folder: Path, **tables: list[Row]) -> Dataset:
    """A dataset of rows made by hand, with the areas of the small county."""
    with drafting(folder, zone=ZONE) as draft:
        draft.add("areas", pa.Table.from_pylist(list(_areas()), schema=arrow_schema("areas")))
        for table, rows in tables.items():
            draft.add(table, pa.Table.from_pylist(rows, schema=arrow_schema(table)))
    return open_dataset(folder)


def _common(table: str, number: int, rng: random.Random, years: int) -> Row:
    station, beat = rng.choice(PLACES)
    day = (
        dt.date(2026, 1, 1)
        - dt.timedelta(days=365 * (years - 1))
        + dt.timedelta(days=rng.randrange(365 * years))
    )
    at = dt.datetime.combine(day, dt.time(4, rng.randrange(60), rng.randrange(60)), dt.UTC)
    return {
        "record_id": f"{table}:{number:05}",
        "station": station,
        "beat": beat,
        "place": None,
        "at": at,
        "day": day,
        "month": f"{day:%Y-%m}",
        "source": "platform",
        "synthetic": True,
    }


def _maybe(rng: random.Random, value: Any, share: float = 0.8) -> Any:
    return value if rng.random() < share else None


def _case(rng: random.Random) -> Row:
    kind = rng.choice(["incident", "request", "dispute"])
    opened = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=rng.randrange(500_000))
    category = rng.choice(["burglary", "home_robbery", "vehicle", "fight", "traffic", "fire", "noise"])
    return {
        "case_type": kind,
        "category": category,
        "status": "closed",
        "result": _maybe(rng, rng.choice(["settled", "case_opened", "unfounded"])),
        "opened_at": opened,
        "closed_at": _maybe(rng, opened + dt.timedelta(minutes=rng.randrange(9000))),
        "late": _maybe(rng, rng.random() < 0.2, 0.9),
        "reopened": rng.randrange(2),
        "feedback": _maybe(rng, rng.choice(["satisfied", "not_satisfied"]), 0.5),
        "key": rng.random() < 0.2,
        "preventable": rng.random() < 0.3,
        "recorded": rng.random() < 0.3,
        "solved": _maybe(rng, rng.random() < 0.8, 0.5),
        "merged": rng.random() < 0.05,
    }


def _transition(rng: random.Random) -> Row:
    steps = [
        "on_scene",
        "closed",
        "five.accepted",
        "five.reported",
        "five.handled",
        "five.resolved",
        "five.answered",
    ]
    return {
        "case_record_id": "case:1",
        "case_type": "incident",
        "state_to": rng.choice(steps),
        "within_deadline": _maybe(rng, rng.random() < 0.9),
        "minutes_open": round(rng.expovariate(1 / 12), 3),
    }


def _hours(rng: random.Random) -> Row:
    return {
        "post": rng.choice(["P1", "P2"]),
        "role": rng.choice(["officer", "auxiliary", "grid_worker", "village_assistant"]),
        "kind": rng.choice(["community", "room", "station", "diverted"]),
        "planned_hours": _maybe(rng, 8.0),
        "hours": round(rng.uniform(0, 12), 2),
    }


def _visit(rng: random.Random) -> Row:
    return {
        "kind": rng.choice(["household", "shop"]),
        "residents_met": _maybe(rng, rng.randrange(5)),
        "purpose": _maybe(rng, rng.choice(["routine", "advice", "views"])),
    }


def _patrol(rng: random.Random) -> Row:
    planned = rng.randrange(1, 9)
    return {
        "kind": rng.choice(["point", "line", "area"]),
        "planned": planned,
        "covered": rng.randrange(planned + 1),
        "hours": round(rng.uniform(0, 6), 1),
    }


def _inspection(rng: random.Random) -> Row:
    by = dt.date(2026, 6, 1) if rng.random() < 0.5 else None
    return {
        "premises_kind": "shop",
        "occasion": rng.choice(["scheduled", "random", "acceptance"]),
        "result": _maybe(rng, rng.choice(["passed", "mended"])),
        "hazards": rng.randrange(4),
        "rectified_by": by,
        "rectified_on": _maybe(rng, dt.date(2026, 6, rng.randrange(1, 28))) if by else None,
    }


def _dispute(rng: random.Random) -> Row:
    settled = rng.random() < 0.9
    return {
        "level": rng.choice(["village", "township", "county"]),
        "settled": settled,
        "fulfilled": _maybe(rng, rng.random() < 0.9) if settled else None,
        "relapsed": settled and rng.random() < 0.1,
        "kept": _maybe(rng, rng.random() < 0.8, 0.5) if settled else None,
        "handed_to": _maybe(rng, rng.choice(["court", "police"]), 0.1),
        "paid_cents": _maybe(rng, rng.randrange(30_000)),
    }


def _activity(rng: random.Random) -> Row:
    kinds = ["meeting", "report", "visit_day", "lecture", "campaign", "training", "concern", "thanks"]
    return {
        "kind": rng.choice(kinds),
        "count": rng.randrange(1, 4),
        "participants": _maybe(rng, rng.randrange(80)),
    }


def _survey(rng: random.Random) -> Row:
    questions = [
        "feel_safe",
        "satisfied",
        "know_officer",
        "see_patrols",
        "knows_beat",
        "take_part",
        "recognised",
    ]
    return {
        "wave": "2026-1",
        "question": rng.choice(questions),
        "answer": _maybe(rng, rng.choice(["yes", "no"]), 0.95),
        "weight": round(rng.uniform(0.5, 40), 4),
        "stratum": _maybe(rng, "s", 0.7),
        "psu": "p",
    }


def _device(rng: random.Random) -> Row:
    kinds = ["mobile", "radio", "recorder", "video", "alarm", "access", "checkpoint", "patrol_kit"]
    return {
        "kind": rng.choice(kinds),
        "working": rng.random() < 0.9,
        "planned": rng.random() < 0.1,
        "linked": _maybe(rng, rng.random() < 0.5),
        "role": _maybe(rng, rng.choice(["officer", "auxiliary"])),
        "uses": rng.randrange(3),
    }


def _address(rng: random.Random) -> Row:
    return {"kind": "house", "complete": rng.random() < 0.9}


MAKERS = {
    "cases": _case,
    "transitions": _transition,
    "duty_hours": _hours,
    "visits": _visit,
    "patrols": _patrol,
    "inspections": _inspection,
    "disputes": _dispute,
    "activities": _activity,
    "surveys": _survey,
    "equipment": _device,
    "addresses": _address,
}


def _areas() -> Iterator[Row]:
    start = dt.date(2020, 1, 1)
    yield {
        "code": "T",
        "kind": "territory",
        "name_zh": "合成县",
        "name_en": "Synthetic county",
        "valid_from": start,
    }
    for station, beats in BEATS.items():
        yield {
            "code": station,
            "parent": "T",
            "kind": "station",
            "name_zh": f"合成{station}所",
            "valid_from": start,
        }
        for number, beat in enumerate(beats, 1):
            yield {
                "code": beat,
                "parent": station,
                "kind": "beat",
                "name_zh": f"合成{beat}警务区",
                "residents": 1000 * number,
                "households": 300 * number,
                "villages": 2,
                "valid_from": start,
            }
    for post, beat in (("P1", "S1-B1"), ("P2", "S2-B1")):
        yield {"code": post, "parent": beat, "kind": "post", "name_zh": f"合成{post}室", "valid_from": start}


def _staff(rng: random.Random) -> Iterator[Row]:
    for month in range(1, 13):
        for station, beat in PLACES:
            for role in ("officer", "auxiliary", "grid_worker", "village_assistant"):
                yield {
                    "month": f"2026-{month:02}",
                    "station": station,
                    "beat": beat,
                    "role": role,
                    "planned": 2.0,
                    "actual": float(rng.randrange(4)),
                }


def _calendar() -> Iterator[Row]:
    day = dt.date(2026, 1, 1)
    while day.year == 2026:
        yield {
            "day": day,
            "month": f"{day:%Y-%m}",
            "quarter": f"2026-Q{(day.month + 2) // 3}",
            "year": 2026,
            "working": day.weekday() < 5,
        }
        day += dt.timedelta(days=1)
