"""Ways to break the base territory: by editing its text, and by building files no text can describe."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import shapely

__all__ = ["break_territory"]


def break_territory(folder: Path, how: dict[str, str]) -> None:
    """Break one thing, as a case of the corpus says."""
    if "edit" in how:
        path = folder / how["edit"]
        text = path.read_text(encoding="utf-8")
        assert how["old"] in text, "the case must change something"
        path.write_text(text.replace(how["old"], how["new"], 1), encoding="utf-8")
    elif "write" in how:
        (folder / how["write"]).write_text(how["text"], encoding="utf-8")
    elif "delete" in how:
        (folder / how["delete"]).unlink()
    else:
        BUILDERS[how["build"]](folder)


def _edit(folder: Path, file: str, old: str, new: str) -> None:
    break_territory(folder, {"edit": file, "old": old, "new": new})


def _staff_workbook(folder: Path, *rows: list[Any]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["派出所", "岗位", "人数"], *rows):
        sheet.append(row)
    (folder / "staff.csv").unlink()
    workbook.save(folder / "staff.xlsx")
    return folder / "staff.xlsx"


def link_outside(folder: Path) -> None:
    outside = folder.parent / "outside.csv"
    (folder / "staff.csv").rename(outside)
    (folder / "staff.csv").symlink_to(outside)


def staff_as_text(folder: Path) -> None:
    (folder / "staff.csv").rename(folder / "staff.docx")
    _edit(folder, "territory.toml", "[travel]", '[files]\nstaff = "staff.docx"\n\n[travel]')


def staff_twice(folder: Path) -> None:
    text = (folder / "staff.csv").read_text(encoding="utf-8")
    _staff_workbook(folder, ["S1", "民警", 8])
    (folder / "staff.csv").write_text(text, encoding="utf-8")


def bad_bytes(folder: Path) -> None:
    path = folder / "places.csv"
    path.write_bytes(path.read_bytes().replace("合成县".encode(), b"\xff\xff\xff"))


def utf16(folder: Path) -> None:
    path = folder / "places.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


def cut_workbook(folder: Path) -> None:
    path = _staff_workbook(folder, ["S1", "民警", 8])
    path.write_bytes(path.read_bytes()[:-400])


def false_workbook(folder: Path) -> None:
    _staff_workbook(folder).write_bytes(b"PK this is no workbook")


def bomb(folder: Path) -> None:
    path = _staff_workbook(folder, ["S1", "民警", 8])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 40_000_000)


def formula_workbook(folder: Path) -> None:
    _staff_workbook(folder, ["S1", "民警", "=4+4"])


def exchanged_within_range(folder: Path) -> None:
    """Where both are below 90°, only the boundary can tell."""
    for file in ("places.csv", "incidents.csv", "boundary.geojson"):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace("105", "15"), encoding="utf-8")
    places = (folder / "places.csv").read_text(encoding="utf-8").replace("15.14,35.12", "35.12,15.14")
    (folder / "places.csv").write_text(places, encoding="utf-8")


def degrees_as_feet(folder: Path) -> None:
    _edit(folder, "territory.toml", '"WGS84"', '"EPSG:2913"')
    (folder / "boundary.geojson").unlink()
    (folder / "incidents.csv").unlink()


def rounded_codes(folder: Path) -> None:
    path = folder / "places.csv"
    path.write_text(re.sub("990101[0-9]{6}", "9.90101E+11", path.read_text("utf-8")), encoding="utf-8")


def as_published(folder: Path) -> None:
    (folder / "places.csv").write_text("所属乡镇,村名,户数\n东镇,甲村,400\n", encoding="utf-8")


def unclear_level(folder: Path) -> None:
    rows = ("X,合成县,3,0", "X1,东镇,4,X", "X11,长安,5,X1")
    (folder / "places.csv").write_text("\n".join(("编码,名称,层级,pcode", *rows)) + "\n", encoding="utf-8")


def titled_in_thousands(folder: Path) -> None:
    text = (folder / "staff.csv").read_text(encoding="utf-8")
    (folder / "staff.csv").write_text(f"力量一览表（单位：万人）,,\n{text}", encoding="utf-8")


def station_column_against_the_table(folder: Path) -> None:
    lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    values = ["派出所", "", "西乡派出所", "", "", "", "", "", ""]
    text = "\n".join(f"{line},{value}" for line, value in zip(lines, values, strict=True))
    (folder / "places.csv").write_text(text, encoding="utf-8")


def _in_plane(folder: Path, positions: dict[str, str]) -> None:
    """The places alone, in zone 35 of CGCS2000's plane, but for what is given otherwise."""
    for name in ("boundary.geojson", "incidents.csv"):
        (folder / name).unlink()
    _edit(folder, "territory.toml", '"WGS84"', '"EPSG:4544"')
    text = (folder / "places.csv").read_text(encoding="utf-8")
    for old, new in positions.items():
        text = text.replace(old, new)
    (folder / "places.csv").write_text(text, encoding="utf-8")


