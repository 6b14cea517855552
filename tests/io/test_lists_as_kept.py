"""Lists as counties keep them are read, or refused with what to do; nothing is passed over in silence.

The layouts, counts and positions are made up; names and codes of Luxi's places are real.
"""

import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from linli.io.territory import Reading, read_territory, read_territory_with_notes
from linli.kernel.errors import Finding, InputRefused
from linli.territory.model import Level
from territory.synthetic_territories import BASE, write_base

pytestmark = pytest.mark.any_database

KEPT = Path(__file__).parent / "kept"
MANIFEST = BASE["territory.toml"]
HEAD = ("编码", "名称", "上级编码", "层级", "常住人口", "经度", "纬度")
ROWS = (
    ("532527000000", "泸西县", "", "区县", "", "", ""),
    ("532527101000", "中枢镇", "532527000000", "乡镇", "", "", ""),
    ("532527101001", "长安社区", "532527101000", "社区", "14286", "103.75268", "24.61241"),
    ("532527101207", "糯布村委会", "532527101000", "村", "3516", "103.79030", "24.70733"),
)
Row = Sequence[object]


def folder_of(folder: Path, files: dict[str, str | bytes], manifest: str = MANIFEST) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in {"territory.toml": manifest, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


def csv_of(rows: Sequence[Row], sign: str = ",") -> str:
    return "".join(sign.join(map(str, row)) + "\r\n" for row in rows)


def notes(reading: Reading) -> set[str]:
    return {note.code.removeprefix("territory.") for note in reading.findings}


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputRefused) as refusal:
        read_territory(folder)
    return refusal.value.findings


def is_luxi(reading: Reading) -> bool:
    places = {place.code: place for place in reading.territory.places}
    community = places["532527101001"]
    assert (community.residents, community.level) == (14286, Level.COMMUNITY)
    assert (community.longitude, community.latitude) == pytest.approx((103.75268, 24.61241), abs=1e-5)
    return len(places) == 4


# Mend 15
@pytest.mark.parametrize("ending", [".xls", ".et", ".XLS"])
def test_the_old_format_of_excel_and_of_wps_is_read(ending: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {})
    shutil.copy(KEPT / "places.synthetic.xls", folder / f"places{ending}")
    reading = read_territory_with_notes(folder)
    assert len(reading.territory.places) == 38
    assert reading.territory.places[2].residents == 14286
    assert not reading.territory.places[2].synthetic


def open_document(rows: Sequence[Row], *, repeated: int = 1) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            if cell
            else "<table:table-cell/>"
            for cell in row
        )
        + f'<table:table-cell table:number-columns-repeated="{repeated}"/></table:table-row>'
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return target.getvalue()


# Mend 15
def test_an_open_document_is_read_and_empty_formats_are_no_content(tmp_path: Path) -> None:
    content = open_document([HEAD, *ROWS], repeated=16_000)
    assert is_luxi(read_territory_with_notes(folder_of(tmp_path / "a", {"places.ods": content})))


# Mend 15
def test_an_open_document_that_reaches_too_far_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    bomb = repeated_cells(2_000_000)
    assert [f.code for f in findings(folder_of(tmp_path / "a", {"places.ods": bomb}))] == [
        "territory.file_far"
    ]


def repeated_cells(count: int) -> bytes:
    read = zipfile.ZipFile(io.BytesIO(open_document([HEAD])))
    content = read.read("content.xml").replace(
        b"<table:table-row>", f'<table:table-row table:number-rows-repeated="{count}">'.encode(), 1
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", read.read("mimetype"))
        archive.writestr("content.xml", content)
    return target.getvalue()


# Mend 15
@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("places.txt", csv_of([HEAD, *ROWS], "\t").encode("utf-16"), "separator"),
        ("places.txt", csv_of([HEAD, *ROWS], "\t").encode(), "separator"),
        ("places.csv", csv_of([HEAD, *ROWS], ";").encode("gb18030"), "separator"),
        ("PLACES.CSV", csv_of([HEAD, *ROWS]).encode(), None),
        ("Places.Txt", csv_of([HEAD, *ROWS]).encode(), None),
        ("places.xls", csv_of([HEAD, *ROWS], "\t").encode("gb18030"), "text_in_workbook"),
    ],
)
def test_text_parted_by_other_signs_under_other_names_is_read(
    name: str, content: bytes, note: str | None, tmp_path: Path
) -> None:
    reading = read_territory_with_notes(folder_of(tmp_path / "a", {name: content}))
    assert is_luxi(reading)
    assert note is None or note in notes(reading)


