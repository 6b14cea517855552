"""``linli territory`` says what it understood, in both languages, and makes data up openly."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from linli.cli.main import linli
from linli.io.territory import read_territory
from linli.territory.units import planning_units
from territory.synthetic_territories import write_base

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(linli, ["--language", language, "territory", *map(str, arguments)])


def squeezed(output: str) -> str:
    """The output without frames and line breaks."""
    return " ".join("".join(" " if c in "│┃─━┌┐└┘┏┓┗┛╇╋╈┡┩┼┳┻┴┬├┤" else c for c in output).split())


def test_a_sound_territory_is_described_in_english(tmp_path: Path) -> None:
    done = run("check", write_base(tmp_path / "base"))
    assert done.exit_code == 0
    said = squeezed(done.stdout)
    for phrase in (
        "counties 1, townships 2, communities 2, villages 3",
        "13,500 in all, missing for 0",
        "urban 2",
        "WGS84, used as they are",
        "3 pairs, from the table of pairs",
        "officers 12, auxiliaries 12",
        "3, 2024-02-28 to 2024-02-29, 0 outside every unit",
        "great-circle distance × 1.4 at 30 km/h",
        "Nothing else to note.",
    ):
        assert phrase in said, phrase


def test_a_sound_territory_is_described_in_chinese(tmp_path: Path) -> None:
    done = run("check", write_base(tmp_path / "base"), language="zh")
    said = squeezed(done.stdout)
    for phrase in (
        "区县 1、乡镇街道 2、社区 2、行政村 3",
        "合计 13,500，缺 0 处",
        "民警 12、辅警 12",
        "没有需要留意之处",
    ):
        assert phrase in said, phrase


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["qiubei", "hengshan", "oregon", "hawaii", "portland", "liechtenstein"])
def test_every_example_is_described(name: str, language: str) -> None:
    done = run("check", EXAMPLES / name, language=language)
    assert done.exit_code == 0
    assert "{" not in done.stdout


def test_made_up_fields_and_conversions_are_told(tmp_path: Path) -> None:
    said = squeezed(run("check", EXAMPLES / "qiubei").stdout)
    assert "Synthetic households, latitude, longitude, residents" in said
    assert "GCJ-02" in said
    assert "12 (taken to be the townships or parents)" in said


def test_roads_are_read_and_what_they_do_not_reach_is_counted() -> None:
    said = squeezed(run("check", EXAMPLES / "liechtenstein").stdout)
    assert "over the road network" in said
    assert "0 places with no road near and 0 pairs with no way between them" in said


def test_roads_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    (folder / "roads.osm.pbf").write_bytes(b"no map")
    done = run("check", folder)
    assert done.exit_code == 2
    assert "roads.osm.pbf" in done.stderr


def test_what_cannot_be_planned_yet_is_still_described(tmp_path: Path) -> None:
    folder = tmp_path / "qiubei"
    shutil.copytree(EXAMPLES / "qiubei", folder)
    (folder / "positions.synthetic.csv").unlink()
    said = squeezed(run("check", folder).stdout)
    assert "cannot be told: 101 places have no position" in said
    assert "101 places have none" in said


def test_many_notes_are_cut_short(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    rows = [f"V{k},村{k},990101102000,村,乡村,1,1,106.0,35.1" for k in range(40)]
    with (folder / "places.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n".join(rows) + "\n")
    assert "… and 10 more." in run("check", folder).stdout


def test_positions_are_made_up_again_for_a_county(tmp_path: Path) -> None:
    folder = tmp_path / "qiubei"
    shutil.copytree(EXAMPLES / "qiubei", folder)
    expected = (folder / "positions.synthetic.csv").read_bytes()
    (folder / "positions.synthetic.csv").unlink()
    done = run("synthesise", folder)
    assert done.exit_code == 0
    assert "positions.synthetic.csv" in done.stdout
    assert (folder / "positions.synthetic.csv").read_bytes() == expected
    assert run("synthesise", folder, "--seed", "2").exit_code == 0
    assert (folder / "positions.synthetic.csv").read_bytes() != expected
    assert not list(folder.glob(".*"))


def test_a_county_without_totals_or_outline_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "qiubei"
    shutil.copytree(EXAMPLES / "qiubei", folder)
    (folder / "boundary.geojson").unlink()
    text = (folder / "territory.toml").read_text(encoding="utf-8")
    cut = text.replace('[coordinates_of]\n"boundary.geojson" = "GCJ-02"\n', "")
    (folder / "territory.toml").write_text(cut, encoding="utf-8")
    done = run("synthesise", folder)
    assert done.exit_code == 2
    assert "boundary.geojson" in done.stderr
    (folder / "facts.toml").unlink()
    done = run("synthesise", folder)
    assert done.exit_code == 2
    assert "facts.toml" in done.stderr


def test_a_target_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "qiubei"
    shutil.copytree(EXAMPLES / "qiubei", folder)
    (folder / "positions.synthetic.csv").unlink()
    (folder / "positions.synthetic.csv").mkdir()
    done = run("synthesise", folder)
    assert done.exit_code == 2
    assert not list(folder.glob(".*"))


def test_a_whole_territory_is_made_up(tmp_path: Path) -> None:
    target = tmp_path / "big"
    assert run("synthesise", target, "--places", "1700", "--seed", "3").exit_code == 0
    territory = read_territory(target)
    units = planning_units(territory)
    assert (len(units), len(units.stations), units.islands()) == (1700, 43, 0)
    assert units.residents_known.all()
    assert {field for place in territory.places for field in place.synthetic} >= {"residents", "longitude"}
    assert run("synthesise", tmp_path / "again", "--places", "1700", "--seed", "3").exit_code == 0
    assert (tmp_path / "again" / "places.synthetic.csv").read_bytes() == (
        target / "places.synthetic.csv"
    ).read_bytes()
    assert run("check", target).exit_code == 0


def test_a_folder_that_exists_is_not_made_up_over(tmp_path: Path) -> None:
    done = run("synthesise", tmp_path, "--places", "10")
    assert done.exit_code == 2
    assert "exists" in done.stderr
