"""A made-up deployment to render: every name, position and figure in it is synthetic."""

import datetime as dt

import numpy as np
from shapely.geometry import box

from linli.kernel.identifiers import BeatId, ClauseId, PlaceCode, PostId, StationId
from linli.kernel.measures import Kilometres, KilometresPerHour, Minutes, Ratio, SquareKilometres, Workload
from linli.kernel.seeds import Seed, generator
from linli.kernel.texts import Text, plain
from linli.planning.deployment import (
    FORMAT,
    Assumption,
    Beat,
    ClauseCheck,
    Deployment,
    HiringStep,
    InputValue,
    PackReference,
    PlaceSummary,
    Post,
    SearchSummary,
    StaffNeed,
    StationSummary,
    TerritoryReference,
    WorkloadWeights,
)
from linli.territory.model import (
    Area,
    Datum,
    Level,
    Place,
    PostKind,
    Role,
    Source,
    Station,
    Territory,
    TravelAssumptions,
)

STEP = 0.04
WEST, SOUTH = 103.6, 23.8


def synthetic_plan(
    stations: int = 3, beats: int = 4, size: int = 5, *, polygons: bool = True, seed: int = 1, shift: int = 0
) -> tuple[Deployment, Territory]:
    """A strip of stations side by side, each cut into beats of ``size`` places in one row.

    ``shift`` moves that many places of the first beat into the second, for comparisons.
    """
    builder = _Builder(stations, beats, size, polygons, generator(Seed(seed), "synthetic"))
    return builder.deployment(shift), builder.territory()