def book(
    folder: Path, name: str, rows: Sequence[Row], *, others: Sequence[str] = (), merged: str = ""
) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    for other in others:
        made.create_sheet(other).append(["另一张表"])
    made.create_sheet("Sheet9")
    made.save(folder / name)


# Mend 15
def test_a_title_above_the_head_is_read_over_and_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {})
    book(folder, "places.xlsx", [["泸西县一览表"], ["填报单位：统计局"], HEAD, *ROWS], merged="A1:G1")
    reading = read_territory_with_notes(folder)
    assert is_luxi(reading)
    (note,) = [note for note in reading.findings if note.code == "territory.head_found"]
    assert note.where.row == 3
    assert "第 3 行" in note.sentence("zh")
    assert "row 3" in note.sentence("en")


# Mend 15
def test_a_mistake_below_a_title_is_named_by_the_row_that_the_user_sees(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {})
    wrong = ("532527101208", "西华村委会", "532527101000", "村", "约4500", "", "")
    book(folder, "places.xlsx", [["泸西县一览表"], [], HEAD, *ROWS, wrong])
    (found,) = findings(folder)
    assert (found.code, found.where.row, found.given) == ("territory.count_not_whole", 8, "约4500")


# Mend 15
def test_a_head_of_two_rows_totals_and_remarks_are_understood(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {})
    rows = [
        ["编码", "名称", "上级编码", "层级", "基本情况", "位置", ""],
        ["", "", "", "", "人口（人）", "经度", "纬度"],
        *ROWS,
        ["合计", "", "", "", "17802", "", ""],
        ["注：数据截至2025年末", "", "", "", "", "", ""],
    ]
    book(folder, "places.xlsx", rows, others=["说明"])
    reading = read_territory_with_notes(folder)
    assert is_luxi(reading)
    assert {"head_found", "totals_dropped", "remarks_dropped", "sheets_unread"} <= notes(reading)


# Mend 15
def test_counts_degrees_and_days_that_are_clear_are_read_and_said(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "a")
    edits = {
        "places.csv": (("5000,1600,105.10", '5000人,1600户,"105°06′00″"'), ("4000,1300", '0.4万,"1,300"')),
        "incidents.csv": (("2024-02-28", "45350"), ("2024-02-29", "2024.2.29 8:05")),
    }
    for name, pairs in edits.items():
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / name).write_text(text, encoding="utf-8")
    reading = read_territory_with_notes(folder)
    whole = read_territory(write_base(tmp_path / "b"))
    assert reading.territory.places == whole.places
    first, second = reading.territory.incidents
    assert (str(first.day), first.time) == ("2024-02-28", None)
    assert (str(second.day), str(second.time)) == ("2024-02-29", "08:05:00")
    assert {"count_spelt", "degrees_spelt", "day_serial"} <= notes(reading)


# Mend 15
def test_hours_of_a_workbook_are_kept(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "a")
    (folder / "incidents.csv").unlink()
    at = dt.datetime(2024, 3, 31, 8, 5)  # noqa: DTZ001 - as a workbook has it
    book(folder, "incidents.xlsx", [["接警时间", "警情类别", "地点"], [at, "盗窃", "990101101001"]])
    (incident,) = read_territory(folder).incidents
    assert (str(incident.day), str(incident.time)) == ("2024-03-31", "08:05:00")


