"""What is written is read back the same, and nothing is half written or overwritten."""

import dataclasses
import datetime as dt
import itertools
import tempfile
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.io.territory import read_territory, write_territory
from linli.kernel.errors import LinliError
from linli.kernel.identifiers import BeatId, PlaceCode, PostId, StationId
from linli.kernel.measures import KilometresPerHour, Ratio, SquareKilometres
from linli.kernel.texts import Text
from linli.territory.model import (
    Area,
    Datum,
    ExistingPost,
    Incident,
    Level,
    Place,
    PostKind,
    PostStatus,
    Role,
    Source,
    StaffCount,
    Station,
    Territory,
    TravelAssumptions,
)
from territory.synthetic_territories import write_base

names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12
).filter(lambda name: not name.startswith("=") and name == name.strip())
counts = st.none() | st.integers(0, 10**9)


@st.composite
def territories(draw: st.DrawFn) -> Territory:
    size = draw(st.integers(1, 8))
    given_stations = draw(st.booleans())
    stations = tuple(
        Station(
            id=StationId(f"S{k}"), name=f"站{k}", longitude=draw(st.none() | st.just(105.5)), latitude=None
        )
        for k in range(2)
    )
    stations = tuple(dataclasses.replace(s, latitude=None if s.longitude is None else 35.5) for s in stations)
    outlined = draw(st.booleans())
    places = [Place(code=PlaceCode("T"), name="乡", level=Level.TOWNSHIP)]
    for k in range(size):
        positioned = draw(st.booleans())
        fields = draw(st.sets(st.sampled_from(["residents", "households", "longitude"])))
        place = Place(
            code=PlaceCode(f"V{k}"),
            name=draw(names),
            level=draw(st.sampled_from([Level.VILLAGE, Level.COMMUNITY])),
            parent=PlaceCode("T"),
            area=draw(st.sampled_from(list(Area))),
            residents=draw(counts),
            households=draw(counts),
            premises=draw(counts),
            longitude=draw(st.floats(-180, 180)) if positioned else None,
            latitude=draw(st.floats(-90, 90)) if positioned else None,
            geometry=shapely.box(k, 0, k + 1, 1) if outlined else None,
            land=draw(st.none() | st.floats(0, 1e6).map(SquareKilometres)),
            station=StationId(f"S{draw(st.integers(0, 1))}") if given_stations else StationId("T"),
            beat=draw(st.none() | st.just(BeatId("B1"))),
        )
        known = {f for f in fields if getattr(place, f) is not None}
        known |= {"latitude"} if "longitude" in known else set()
        places.append(dataclasses.replace(place, synthetic=frozenset(known)))
    codes = [place.code for place in places[1:]]
    code = st.sampled_from(codes)
    return Territory(
        id="round-trip",
        name=Text(zh=draw(names), en=draw(names)),
        time_zone="Asia/Shanghai",
        datum=Datum.WGS84,
        sources=(
            Source(title=Text(zh="“源”", en='a "source" \\'), licence="CC0-1.0"),
            Source(title=Text(zh="甲", en="b"), licence="x", attribution=Text(zh="© 甲", en="© b")),
        ),
        unit_levels=frozenset({Level.VILLAGE, Level.COMMUNITY}),
        travel=TravelAssumptions(detour=Ratio(draw(st.floats(1, 5))), speed=KilometresPerHour(30.0)),
        places=tuple(places),
        stations=stations if given_stations else (Station(id=StationId("T"), name="乡", assumed=True),),
        staff=(StaffCount(station=StationId("S0"), role=draw(st.sampled_from(list(Role))), count=3),)
        if given_stations
        else (),
        posts=(
            ExistingPost(
                id=PostId("P"), kind=draw(st.sampled_from(list(PostKind))), place=draw(code),
                status=draw(st.sampled_from(list(PostStatus))), name=draw(st.none() | names),
            ),
        ),
        incidents=(
            Incident(day=draw(st.dates(dt.date(1970, 1, 1))), category="盗窃", count=2, place=draw(code)),
            Incident(day=dt.date(2024, 2, 29), category="盗窃", longitude=105.25, latitude=35.125),
        ),
        neighbours=tuple(itertools.pairwise(codes)) if draw(st.booleans()) and size > 1 else None,
        boundary=shapely.box(-180, -90, 180, 90) if draw(st.booleans()) else None,
        synthetic_tables=frozenset(draw(st.sets(st.sampled_from(["posts", "incidents"])))),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(territories())
def test_a_territory_that_is_written_is_read_back_the_same(territory: Territory) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "written"
        write_territory(territory, folder)
        found = read_territory(folder)
    assert dataclasses.replace(found, digest="") == territory


def test_the_base_is_read_back_the_same(tmp_path: Path) -> None:
    territory = read_territory(write_base(tmp_path / "base"))
    write_territory(territory, tmp_path / "copy")
    copy = read_territory(tmp_path / "copy")
    assert dataclasses.replace(copy, digest=territory.digest) == territory


def test_the_same_territory_gives_the_same_bytes(tmp_path: Path) -> None:
    territory = read_territory(write_base(tmp_path / "base"))
    for name in ("a", "b"):
        write_territory(territory, tmp_path / name)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("a", "b"))
    assert first == second


def test_a_folder_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    territory = read_territory(write_base(tmp_path / "base"))
    with pytest.raises(LinliError, match="exists"):
        write_territory(territory, tmp_path / "base")


def test_a_writing_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    territory = read_territory(write_base(tmp_path / "base"))

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        write_territory(territory, tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["base"]