class _Builder:
    def __init__(
        self, stations: int, beats: int, size: int, polygons: bool, random: np.random.Generator
    ) -> None:
        self.stations, self.beats, self.size, self.polygons = stations, beats, size, polygons
        count = stations * beats * size
        self.residents = random.integers(400, 4200, count)
        self.minutes = random.uniform(2, 45, count)
        self.incidents = random.integers(0, 30, count)

    def code(self, index: int) -> PlaceCode:
        return PlaceCode(f"990000{index:06d}")

    def position(self, index: int) -> tuple[float, float]:
        station, rest = divmod(index, self.beats * self.size)
        row, column = divmod(rest, self.size)
        return WEST + (station * self.size + column) * STEP, SOUTH + row * STEP

    def indices(self) -> range:
        return range(self.stations * self.beats * self.size)

    def station(self, index: int) -> StationId:
        return StationId(f"S{index // (self.beats * self.size):03d}")

    def area(self, index: int) -> Area:
        return Area.URBAN if index < self.beats * self.size else Area.RURAL

    def territory(self) -> Territory:
        places = []
        for i in self.indices():
            x, y = self.position(i)
            half = STEP / 2
            places.append(
                Place(
                    code=self.code(i),
                    name=f"合成{i + 1}村",
                    level=Level.VILLAGE,
                    area=self.area(i),
                    residents=int(self.residents[i]),
                    longitude=x,
                    latitude=y,
                    geometry=box(x - half, y - half, x + half, y + half) if self.polygons else None,
                    station=self.station(i),
                    synthetic=frozenset({"longitude", "latitude", "residents", "name"}),
                )
            )
        return Territory(
            id="synthetic",
            name=Text(zh="合成县", en="Synthetic County"),
            time_zone="Asia/Shanghai",
            datum=Datum.WGS84,
            sources=(
                Source(title=Text(zh="测试用合成数据", en="Synthetic data for tests"), licence="Apache-2.0"),
            ),
            unit_levels=frozenset({Level.VILLAGE}),
            travel=TravelAssumptions(detour=Ratio(1.4), speed=KilometresPerHour(30.0)),
            places=tuple(places),
            stations=tuple(
                Station(id=StationId(f"S{s:03d}"), name=f"合成第{s + 1}派出所", assumed=True)
                for s in range(self.stations)
            ),
            digest="0" * 64,
        )

    def members(self, beat: int, shift: int) -> list[int]:
        first = beat * self.size
        members = list(range(first, first + self.size))
        if beat == 0:
            return members[: self.size - shift]
        if beat == 1:
            return [*range(self.size - shift, self.size), *members]
        return members

    def deployment(self, shift: int) -> Deployment:
        groups = [self.members(b, shift) for b in range(self.stations * self.beats)]
        beats = tuple(self.beat(b, group) for b, group in enumerate(groups))
        posts = tuple(self.post(b, group) for b, group in enumerate(groups))
        return Deployment(
            format=FORMAT,
            linli_version="0.0.0",
            territory=self.reference(),
            pack=PackReference(
                id="synthetic-2018",
                title=Text(
                    zh="合成县社区警务实施方案(测试)", en="Synthetic community policing scheme (test)"
                ),
                digest="1" * 64,
                on=dt.date(2018, 6, 30),
            ),
            seed=1,
            weights=WorkloadWeights(residents=1.0, incidents=20.0, premises=5.0),
            mean_minutes=Minutes(float(np.average(self.minutes, weights=self.residents))),
            mean_distance=Kilometres(3.21),
            stations=tuple(self.station_summary(s) for s in range(self.stations)),
            places=tuple(self.place(i) for i in self.indices()),
            beats=beats,
            posts=posts,
            staffing=tuple(need for b in beats for need in _needs(b)),
            hiring=(
                _step(2017, 10, "X-2", Role.AUXILIARY, len(beats), 2),
                _step(2018, 12, "X-2", Role.AUXILIARY, 2 * len(beats), 2),
                _step(2018, 12, "X-3", Role.GRID_WORKER, 3 * len(beats), None),
            ),
            checks=_checks(beats),
            assumptions=(
                Assumption(
                    topic="stations",
                    text=Text(
                        zh="以乡镇界作为派出所辖区。", en="Each township is taken as one station's area."
                    ),
                ),
                Assumption(
                    topic="grid",
                    text=Text(zh="=网格员按常住人口测算。", en="=By residents."),
                    clause=ClauseId("X-3"),
                ),
            ),
            searches=(
                SearchSummary(
                    part="beats",
                    method="local search",
                    objective=12.5,
                    bound=None,
                    gap=None,
                    iterations=500,
                    ended="converged",
                ),
                SearchSummary(
                    part="siting",
                    method="p-median",
                    objective=100.0,
                    bound=100.0,
                    gap=Ratio(0.0),
                    iterations=20,
                    ended="optimal",
                ),
            ),
        )

    def reference(self) -> TerritoryReference:
        return TerritoryReference(
            id="synthetic",
            name=Text(zh="合成县", en="Synthetic County"),
            digest="0" * 64,
            synthetic=("latitude", "longitude", "residents"),
            sources=(Text(zh="测试用合成数据", en="Synthetic data for tests"),),
            travel_method="great_circle",
            travel_note=Text(
                zh="直线距离 × 1.4(绕行系数)÷ 30 千米/小时",
                en="great-circle distance × 1.4 (detour) ÷ 30 km/h",
            ),
            adjacency_method="borders",
        )

    def place(self, i: int) -> PlaceSummary:
        x, y = self.position(i)
        return PlaceSummary(
            code=self.code(i),
            name=f"合成{i + 1}村",
            station=self.station(i),
            area=self.area(i),
            residents=int(self.residents[i]),
            households=int(self.residents[i]) // 3,
            incidents=int(self.incidents[i]),
            premises=None,
            longitude=x,
            latitude=y,
            workload=Workload(float(self.residents[i] + 20 * self.incidents[i])),
            minutes_to_post=Minutes(float(self.minutes[i])) if i % 17 else None,
            neighbours=(),
            level=Level.VILLAGE,
        )

    def station_summary(self, s: int) -> StationSummary:
        width = self.beats * self.size
        chosen = slice(s * width, (s + 1) * width)
        return StationSummary(
            id=StationId(f"S{s:03d}"),
            name=f"合成第{s + 1}派出所",
            assumed=True,
            places=width,
            residents=int(self.residents[chosen].sum()),
        )

    def beat(self, number: int, group: list[int]) -> Beat:
        residents = int(self.residents[group].sum())
        incidents = int(self.incidents[group].sum())
        target = float((self.residents + 20 * self.incidents).mean()) * self.size
        return Beat(
            id=BeatId(f"B{number:05d}"),
            name=Text(zh=f"合成第{number + 1}警务区", en=f"Synthetic beat {number + 1}"),
            station=self.station(group[0]),
            area=self.area(group[0]),
            places=tuple(self.code(i) for i in group),
            centre=self.code(group[len(group) // 2]),
            residents=residents,
            households=residents // 3,
            incidents=incidents,
            premises=None,
            workload=Workload(float(residents + 20 * incidents)),
            target_workload=Workload(target) if number % 5 != 4 else None,
            land=SquareKilometres(18.5 * len(group)),
            mean_minutes=Minutes(float(self.minutes[group].mean())),
            longest_minutes=Minutes(float(self.minutes[group].max())),
            parts=1,
            heavier_than_target=number == 3,
            clause=ClauseId("X-1"),
            posts=(PostId(f"P{number:05d}"),),
        )

    def post(self, number: int, group: list[int]) -> Post:
        x, y = self.position(group[len(group) // 2])
        return Post(
            id=PostId(f"P{number:05d}"),
            kind=(PostKind.COMMUNITY_ROOM, PostKind.CENTRE_ROOM, PostKind.WORK_STATION)[number % 3],
            name=Text(zh=f"合成第{number + 1}警务室", en=f"Synthetic room {number + 1}"),
            place=self.code(group[len(group) // 2]),
            longitude=x,
            latitude=y,
            existing=number % 4 == 0,
            beats=(BeatId(f"B{number:05d}"),),
            serves=tuple(self.code(i) for i in group),
            clause=ClauseId("X-1"),
        )


def _step(year: int, month: int, clause: str, role: Role, required: int, have: int | None) -> HiringStep:
    return HiringStep(
        by=dt.date(year, month, 31),
        clause=ClauseId(clause),
        role=role,
        required=required,
        have=have,
        to_add=None if have is None else required - have,
    )


def _needs(beat: Beat) -> list[StaffNeed]:
    residents = beat.residents or 0
    grid = 3 * residents / 1000
    return [
        StaffNeed(
            clause=ClauseId("X-1"),
            role=Role.COMMUNITY_OFFICER,
            scope="beat",
            scope_id=beat.id,
            required=1,
            required_exact=1.0,
            have=int(beat.id[-1]) % 2,
            gap=1 - int(beat.id[-1]) % 2,
            formula=Text(zh="每个警务区 1 名", en="1 a beat"),
        ),
        StaffNeed(
            clause=ClauseId("X-3"),
            role=Role.GRID_WORKER,
            scope="beat",
            scope_id=beat.id,
            required=int(np.ceil(grid)),
            required_exact=grid,
            have=None,
            gap=None,
            formula=plain(f"3 × {residents} ÷ 1000 = {grid:.2f}"),
        ),
        StaffNeed(
            clause=ClauseId("X-2"),
            role=Role.AUXILIARY,
            scope="post",
            scope_id=beat.posts[0],
            required=2,
            required_exact=2.0,
            have=1,
            gap=1,
            formula=Text(zh="每个警务室 2 名", en="2 a room"),
        ),
    ]


def _checks(beats: tuple[Beat, ...]) -> tuple[ClauseCheck, ...]:
    count = len(beats)
    source = Text(zh="合成的常住人口表", en="the synthetic table of residents")

    def check(clause: str, kind: str, zh: str, en: str, status: str, **values: object) -> ClauseCheck:
        fields: dict[str, object] = {
            "scope": "territory",
            "rows": 1,
            "met": 0,
            "not_met": 0,
            "unknown": 0,
            "value": None,
            "threshold": None,
            "unit": None,
            "formula": None,
            "inputs": (),
            "failing": (),
            "note": None,
        }
        fields |= values
        return ClauseCheck(
            clause=ClauseId(clause), kind=kind, title=Text(zh=zh, en=en), status=status, **fields
        )  # type: ignore[arg-type]

    return (
        check(
            "X-1",
            "norm",
            "每个警务区配备 1 名专职社区民警",
            "One dedicated community officer a beat",
            "not_met",
            scope="beat",
            rows=count,
            met=count // 2,
            not_met=count - count // 2,
            value=count / 2,
            threshold=float(count),
            unit="person",
            formula="community_officers >= 1",
            inputs=(
                InputValue(
                    name="community_officers",
                    title=Text(zh="社区民警", en="community officers"),
                    value=count / 2,
                    unit="person",
                    source=source,
                ),
            ),
            failing=tuple(b.id for b in beats[::2][:20]),
        ),
        check(
            "X-2",
            "norm",
            "每个警务室辅警不少于 2 名",
            "At least two auxiliaries a room",
            "not_yet_due",
            scope="post",
            rows=count,
            threshold=2.0,
            unit="person",
            formula="auxiliaries >= 2",
        ),
        check(
            "X-3",
            "norm",
            "每千名常住人口配备网格员不少于 3 名",
            "At least 3 grid workers per 1,000 residents",
            "unknown",
            scope="beat",
            rows=count,
            unknown=count,
            unit="person/1000 person",
            formula="per(grid_workers, residents, 1000) >= 3",
            inputs=(
                InputValue(
                    name="grid_workers",
                    title=Text(zh="网格员", en="grid workers"),
                    value=None,
                    unit="person",
                    source=source,
                ),
            ),
        ),
        check(
            "X-4",
            "target",
            "社区民警占比达到 40%",
            "Community officers ≥ 40 %",
            "met",
            rows=1,
            met=1,
            value=0.41,
            threshold=0.4,
            unit="ratio",
        ),
        check(
            "X-5",
            "score",
            "满意度",
            "Satisfaction",
            "waiting",
            note=Text(zh="等待问卷模块的记录。", en="Waits for survey records."),
        ),
        check(
            "X-6",
            "rule",
            "重点人员管控",
            "Control of persons",
            "declined",
            note=Text(zh="按原则不做。", en="Declined on principle."),
        ),
        check(
            "X-1",
            "figure",
            "公布的社区民警占比",
            "The published share of community officers",
            "differs",
            value=0.43,
            threshold=0.45,
            unit="1",
            formula="community_officers / officers",
        ),
        check(
            "X-7",
            "figure",
            "由覆盖率反推的村数",
            "Villages implied by the coverage",
            "worked_out",
            value=217.0,
            unit="village",
        ),
    )
