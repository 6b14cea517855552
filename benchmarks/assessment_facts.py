"""Synthetic facts of any size, written by DuckDB straight to Parquet: a county of 17 stations and 200 beats.

Every number follows from the row's number by DuckDB's hash: the same size gives the same rows. Nothing in
it is about a real place or person; every row is marked as synthetic.
"""

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from linli.assessment.facts import arrow_schema, fact_tables
from linli.io.facts.dataset import digest_of
from linli.io.facts.manifest import Manifest, Part, write_manifest

ZONE = "Asia/Shanghai"
STATIONS, BEATS, YEAR = 17, 200, 2026
SHARES = {
    "transitions": 0.35,
    "visits": 0.20,
    "duty_hours": 0.15,
    "cases": 0.12,
    "patrols": 0.08,
    "inspections": 0.03,
    "disputes": 0.02,
    "activities": 0.02,
    "surveys": 0.02,
    "equipment": 0.005,
    "addresses": 0.005,
}
"""Of all rows, those of each table."""


def pick(column: str, words: list[str], salt: int) -> str:
    """SQL: one of some words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + (hash(i, {salt}) % {len(words)})::INT] AS {column}"


def chance(column: str, percent: int, salt: int, known: int = 100) -> str:
    """SQL: yes in so many of a hundred rows; known in so many."""
    yes = f"hash(i, {salt}) % 100 < {percent}"
    return f"CASE WHEN hash(i, {salt + 500}) % 100 < {known} THEN {yes} END AS {column}"


def number(column: str, most: int, salt: int, parts: int = 1) -> str:
    """SQL: a number from 0 up to ``most``, in so many parts."""
    kind = "BIGINT" if parts == 1 else "DOUBLE"
    return f"((hash(i, {salt}) % {most * parts}) / {parts})::{kind} AS {column}"


OPENED = '"at" + INTERVAL 0 SECOND AS opened_at'
COLUMNS = {
    "cases": [
        pick("case_type", ["incident", "incident", "request", "dispute"], 1),
        pick(
            "category",
            ["burglary", "home_robbery", "vehicle", "fight", "traffic", "fire", "noise", "road"],
            2,
        ),
        pick("result", ["settled", "case_opened", "unfounded", "fixed"], 3),
        "'closed' AS status",
        OPENED,
        '"at" + INTERVAL 1 SECOND * (hash(i, 4) % 400000)::INT AS closed_at',
        chance("late", 12, 5),
        "0::BIGINT AS reopened",
        pick("feedback", ["satisfied", "satisfied", "satisfied", "not_satisfied"], 6),
        chance("key", 8, 8),
        chance("preventable", 8, 8),
        chance("recorded", 20, 9),
        chance("solved", 80, 10, 60),
        chance("merged", 2, 11),
    ],
    "transitions": [
        "'case:' || (i // 3) AS case_record_id",
        pick("case_type", ["incident", "request"], 1),
        pick(
            "state_to",
            ["dispatched", "on_scene", "closed", "five.accepted", "five.resolved", "five.answered"],
            2,
        ),
        chance("within_deadline", 90, 3),
        "((hash(i, 4) % 3600) / 60.0)::DOUBLE AS minutes_open",
    ],
    "duty_hours": [
        "'P' || lpad((hash(i, 100) % 200)::VARCHAR, 3, '0') AS post",
        pick("role", ["officer", "auxiliary", "grid_worker", "village_assistant"], 1),
        pick("kind", ["community", "room", "station", "diverted"], 2),
        "8.0::DOUBLE AS planned_hours",
        number("hours", 10, 3, 4),
    ],
    "visits": [
        pick("kind", ["household", "household", "shop", "unit"], 1),
        number("residents_met", 5, 2),
        pick("purpose", ["routine", "advice", "views", "service"], 3),
    ],
    "patrols": [
        pick("kind", ["point", "line", "area"], 1),
        "10::BIGINT AS planned",
        number("covered", 11, 2),
        number("hours", 6, 3, 10),
    ],
    "inspections": [
        "'shop' AS premises_kind",
        pick("occasion", ["scheduled", "scheduled", "random", "acceptance"], 1),
        pick("result", ["passed", "mended"], 2),
        number("hazards", 4, 3),
        "CASE WHEN hash(i, 4) % 2 = 0 THEN day + 14 END AS rectified_by",
        "CASE WHEN hash(i, 4) % 2 = 0 THEN day + (hash(i, 5) % 20)::INT END AS rectified_on",
    ],
    "disputes": [
        pick("level", ["village", "village", "township", "county"], 1),
        chance("settled", 96, 2),
        chance("fulfilled", 90, 3, 80),
        chance("relapsed", 5, 4),
        chance("kept", 85, 5, 50),
        number("paid_cents", 30000, 6),
    ],
    "activities": [
        pick("kind", ["meeting", "report", "visit_day", "lecture", "campaign", "concern", "thanks"], 1),
        "1::BIGINT AS count",
        number("participants", 60, 2),
    ],
    "surveys": [
        f"'{YEAR}-1' AS wave",
        pick(
            "question",
            ["feel_safe", "satisfied", "know_officer", "see_patrols", "knows_beat", "take_part"],
            1,
        ),
        "CASE WHEN hash(i, 2) % 100 < 88 THEN 'yes' ELSE 'no' END AS answer",
        number("weight", 40, 3, 100),
        "'s' AS stratum",
    ],
    "equipment": [
        pick("kind", ["mobile", "radio", "recorder", "video", "alarm", "access", "checkpoint"], 1),
        chance("working", 93, 2),
        chance("planned", 5, 3),
        chance("linked", 60, 4),
        pick("role", ["officer", "auxiliary"], 5),
        number("uses", 3, 6),
    ],
    "addresses": ["'house' AS kind", chance("complete", 97, 1)],
}
"""The columns of each table beside the common ones, as SQL over the row's number ``i``."""


