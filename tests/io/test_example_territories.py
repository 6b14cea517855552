"""The shipped examples are sound, say what is made up in them, and come out of their sources again."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely

from linli.io.territory import read_territory, read_territory_with_notes
from linli.io.territory.made_up import positions_text
from linli.kernel.seeds import Seed
from linli.territory.model import Area, Territory
from linli.territory.summary import summarise
from linli.territory.travel import RoadTravel, travel_between
from linli.territory.units import planning_units

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SHARED = ROOT.parent / "shared" / "data"
COUNTIES = ("qiubei", "luxi", "lanling", "hengshan")
ALL = (*COUNTIES, "oregon", "hawaii", "portland", "liechtenstein")
LARGEST = 1024 * 1024


@pytest.fixture(scope="module", params=ALL)
def example(request: pytest.FixtureRequest) -> Territory:
    return read_territory(EXAMPLES / request.param)


def test_every_folder_is_an_example() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(
        ALL
    )


def test_no_file_is_large() -> None:
    assert [p.name for p in EXAMPLES.rglob("*") if p.is_file() and p.stat().st_size > LARGEST] == []


def test_each_names_its_sources_in_both_languages(example: Territory) -> None:
    for source in example.sources:
        assert source.title.zh
        assert source.title.en
        assert source.licence
    assert (ROOT / "NOTICE").read_text(encoding="utf-8").count(f"{example.id}") >= 1


def test_each_can_be_planned(example: Territory) -> None:
    units = planning_units(example)
    assert len(units) > 0
    assert np.isfinite(units.longitude).all()
    assert (units.pairs[:, 0] < units.pairs[:, 1]).all()


@pytest.mark.parametrize("name", COUNTIES)
class TestCounty:
    def test_made_up_counts_add_up_to_the_census(self, name: str) -> None:
        folder = EXAMPLES / name
        facts = tomllib.loads((folder / "facts.toml").read_text(encoding="utf-8"))
        territory = read_territory(folder)
        units = planning_units(territory)
        urban = np.array([area is Area.URBAN for area in units.area])
        assert units.residents.sum() == facts["residents_2020"]
        assert units.residents[urban].sum() == facts["urban_residents_2020"]
        assert units.residents[~urban].sum() == facts["rural_residents_2020"]
        assert units.households.sum() == facts["households_2020"]
        assert (int(urban.sum()), int((~urban).sum())) == (facts["communities"], facts["villages"])
        assert len(units.stations) == facts["townships"]

    def test_every_position_lies_inside_the_converted_outline(self, name: str) -> None:
        reading = read_territory_with_notes(EXAMPLES / name)
        assert not [f for f in reading.findings if f.code == "territory.outside_boundary"]
        assert {f.coordinates for f in reading.files if f.table == "boundary"} == {"GCJ-02"}

    def test_codes_and_names_are_real_and_the_rest_is_called_synthetic(self, name: str) -> None:
        territory = read_territory(EXAMPLES / name)
        assert set(summarise(territory).synthetic) - {"staff"} == {
            "households",
            "latitude",
            "longitude",
            "residents",
        }
        assert all(p.code.isdigit() and len(p.code) == 12 for p in territory.places)

    def test_the_generator_gives_the_same_bytes_again(self, name: str) -> None:
        text = positions_text(EXAMPLES / name, seed=Seed(1))
        assert text == (EXAMPLES / name / "positions.synthetic.csv").read_text(encoding="utf-8")

    def test_each_township_is_one_part(self, name: str) -> None:
        assert planning_units(read_territory(EXAMPLES / name)).islands() == 0


def test_hengshan_has_the_staff_that_was_published() -> None:
    staff = summarise(read_territory(EXAMPLES / "hengshan")).staff
    assert {role.value: count for role, count in staff.items()} == {"community_officer": 56, "auxiliary": 294}


def test_oregon_has_its_published_neighbours() -> None:
    units = planning_units(read_territory(EXAMPLES / "oregon"))
    assert (len(units), units.adjacency_method, units.residents.sum()) == (834, "table", 3_831_074)


def test_hawaii_has_islands_within_its_counties() -> None:
    units = planning_units(read_territory(EXAMPLES / "hawaii"))
    assert (len(units), units.adjacency_method) == (351, "borders")
    assert units.islands() > 0


def test_portland_counts_every_call_once() -> None:
    units = planning_units(read_territory(EXAMPLES / "portland"))
    assert (len(units), units.adjacency_method, units.incidents_unplaced) == (60, "borders", 0)
    assert units.incidents.sum() == 5_364 + 9_842
    # The area of the city that the forecasting challenge states: 147.71 square miles.
    assert units.land.sum() == pytest.approx(147.71 * 2.589988, rel=2e-3)


def test_liechtenstein_is_travelled_over_its_roads() -> None:
    territory = read_territory(EXAMPLES / "liechtenstein")
    units = planning_units(territory)
    travel = travel_between(territory, units)
    assert isinstance(travel, RoadTravel)
    assert (travel.unsnapped, travel.unreached) == (0, 0)
    vaduz, triesen = units.names.index("Vaduz"), units.names.index("Triesen")
    # 4 km on the main road through the valley.
    assert 4 < travel.minutes(np.array([vaduz]), np.array([triesen]))[0] < 9
    assert shapely.contains(territory.boundary, shapely.points(units.longitude, units.latitude)).all()


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the source data is not beside the repository (../shared/data)"
)
def test_the_examples_come_out_of_their_sources_again(tmp_path: Path) -> None:
    for name in ALL:
        (tmp_path / name).mkdir()
        shutil.copyfile(EXAMPLES / name / "territory.toml", tmp_path / name / "territory.toml")
    script = [sys.executable, str(EXAMPLES / "build.py"), str(tmp_path)]
    subprocess.run(script, check=True, env=os.environ)
    assert digests(tmp_path) == digests(EXAMPLES)


def digests(folder: Path) -> dict[str, str]:
    """A digest of every file of every example."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ALL
        for path in sorted((folder / name).iterdir())
    }
