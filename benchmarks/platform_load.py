"""A million made-up cases and 200 posts in PostgreSQL, loaded by COPY, for ``benchmarks/platform.py``.

Everything in here is synthetic. The rows are what the platform itself would have written: the same
columns, indexes and events; only audit entries of the past are left out.
"""

import datetime as dt
import json
import math
import random
from collections.abc import Iterator
from typing import Any, Final

import h3
from django.db import connection

from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.casework.searching import search_text
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.places.importing import organise
from linli.web.foundation.places.models import Beat, Deployment, Place, Post, Station

STATIONS: Final = 20
POSTS_A_STATION: Final = 10
PLACES_A_BEAT: Final = 5
OPEN_SHARE: Final = 0.03
ZERO: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
TOPICS: Final = (
    "路灯不亮",
    "路面破损",
    "噪声扰民",
    "邻里纠纷",
    "电动车被盗",
    "消防通道堵塞",
    "井盖缺失",
    "求助开锁",
)
STREETS: Final = ("幸福路", "文化街", "人民路", "向阳巷", "南环路", "振兴大道", "红旗街", "建设路")


def make_county() -> Deployment:
    """20 stations, 200 beats with a post each, 1,000 villages, on a grid of 2 km."""
    version = Deployment.objects.create(
        status="in_force",
        territory="synthetic",
        name="合成县",
        name_en="Synthetic County",
        pack="synthetic",
        pack_title="合成",
        planned_for=ZERO.date(),
        valid_from=ZERO.date(),
        digest="0" * 64,
        synthetic=["everything"],
        document="{}",
        proposed_at=ZERO,
    )
    stations, beats, places, posts = [], [], [], []
    for s in range(STATIONS):
        station = f"37000{s:04d}000"
        stations.append(Station(deployment=version, code=station, name=f"合成{s + 1}"))
        for b in range(POSTS_A_STATION):
            beat = f"{station}-{b:02d}"
            beats.append(
                Beat(deployment=version, code=beat, name=f"合成{s + 1}-{b + 1}警务区", station_code=station)
            )
            for p in range(PLACES_A_BEAT):
                n = (s * POSTS_A_STATION + b) * PLACES_A_BEAT + p
                where = {"longitude": 117 + (n % 32) * 0.02, "latitude": 34 + (n // 32) * 0.02}
                code = f"{station}{b:02d}{p:02d}"
                places.append(
                    Place(
                        deployment=version,
                        code=code,
                        name=f"合成{n + 1}村",
                        station_code=station,
                        beat_code=beat,
                        **where,
                    )
                )
                if p == 0:
                    name = f"合成{s + 1}-{b + 1}警务室"
                    posts.append(
                        Post(
                            deployment=version,
                            code=f"R-{code}",
                            kind="room",
                            name=name,
                            place_code=code,
                            beat_codes=[beat],
                            **where,
                        )
                    )
    for rows in (stations, beats, places, posts):
        type(rows[0]).objects.bulk_create(rows)  # type: ignore[attr-defined]
    organise(version)
    return version


def make_people() -> dict[str, User]:
    """A planner of the county, a chief of a station, an officer of a beat, and the desk that opens cases."""
    made = {}
    posts = Organisation.objects.filter(kind="post").order_by("code")
    station = Organisation.objects.get(code=f"station:{posts[0].station_code}")
    for name, role, organisation in (
        ("planner", "planner", Organisation.objects.get(code="bureau")),
        ("chief", "chief", station),
        ("officer", "officer", posts[0]),
        ("desk", "officer", posts[1]),
    ):
        user = User.objects.filter(username=name).first()
        if user is None:
            user = User.objects.create_user(name, None, display_name=name)
            Grant.objects.create(user=user, role=role, organisation=organisation, starts=dt.date(2026, 1, 1))
        made[name] = user
    return made


COLUMNS: Final = (
    "id",
    "number",
    "tracking_hash",
    "case_type",
    "type_version",
    "category",
    "state",
    "title",
    "description",
    "data",
    "confidentiality",
    "priority",
    "channel",
    "station_code",
    "beat_code",
    "place_code",
    "address",
    "longitude",
    "latitude",
    "cell",
    "opened_at",
    "state_since",
    "state_due_at",
    "case_due_at",
    "promised_at",
    "remaining_seconds",
    "due_at",
    "next_check_at",
    "state_step",
    "case_step",
    "closed_at",
    "result",
    "shred_at",
    "search",
    "revision",
    "assignee_id",
    "merged_into_id",
    "occurred_at",
    "opened_by_id",
    "organisation_id",
    "parent_id",
    "version_id",
)


def load_cases(version: Deployment, count: int, seed: int) -> None:
    """Write ``count`` cases over three years with three events each; indexes are made after the rows."""
    with connection.cursor() as cursor:
        indexes = _indexes(cursor)
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        _copy(cursor, "casework_case", COLUMNS, _cases(version, count, random.Random(seed)))
        _copy(cursor, "casework_event", EVENT_COLUMNS, _events(count))
        for _, definition in indexes:
            cursor.execute(definition)
        for table in ("casework_case", "casework_event"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        cursor.execute("VACUUM ANALYZE")


def _indexes(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('casework_case', 'casework_event') "
        "AND indexdef LIKE 'CREATE INDEX%'"
    )
    return list(cursor.fetchall())


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    named = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _cases(version: Deployment, count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    # Read before the first row is asked for: the connection can do nothing else while COPY runs.
    places = list(Place.objects.filter(deployment=version))
    posts = {o.codes[0]: o.pk for o in Organisation.objects.filter(kind="post")}
    specs = list(case_types().values())
    return (
        _case(n, count, version.pk, rng.choice(places), posts, rng.choice(specs), rng)
        for n in range(1, count + 1)
    )


def _case(
    n: int, count: int, version: int, place: Place, posts: dict[str, int], spec: TypeSpec, rng: random.Random
) -> tuple[Any, ...]:
    opened = ZERO - dt.timedelta(minutes=(count - n) * (3 * 365 * 1440 / count))
    is_open = rng.random() < OPEN_SHARE or n > count - count // 500
    closing = next(s for s in spec.states if s.kind == "closed")
    state = rng.choice([s for s in spec.states if s.kind == "open"]) if is_open else closing
    due = opened + dt.timedelta(days=rng.uniform(1, 14))
    closed = None if is_open else opened + dt.timedelta(days=rng.uniform(0.1, 12))
    title = f"{rng.choice(STREETS)}{rng.randint(1, 300)}号{rng.choice(TOPICS)}"
    longitude, latitude = (
        place.longitude + rng.uniform(-0.01, 0.01),
        place.latitude + rng.uniform(-0.01, 0.01),
    )
    number = f"{spec.prefix}{opened:%y%m%d}-{n:05d}"
    return (
        n,
        number,
        f"S{n:09d}",
        spec.id,
        spec.version,
        rng.choice(spec.categories).id,
        state.id,
        title,
        "",
        "{}",
        1 if spec.confidentiality == "internal" else 0,
        0,
        "web",
        place.station_code,
        place.beat_code,
        place.code,
        title[:-4],
        longitude,
        latitude,
        h3.latlng_to_cell(latitude, longitude, 9),
        opened,
        opened,
        None,
        due if is_open else None,
        due,
        None,
        due if is_open else None,
        None,
        0,
        0,
        closed,
        "" if is_open else rng.choice(spec.results).id,
        None,
        search_text(number, title),
        3,
        None,
        None,
        None,
        None,
        posts[place.beat_code],
        None,
        version,
    )


EVENT_COLUMNS: Final = (
    "case_id",
    "sequence",
    "kind",
    "at",
    "actor_id",
    "actor_name",
    "text",
    "detail",
    "public",
)


def _events(count: int) -> Iterator[tuple[Any, ...]]:
    opened = json.dumps({"state": "", "channel": "web", "organisation": ""})
    for n in range(1, count + 1):
        at = ZERO - dt.timedelta(minutes=math.ceil((count - n) * 1.5))
        yield (n, 1, "opened", at, None, "", "", opened, True)
        yield (n, 2, "note", at, None, "", "已联系承办人，正在核实现场情况。", "{}", False)
        yield (n, 3, "answer", at, None, "", "已收到，正在处理。", "{}", True)