def write_facts(folder: Path, rows: int, *, months: int = 12) -> Manifest:
    """A dataset with so many fact rows; made once, used again while it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: _dimension(folder, name) for name in ("areas", "staff", "calendar")}
    with duckdb.connect() as session:
        session.execute(
            "SET TimeZone = 'UTC'; SET memory_limit = '4GB'; SET preserve_insertion_order = false"
        )
        for table, share in SHARES.items():
            each = max(1, int(rows * share / months))
            tables[table] = tuple(_month(session, folder, table, month, each) for month in range(months))
    manifest = Manifest(zone=ZONE, tables=tables)
    write_manifest(folder, manifest)
    return manifest


def _month(session: duckdb.DuckDBPyConnection, folder: Path, table: str, month: int, rows: int) -> Part:
    token = f"{YEAR}-{month + 1:02}"
    (folder / table).mkdir(exist_ok=True)
    path = folder / table / f"part-{token}-synthetic.parquet"
    own = {name.rpartition(" AS ")[2]: name for name in COLUMNS[table]}
    schema = arrow_schema(table)
    common = {"record_id", "station", "beat", "place", "at", "day", "month", "source", "synthetic"}
    listed = [
        f'"{name}"' if name in common else own.get(name, f"NULL::{_sql(schema.field(name).type)} AS {name}")
        for name in schema.names
    ]
    session.execute(
        f"COPY (WITH numbered AS (SELECT i, ('{token}-01'::DATE + (hash(i, 90) % 28)::INT) AS day"
        f" FROM range({month * rows}, {(month + 1) * rows}) AS r(i)),"
        f" placed AS (SELECT i, day, hash(i, 91) % {BEATS} AS b, NULL::VARCHAR AS place,"
        f" '{table}:' || lpad(i::VARCHAR, 9, '0') AS record_id, 'platform' AS source, true AS synthetic,"
        f' (day::TIMESTAMP + INTERVAL 1 SECOND * (hash(i, 92) % 50000)::INT)::TIMESTAMPTZ AS "at",'
        f" '{token}' AS month FROM numbered),"
        f" sited AS (SELECT *, 'S' || lpad((b % {STATIONS})::VARCHAR, 2, '0') AS station,"
        f" 'B' || lpad(b::VARCHAR, 3, '0') AS beat FROM placed)"
        f" SELECT {', '.join(listed)} FROM sited) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return Part(name=path.name, month=token, rows=rows, sha256=digest_of(path))


def _sql(kind: pa.DataType) -> str:
    names = {
        "string": "VARCHAR",
        "int64": "BIGINT",
        "double": "DOUBLE",
        "bool": "BOOLEAN",
        "date32[day]": "DATE",
    }
    return names.get(str(kind), "TIMESTAMPTZ")


def _dimension(folder: Path, table: str) -> tuple[Part, ...]:
    rows = {"areas": _areas, "staff": _staff, "calendar": _calendar}[table]()
    (folder / table).mkdir(exist_ok=True)
    path = folder / table / "part-all-synthetic.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(fact_tables()[table].name)), path)
    return (Part(name=path.name, month="all", rows=len(rows), sha256=digest_of(path)),)


def _areas() -> list[dict[str, object]]:
    start = {"valid_from": dt.date(2020, 1, 1)}
    rows: list[dict[str, object]] = [{"code": "T", "kind": "territory", "name_zh": "合成县", **start}]
    for station in range(STATIONS):
        code = f"S{station:02}"
        rows.append({"code": code, "parent": "T", "kind": "station", "name_zh": f"合成{code}", **start})
    for beat in range(BEATS):
        above, people = f"S{beat % STATIONS:02}", 1500 + 37 * beat
        counts = {"residents": people, "households": people // 3, "villages": 4}
        rows.append(
            {
                "code": f"B{beat:03}",
                "parent": above,
                "kind": "beat",
                "name_zh": f"合成B{beat}",
                **counts,
                **start,
            }
        )
        rows.append(
            {
                "code": f"P{beat:03}",
                "parent": f"B{beat:03}",
                "kind": "post",
                "name_zh": f"合成P{beat}",
                **start,
            }
        )
    return rows


def _staff() -> list[dict[str, object]]:
    places = [(f"S{b % STATIONS:02}", f"B{b:03}", 1.0) for b in range(BEATS)]
    places += [(f"S{s:02}", None, 12.0) for s in range(STATIONS)]  # type: ignore[misc]
    return [
        {"month": f"{YEAR}-{month:02}", "station": s, "beat": b, "role": role, "planned": n, "actual": n}
        for month in range(1, 13)
        for s, b, n in places
        for role in ("officer", "auxiliary", "grid_worker", "village_assistant")
    ]


def _calendar() -> list[dict[str, object]]:
    days = [dt.date(YEAR, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    return [
        {
            "day": d,
            "month": f"{d:%Y-%m}",
            "quarter": f"{YEAR}-Q{(d.month + 2) // 3}",
            "year": YEAR,
            "working": d.weekday() < 5,
        }
        for d in days
    ]