def numbered(numbers: bool) -> Callable[[str], str]:
    return lambda easting: f"34{easting}" if numbers else easting


# Mend 15
@pytest.mark.parametrize("epsg", [4543, 4522])
@pytest.mark.parametrize("numbers", [False, True])
def test_a_plane_of_cgcs2000_is_read_with_and_without_the_zones_number(
    epsg: int, numbers: bool, tmp_path: Path
) -> None:
    with_number = numbered(numbers)
    rows = [
        (*ROWS[2][:5], with_number("677502.418757"), "2724251.753610"),
        (*ROWS[3][:5], with_number("681179.2"), "2734823.5"),
    ]
    text = csv_of([HEAD, *ROWS[:2], *rows])
    manifest = MANIFEST.replace('"WGS84"', f'"EPSG:{epsg}"')
    reading = read_territory_with_notes(folder_of(tmp_path / "a", {"places.csv": text}, manifest))
    assert is_luxi(reading)
    assert ("zone_number" in notes(reading)) is (numbers is (epsg == 4543))


# Mend 15
def test_a_column_called_x_that_points_north_is_exchanged_and_said(tmp_path: Path) -> None:
    rows = [(*ROWS[2][:5], "2724251.753610", "677502.418757")]
    text = csv_of([(*HEAD[:5], "X", "Y"), *ROWS[:2], *rows])
    manifest = MANIFEST.replace('"WGS84"', '"EPSG:4543"')
    reading = read_territory_with_notes(folder_of(tmp_path / "a", {"places.csv": text}, manifest))
    assert reading.territory.places[2].longitude == pytest.approx(103.75268, abs=1e-5)
    assert "northing_first" in notes(reading)


# Mend 15
def test_a_geopackage_that_names_a_plane_of_cgcs2000_is_read_as_it_says(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {"upper.csv": csv_of([HEAD, *ROWS[:2]])}, listed("cun.gpkg"))
    square = shapely.box(677_000, 2_724_000, 678_000, 2_725_000)
    layer(folder / "cun.gpkg", square, crs="EPSG:4543", driver="GPKG")
    reading = read_territory_with_notes(folder)
    shape = reading.territory.places[2].geometry
    assert shape is not None
    assert shape.covers(shapely.Point(103.75268, 24.61241))
    assert "crs_of_file" in notes(reading)


def listed(name: str) -> str:
    return MANIFEST.replace("[travel]", f'[files]\nplaces = ["upper.csv", "{name}"]\n\n[travel]')


def layer(path: Path, shape: shapely.Geometry, *, crs: str, driver: str, encoding: str = "UTF-8") -> None:
    names = ["编码", "名称", "上级编码", "层级", "常住人口"]
    values = [np.array([value], dtype=object) for value in ROWS[2][:5]]
    wkb = np.array([shapely.to_wkb(shape)], dtype=object)
    pyogrio.raw.write(
        path, wkb, values, names, crs=crs, driver=driver, geometry_type="Polygon", encoding=encoding
    )


