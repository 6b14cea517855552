"""A territory folder is read from every format, with Chinese or English headers, to the same places."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from linli.io.territory import read_territory, read_territory_with_notes
from linli.territory.datums import to_gcj02
from linli.territory.model import Area, Datum, Level, PostKind, PostStatus, Role, Territory
from territory.breakages import break_territory
from territory.synthetic_territories import BASE, write_base


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    break_territory(folder, {"edit": file, "old": old, "new": new})


def notes(folder: Path) -> set[str]:
    return {finding.code for finding in read_territory_with_notes(folder).findings}


class TestBase:
    def test_places_are_read_with_all_their_fields(self, folder: Path) -> None:
        place = read_territory(folder).places[3]
        assert (place.code, place.name, place.parent) == ("990101101001", "一社区", "990101101000")
        assert (place.level, place.area, place.station) == (Level.COMMUNITY, Area.URBAN, "S1")
        assert (place.residents, place.households) == (5000, 1600)
        assert (place.longitude, place.latitude) == (105.1, 35.1)
        assert place.synthetic == frozenset()

    def test_stations_cover_what_lies_below_their_area(self, folder: Path) -> None:
        territory = read_territory(folder)
        assert [(s.id, s.name, s.assumed) for s in territory.stations] == [
            ("S1", "东镇派出所", False),
            ("S2", "西乡派出所", False),
        ]
        assert {p.station for p in territory.places if p.parent == "990101102000"} == {"S2"}

    def test_staff_posts_incidents_and_neighbours_are_read(self, folder: Path) -> None:
        territory = read_territory(folder)
        assert [(s.station, s.role, s.count) for s in territory.staff] == [
            ("S1", Role.OFFICER, 8),
            ("S1", Role.AUXILIARY, 12),
            ("S2", Role.OFFICER, 4),
        ]
        assert [(p.kind, p.status) for p in territory.posts] == [
            (PostKind.COMMUNITY_ROOM, PostStatus.EXISTING),
            (PostKind.WORK_STATION, PostStatus.FORBIDDEN),
        ]
        assert [(i.count, i.place, i.longitude) for i in territory.incidents] == [
            (2, "990101101001", None),
            (1, None, 105.04),
        ]
        assert territory.neighbours is not None
        assert len(territory.neighbours) == 3

    def test_the_digest_changes_with_any_byte_and_with_nothing_else(self, folder: Path) -> None:
        first = read_territory(folder).digest
        (folder / "remarks.txt").write_text("not read", encoding="utf-8")
        assert read_territory(folder).digest == first
        edit(folder, "staff.csv", "S1,民警,8", "S1,民警,9")
        assert read_territory(folder).digest != first


class TestFormats:
    def workbook(self, folder: Path, table: str) -> None:
        """The CSV as a workbook, numbers as numbers, with a title sheet and empty formatted cells."""
        book = openpyxl.Workbook()
        cover = book.active
        assert cover is not None
        cover.title = "说明"
        cover.append(["本表为合成数据"])
        sheet = book.create_sheet(table)
        sheet.append([])
        for row in csv.reader(io.StringIO(BASE[f"{table}.csv"])):
            cells: list[object] = [float(c) if c.replace(".", "", 1).isdigit() else c or None for c in row]
            sheet.append([*cells, None, ""])
        book.save(folder / f"{table}.xlsx")
        (folder / f"{table}.csv").unlink()

    def test_a_workbook_with_chinese_headers_gives_the_same_places(self, folder: Path) -> None:
        expected = read_territory(folder)
        for table in ("places", "stations", "staff", "posts", "adjacency"):
            self.workbook(folder, table)
        found = read_territory(folder)
        assert found.places == expected.places
        assert found.staff == expected.staff
        assert found.posts == expected.posts
        assert found.neighbours == expected.neighbours

    def test_rows_of_a_workbook_are_named_as_its_sheet_numbers_them(self, folder: Path) -> None:
        self.workbook(folder, "staff")
        book = openpyxl.load_workbook(folder / "staff.xlsx")
        book["staff"]["B4"] = "警犬"
        book.save(folder / "staff.xlsx")
        with pytest.raises(Exception, match="not accepted") as refusal:
            read_territory(folder)
        assert [f.where.row for f in refusal.value.findings] == [4]  # type: ignore[attr-defined]

    def test_dates_of_a_workbook_are_read(self, folder: Path) -> None:
        import datetime as dt

        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["日期", "类别", "地点"])
        sheet.append([dt.datetime(2024, 2, 29), "盗窃", "990101101001"])  # noqa: DTZ001
        (folder / "incidents.csv").unlink()
        book.save(folder / "incidents.xlsx")
        assert [str(i.day) for i in read_territory(folder).incidents] == ["2024-02-29"]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_an_encoding_is_detected_by_decoding(self, folder: Path, encoding: str) -> None:
        expected = read_territory(folder).places
        (folder / "places.csv").write_bytes(BASE["places.csv"].encode(encoding))
        reading = read_territory_with_notes(folder)
        assert reading.territory.places == expected
        assert ("territory.encoding_gb18030" in notes(folder)) is (encoding == "gb18030")
        said = {file.name: file.encoding for file in reading.files}
        assert said["places.csv"] == ("GB18030" if encoding == "gb18030" else "UTF-8")

    def test_line_ends_and_blank_lines_do_not_matter(self, folder: Path) -> None:
        expected = read_territory(folder).places
        text = BASE["places.csv"].replace("\n", "\r\n\r\n")
        (folder / "places.csv").write_bytes(text.encode())
        assert read_territory(folder).places == expected

    @pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
    def test_points_of_a_vector_file_give_the_same_positions(self, folder: Path, suffix: str) -> None:
        expected = read_territory(folder)
        rows = list(csv.DictReader(io.StringIO(BASE["places.csv"])))
        given = [row for row in rows if row["经度"]]
        points = shapely.points([[float(r["经度"]), float(r["纬度"])] for r in given])
        upper = "\n".join(BASE["places.csv"].splitlines()[:4]) + "\n"
        (folder / "upper.csv").write_text(upper, encoding="utf-8")
        (folder / "places.csv").unlink()
        names = {"编码": "code", "名称": "name", "上级": "parent", "层级": "level", "常住人口": "residents"}
        pyogrio.raw.write(
            folder / f"places{suffix}",
            shapely.to_wkb(points),
            [np.array([r[k] for r in given], dtype=object) for k in names],
            list(names.values()),
            geometry_type="Point",
            crs="EPSG:4326",
            encoding="UTF-8",
        )  # fmt: skip
        edit(
            folder,
            "territory.toml",
            "[travel]",
            f'[files]\nplaces = ["upper.csv", "places{suffix}"]\n[travel]',
        )
        found = read_territory(folder)
        for a, b in zip(found.places, expected.places, strict=True):
            assert (a.code, a.residents, a.level) == (b.code, b.residents, b.level)
            assert a.longitude == pytest.approx(b.longitude)


class TestHeaders:
    def test_english_headers_and_values_mean_the_same(self, folder: Path) -> None:
        expected = read_territory(folder)
        text = BASE["places.csv"]
        for zh, en in [
            ("编码,名称,上级,层级,城乡", "Code,Name,Parent code,TYPE,Kind"),
            ("常住人口,户数,经度,纬度", "Population,Households,Lon,Lat"),
            (",县,", ",county,"), (",乡镇,", ",township,"), (",社区,", ",community,"), (",村,", ",village,"),
            ("城镇", "urban"), ("乡村", "rural"),
        ]:  # fmt: skip
            text = text.replace(zh, en)
        (folder / "places.csv").write_text(text, encoding="utf-8")
        assert read_territory(folder).places == expected.places

    def test_class_codes_of_the_statistical_list_are_understood(self, folder: Path) -> None:
        edit(folder, "places.csv", "社区,城镇,5000", "社区,121,5000")
        edit(folder, "places.csv", "村,乡村,1500", "村,220,1500")
        areas = {p.code: p.area for p in read_territory(folder).places}
        assert areas["990101101001"] is Area.URBAN
        assert areas["990101101201"] is Area.RURAL

    def test_a_column_that_is_not_known_is_named_and_left_alone(self, folder: Path) -> None:
        edit(folder, "posts.csv", "编号,类型", "备注,类型")
        reading = read_territory_with_notes(folder)
        note = next(f for f in reading.findings if f.code == "territory.columns_unread")
        assert note.given == "备注"
        assert not note.fatal
        assert [p.id for p in reading.territory.posts] == ["E1", "E2"]

    def test_staff_may_stand_in_one_column_for_each_role(self, folder: Path) -> None:
        text = "派出所,民警,辅警,网格员\nS1,8,12,\nS2,4,,0\n"
        (folder / "staff.csv").write_text(text, encoding="utf-8")
        assert [(s.station, s.role, s.count) for s in read_territory(folder).staff] == [
            ("S1", Role.OFFICER, 8),
            ("S2", Role.OFFICER, 4),
            ("S1", Role.AUXILIARY, 12),
            ("S2", Role.GRID_WORKER, 0),
        ]

    def test_staff_at_a_place_belong_to_its_station(self, folder: Path) -> None:
        (folder / "staff.csv").write_text("村居编码,岗位,人数\n990101102201,警务助理,1\n", encoding="utf-8")
        assert [(s.station, s.place) for s in read_territory(folder).staff] == [("S2", "990101102201")]

    def test_staff_without_a_role_in_any_form_are_refused(self, folder: Path) -> None:
        (folder / "staff.csv").write_text("派出所,人数\nS1,3\n", encoding="utf-8")
        with pytest.raises(Exception, match="not accepted") as refusal:
            read_territory(folder)
        assert [f.code for f in refusal.value.findings] == ["territory.column_missing"]  # type: ignore[attr-defined]

    def test_land_is_read_in_the_unit_of_its_header(self, folder: Path) -> None:
        for header, value in [("面积(平方米)", "2500000"), ("land_km2", "2.5"), ("面积", "2.5")]:
            (folder / "positions.csv").write_text(f"编码,{header}\n990101101201,{value}\n", encoding="utf-8")
            territory = read_territory(folder)
            assert next(p.land for p in territory.places if p.land is not None) == 2.5
        assert "territory.land_unit" in notes(folder)

    def test_full_width_digits_count_as_digits(self, folder: Path) -> None:
        edit(folder, "places.csv", "1500", "１５００")
        assert read_territory(folder).places[5].residents == 1500


class TestStations:
    def test_without_a_table_each_township_is_taken_for_one(self, folder: Path) -> None:
        for name in ("stations.csv", "staff.csv"):
            (folder / name).unlink()
        territory = read_territory(folder)
        assert [(s.id, s.assumed) for s in territory.stations] == [
            ("990101101000", True),
            ("990101102000", True),
        ]
        assert "territory.stations_assumed" in notes(folder)

    def test_without_parents_the_whole_territory_is_one(self, folder: Path) -> None:
        for name in ("stations.csv", "staff.csv", "posts.csv", "incidents.csv", "adjacency.csv"):
            (folder / name).unlink()
        (folder / "places.csv").write_text("code,name,level\nA,甲,village\nB,乙,village\n", encoding="utf-8")
        territory = read_territory(folder)
        assert [(s.id, s.assumed) for s in territory.stations] == [("all", True)]
        assert "territory.position_missing" in notes(folder)

    def test_a_column_of_station_names_is_enough(self, folder: Path) -> None:
        for name in ("stations.csv", "staff.csv"):
            (folder / name).unlink()
        lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
        values = ["派出所", "", "东镇派出所", "西乡派出所", "", "", "", "", ""]
        text = "\n".join(f"{line},{value}" for line, value in zip(lines, values, strict=True))
        (folder / "places.csv").write_text(text, encoding="utf-8")
        territory = read_territory(folder)
        assert [(s.name, s.assumed) for s in territory.stations] == [
            ("东镇派出所", False),
            ("西乡派出所", False),
        ]


class TestDatums:
    def test_gcj02_is_converted_and_said(self, folder: Path) -> None:
        expected = read_territory(folder)
        lines = list(csv.reader(io.StringIO(BASE["places.csv"])))
        for row in lines[1:]:
            if row[7]:
                lon, lat = to_gcj02(float(row[7]), float(row[8]))
                row[7], row[8] = repr(float(lon)), repr(float(lat))
        text = "\n".join(",".join(row) for row in lines)
        (folder / "places.csv").write_text(text, encoding="utf-8")
        edit(folder, "territory.toml", "[travel]", '[coordinates_of]\n"places.csv" = "GCJ-02"\n[travel]')
        reading = read_territory_with_notes(folder)
        for a, b in zip(reading.territory.places, expected.places, strict=True):
            assert a.longitude == pytest.approx(b.longitude, abs=1e-9)
            assert a.latitude == pytest.approx(b.latitude, abs=1e-9)
        said = {file.name: file.coordinates for file in reading.files}
        assert said["places.csv"] == "GCJ-02"
        assert said["boundary.geojson"] == "WGS84"

    def test_the_territory_keeps_what_was_stated(self, folder: Path) -> None:
        edit(folder, "territory.toml", '"WGS84"', '"CGCS2000"')
        territory = read_territory(folder)
        assert (territory.datum, territory.coordinates) == (Datum.CGCS2000, "CGCS2000")

    def test_feet_of_a_projected_system_become_degrees(self, folder: Path) -> None:
        for name in (
            "places.csv",
            "boundary.geojson",
            "incidents.csv",
            "stations.csv",
            "staff.csv",
            "posts.csv",
            "adjacency.csv",
        ):
            (folder / name).unlink()
        edit(folder, "territory.toml", '"WGS84"', '"EPSG:2913"')
        text = "code,name,level,x,y\nA,District,village,7646893,698007\n"
        (folder / "places.csv").write_text(text, encoding="utf-8")
        place = read_territory(folder).places[0]
        assert place.longitude == pytest.approx(-122.668, abs=1e-3)
        assert place.latitude == pytest.approx(45.561, abs=1e-3)


class TestNotes:
    def test_a_position_outside_the_boundary_is_noted_and_kept(self, folder: Path) -> None:
        edit(folder, "places.csv", "105.14,35.12", "105.94,35.12")
        assert "territory.outside_boundary" in notes(folder)

    def test_a_total_that_differs_from_its_parts_is_noted(self, folder: Path) -> None:
        edit(folder, "places.csv", "西乡,990101000000,乡镇,,,", "西乡,990101000000,乡镇,,3001,")
        reading = read_territory_with_notes(folder)
        note = next(f for f in reading.findings if f.code == "territory.sum_differs")
        assert "3000" in note.sentence("en")

    def test_a_total_that_agrees_is_not(self, folder: Path) -> None:
        edit(folder, "places.csv", "西乡,990101000000,乡镇,,,", "西乡,990101000000,乡镇,,3000,")
        assert "territory.sum_differs" not in notes(folder)

    def test_missing_urban_or_rural_is_assumed_and_said(self, folder: Path) -> None:
        text = BASE["places.csv"].replace("城镇", "").replace("乡村", "")
        (folder / "places.csv").write_text(text, encoding="utf-8")
        assert read_territory(folder).places[3].area is Area.URBAN
        assert read_territory(folder).places[5].area is Area.RURAL
        assert "territory.area_assumed" in notes(folder)


class TestSyntheticFiles:
    def test_fields_of_a_file_named_synthetic_are_called_so(self, folder: Path) -> None:
        text = "\n".join(",".join(row[:5]) for row in csv.reader(io.StringIO(BASE["places.csv"])))
        (folder / "places.csv").write_text(text, encoding="utf-8")
        rows = list(csv.reader(io.StringIO(BASE["places.csv"])))
        joined = "\n".join(",".join([row[0], row[5], row[7], row[8]]) for row in rows if row[5])
        (folder / "positions.synthetic.csv").write_text(joined, encoding="utf-8")
        territory = read_territory(folder)
        assert territory.places[3].synthetic == {"residents", "longitude", "latitude"}
        assert territory.places[0].synthetic == frozenset()

    def test_a_whole_table_named_synthetic_is_called_so(self, folder: Path) -> None:
        (folder / "staff.csv").rename(folder / "staff.synthetic.csv")
        territory: Territory = read_territory(folder)
        assert territory.synthetic_tables == {"staff"}
