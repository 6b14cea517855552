"""Broken territories are refused with a sentence for each mistake, and leave nothing behind."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.cli.main import linli
from linli.io.territory import read_territory, read_territory_with_notes
from linli.io.territory.notes import MOST_OF_A_KIND
from linli.kernel.errors import InputRefused
from territory.breakages import break_territory
from territory.synthetic_territories import BASE, write_base

CORPUS = Path(__file__).parent / "broken" / "territories.toml"
CASES: list[dict[str, Any]] = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
class TestBrokenTerritory:
    def test_is_refused_with_the_place_and_the_sentence(self, case: dict[str, Any], tmp_path: Path) -> None:
        folder = write_base(tmp_path / "base")
        break_territory(folder, case["how"])
        with pytest.raises(InputRefused) as refusal:
            read_territory(folder)
        said = {
            (f.code, f.where.file, f.where.row, f.where.column, f.where.key): f
            for f in refusal.value.findings
        }
        place = (case["code"], case["file"], case.get("row"), case.get("column"), case.get("key"))
        assert place in said
        assert said[place].fatal
        assert said[place].sentence("zh") == case["zh"]
        assert said[place].sentence("en") == case["en"]

    def test_ends_with_2_and_writes_nothing(self, case: dict[str, Any], tmp_path: Path) -> None:
        folder = write_base(tmp_path / "base")
        break_territory(folder, case["how"])
        before = snapshot(tmp_path)
        done = CliRunner().invoke(linli, ["--language", "en", "territory", "check", str(folder)])
        assert done.exit_code == 2
        assert case["en"] in done.stderr
        assert done.stdout == ""
        assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_the_base_is_sound(tmp_path: Path) -> None:
    assert [f.sentence("en") for f in read_territory_with_notes(write_base(tmp_path / "base")).findings] == []


def test_the_corpus_holds_at_least_40_cases_of_different_names() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 40


def test_every_broken_row_is_named_at_once(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    text = BASE["places.csv"].replace("1500", "-1").replace("1200", "many").replace("105.04", "east")
    (folder / "places.csv").write_text(text, encoding="utf-8")
    (folder / "staff.csv").write_text(BASE["staff.csv"].replace("辅警", "警犬"), encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    places = [(f.where.file, f.where.row) for f in refusal.value.findings]
    assert places == [("places.csv", 9), ("places.csv", 7), ("places.csv", 8), ("staff.csv", 3)] or set(
        places
    ) == {("places.csv", 7), ("places.csv", 8), ("places.csv", 9), ("staff.csv", 3)}


def test_a_table_of_mistakes_is_cut_short_and_counted(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    rows = [f"9901011022{k:02d}X{k},村{k},990101102000,村,乡村,-1,,," for k in range(MOST_OF_A_KIND + 7)]
    text = BASE["places.csv"] + "\n".join(rows) + "\n"
    (folder / "places.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    findings = [f for f in refusal.value.findings if f.code == "territory.count_negative"]
    assert len(findings) == MOST_OF_A_KIND + 1
    assert "There are 7 more" in findings[-1].sentence("en")
    assert "另有 7 处" in findings[-1].sentence("zh")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_territory(tmp_path / "nowhere")
    assert [f.code for f in refusal.value.findings] == ["territory.folder_missing"]


def test_a_table_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    with (folder / "staff.csv").open("wb") as stream:
        # A sparse file: it takes no room on disk.
        os.truncate(stream.fileno(), 600 * 1024 * 1024)
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    assert [f.code for f in refusal.value.findings] == ["territory.file_too_large"]


def test_a_manifest_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "base")
    (folder / "territory.toml").rename(tmp_path / "elsewhere.toml")
    (folder / "territory.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    assert [f.code for f in refusal.value.findings] == ["territory.file_outside"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = { zh = "合成县", en = "Synthetic County" }', 'name = { zh = 3, en = "x" }', "name.zh"),
        ('coordinates = "WGS84"', "coordinates = 4326", "coordinates"),
        ('unit_levels = ["community", "village"]', "unit_levels = []", "unit_levels"),
        ('unit_levels = ["community", "village"]', "unit_levels = [{a = 1}]", "unit_levels"),
        ('unit_levels = ["community", "village"]\n', "", "unit_levels"),
        ("detour = 1.4\n", "", "travel.detour"),
        ("speed_km_per_hour = 30", "speed_km_per_hour = true", "travel.speed_km_per_hour"),
        ("[travel]", "[journeys]", "travel"),
        ("[[sources]]", "[sources]", "sources"),
        ("[travel]", 'travel = 3\n[files]\nstaff = ["staff.csv"]\n[journeys]', "travel"),
        ("[travel]", "[files]\nstaff = 3\n[travel]", "files.staff"),
        ("[travel]", "[files]\npeople = 'staff.csv'\n[travel]", "files.people"),
        ('id = "base"', 'id = "base"\nfiles = 3', "files"),
        ('id = "base"', 'id = "base"\ncoordinates_of = 3', "coordinates_of"),
        ('id = "base"', 'id = ""', "id"),
    ],
)
def test_a_manifest_with_a_value_of_another_kind_is_refused(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    folder = write_base(tmp_path / "base")
    break_territory(folder, {"edit": "territory.toml", "old": old, "new": new})
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    assert key in {f.where.key for f in refusal.value.findings}