PLANE = {
    "105.10,35.10": "509000,3885000",
    "105.12,35.10": "511000,3885000",
    "105.14,35.12": "513000,3887000",
    "105.02,35.10": "502000,3885000",
    "105.04,35.11": "503600,3886000",
}


def other_zone(folder: Path) -> None:
    _in_plane(folder, PLANE | {"105.14,35.12": "36513000,3887000"})


def exchanged_in_plane(folder: Path) -> None:
    _in_plane(folder, PLANE | {"105.14,35.12": "3887000,513000"})


def negative_land(folder: Path) -> None:
    lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    values = ["面积(平方公里)", "", "", "", "", "", "-2.5", "", ""]
    text = "\n".join(f"{line},{value}" for line, value in zip(lines, values, strict=True))
    (folder / "places.csv").write_text(text, encoding="utf-8")


def unknown_station(folder: Path) -> None:
    lines = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    values = ["派出所", "", "", "", "南镇派出所", "", "", "", ""]
    text = "\n".join(f"{line},{value}" for line, value in zip(lines, values, strict=True))
    (folder / "places.csv").write_text(text, encoding="utf-8")


def _boundary(folder: Path, geometry: dict[str, Any]) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (folder / "boundary.geojson").write_text(text, encoding="utf-8")


def line_boundary(folder: Path) -> None:
    _boundary(folder, {"type": "LineString", "coordinates": [[105, 35], [105.2, 35.2]]})


def point_boundary(folder: Path) -> None:
    _boundary(folder, {"type": "Point", "coordinates": [105, 35]})


def line_place(folder: Path) -> None:
    properties = {"code": "990101101202", "name": "丁村", "parent": "990101101000", "level": "village"}
    geometry = {"type": "LineString", "coordinates": [[105.1, 35.1], [105.2, 35.2]]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (folder / "places.geojson").write_text(text, encoding="utf-8")
    listed = '[files]\nplaces = ["places.csv", "places.geojson"]\n\n[travel]'
    _edit(folder, "territory.toml", "[travel]", listed)


def _geopackage(folder: Path, layer: str, crs: str) -> None:
    square = shapely.box(105, 35, 105.2, 35.2)
    pyogrio.raw.write(
        folder / "boundary.gpkg",
        np.array([shapely.to_wkb(square)], dtype=object),
        [np.array(["合成县"], dtype=object)],
        ["name"],
        layer=layer,
        geometry_type="Polygon",
        crs=crs,
        driver="GPKG",
    )


def other_crs(folder: Path) -> None:
    (folder / "boundary.geojson").unlink()
    _geopackage(folder, "boundary", "EPSG:2913")


def two_layers(folder: Path) -> None:
    (folder / "boundary.geojson").unlink()
    _geopackage(folder, "north", "EPSG:4326")
    _geopackage(folder, "south", "EPSG:4326")


BUILDERS: dict[str, Callable[[Path], None]] = {
    builder.__name__: builder
    for builder in (
        link_outside,
        staff_as_text,
        staff_twice,
        bad_bytes,
        utf16,
        cut_workbook,
        false_workbook,
        bomb,
        formula_workbook,
        exchanged_within_range,
        degrees_as_feet,
        rounded_codes,
        as_published,
        unclear_level,
        titled_in_thousands,
        station_column_against_the_table,
        other_zone,
        exchanged_in_plane,
        negative_land,
        unknown_station,
        line_boundary,
        point_boundary,
        line_place,
        other_crs,
        two_layers,
    )
}