# Mend 15
def test_a_shapefile_that_does_not_state_its_encoding_is_read_as_gb18030(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", {"upper.csv": csv_of([HEAD, *ROWS[:2]])}, listed("cun.shp"))
    square = shapely.box(103.75, 24.61, 103.76, 24.62)
    layer(folder / "cun.shp", square, crs="EPSG:4326", driver="ESRI Shapefile", encoding="GBK")
    (folder / "cun.cpg").unlink()
    dbf = bytearray((folder / "cun.dbf").read_bytes())
    dbf[29] = 0
    (folder / "cun.dbf").write_bytes(dbf)
    reading = read_territory_with_notes(folder)
    assert reading.territory.places[2].name == "长安社区"
    assert "shapefile_encoding" in notes(reading)
    assert "file_unread" not in notes(reading)


# Mend 15
def test_the_list_of_the_statistics_bureau_needs_neither_level_nor_parent(tmp_path: Path) -> None:
    rows = [("统计用区划代码", "名称"), *(row[:2] for row in ROWS)]
    reading = read_territory_with_notes(folder_of(tmp_path / "a", {"places.csv": csv_of(rows)}))
    assert [(p.level.value, p.parent) for p in reading.territory.places] == [
        ("county", None),
        ("township", "532527000000"),
        ("community", "532527101000"),
        ("village", "532527101000"),
    ]
    assert "levels_from_codes" in notes(reading)


# Mend 15
def test_levels_as_digits_are_those_of_the_statistics_bureau(tmp_path: Path) -> None:
    digits = {"区县": "3", "乡镇": "4", "社区": "5", "村": "5"}
    rows = [("code", "name", "level", "pcode")]
    rows += [(row[0], row[1], digits[row[3]], row[2] or "0") for row in ROWS]
    reading = read_territory_with_notes(folder_of(tmp_path / "a", {"places.csv": csv_of(rows)}))
    assert [p.level.value for p in reading.territory.places] == ["county", "township", "community", "village"]
    assert {"level_digits", "parent_none"} <= notes(reading)


# Mend 15
def test_codes_that_excel_rounded_are_refused_once_and_never_called_repeated(tmp_path: Path) -> None:
    rows = [HEAD, *(("5.32527E+11", *row[1:]) for row in ROWS)]
    found = findings(folder_of(tmp_path / "a", {"places.csv": csv_of(rows)}))
    assert [f.code for f in found] == ["territory.code_scientific"]
    assert "文本" in found[0].sentence("zh")
    assert "Text" in found[0].sentence("en")


# Mend 15
def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "a")
    for name in ("post.csv", "警情.csv", ".hidden", "~$places.xlsx", "facts.toml"):
        (folder / name).write_text("x\n", encoding="utf-8")
    (folder / "旧").mkdir()
    reading = read_territory_with_notes(folder)
    unread = [note.given for note in reading.findings if note.code == "territory.file_unread"]
    assert unread == ["post.csv", "旧", "警情.csv"]


# Mend 15
def test_files_that_are_not_read_are_named_also_where_the_rest_is_refused(tmp_path: Path) -> None:
    folder = write_base(tmp_path / "a")
    (folder / "staff.csv").rename(folder / "Staff.CSV")
    for name in ("staff.xls", "警情.csv"):
        (folder / name).write_text("x\n", encoding="utf-8")
    found = {f.code.removeprefix("territory."): f.given for f in findings(folder)}
    assert found == {"file_ambiguous": "Staff.CSV, staff.xls", "file_unread": "警情.csv"}


SHARED = next(
    (above / "shared" / "data" for above in Path(__file__).parents if (above / "shared" / "data").is_dir()),
    Path("shared/data"),
)
READ = {
    "clean": set(),
    "title-row": {"head_found"},
    "xls": set(),
    "cgcs2000-gauss-kruger": set(),
    "gpkg-4543": {"crs_of_file"},
    "nbs-level-digits": {"level_digits"},
    "shp-gbk-nocpg": {"shapefile_encoding"},
    "date-serial": {"day_serial"},
    "date-time": set(),
}
REFUSED = {
    "scientific": {"code_scientific"},
    "place-two-stations": {"place_two_stations"},
    "township-column": {"list_as_published"},
    "stray": {"file_ambiguous", "file_unread"},
}


# Mend 15
@pytest.mark.skipif(not SHARED.is_dir(), reason="the source data is not beside the repository")
@pytest.mark.parametrize("name", [*READ, *REFUSED])
def test_each_messy_input_is_read_or_refused_as_asked(name: str) -> None:
    folder = SHARED / "messy" / name
    if name in READ:
        assert READ[name] <= notes(read_territory_with_notes(folder))
    else:
        assert {f.code.removeprefix("territory.") for f in findings(folder)} == REFUSED[name]
