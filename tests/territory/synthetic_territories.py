"""A small made-up territory as files, sound as it stands: tests break one thing of it at a time."""

from pathlib import Path

__all__ = ["BASE", "write_base"]

MANIFEST = """\
id = "base"
name = { zh = "合成县", en = "Synthetic County" }
time_zone = "Asia/Shanghai"
coordinates = "WGS84"
unit_levels = ["community", "village"]

[travel]
detour = 1.4
speed_km_per_hour = 30

[[sources]]
title = { zh = "合成数据", en = "Synthetic data" }
licence = "CC0-1.0"
"""

PLACES = """\
编码,名称,上级,层级,城乡,常住人口,户数,经度,纬度
990101000000,合成县,,县,,,,,
990101101000,东镇,990101000000,乡镇,,,,,
990101102000,西乡,990101000000,乡镇,,,,,
990101101001,一社区,990101101000,社区,城镇,5000,1600,105.10,35.10
990101101002,二社区,990101101000,社区,城镇,4000,1300,105.12,35.10
990101101201,甲村,990101101000,村,乡村,1500,400,105.14,35.12
990101102201,乙村,990101102000,村,乡村,1200,350,105.02,35.10
990101102202,丙村,990101102000,村,乡村,1800,500,105.04,35.11
"""

STATIONS = """\
编码,名称,辖区
S1,东镇派出所,990101101000
S2,西乡派出所,990101102000
"""

STAFF = """\
派出所,岗位,人数
S1,民警,8
S1,辅警,12
西乡派出所,民警,4
"""

POSTS = """\
编号,类型,地点,状态
P1,社区警务室,990101101001,已建
P2,警务工作站,990101102201,不可用
"""

INCIDENTS = """\
日期,类别,件数,地点,经度,纬度
2024-02-28,盗窃,2,990101101001,,
2024-02-29,盗窃,1,,105.04,35.11
"""

ADJACENCY = """\
a,b
990101101001,990101101002
990101101002,990101101201
990101102201,990101102202
"""

BOUNDARY = """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
{"type": "Polygon", "coordinates": [[[105, 35], [105.2, 35], [105.2, 35.2], [105, 35.2], [105, 35]]]}}]}
"""

BASE = {
    "territory.toml": MANIFEST,
    "places.csv": PLACES,
    "stations.csv": STATIONS,
    "staff.csv": STAFF,
    "posts.csv": POSTS,
    "incidents.csv": INCIDENTS,
    "adjacency.csv": ADJACENCY,
    "boundary.geojson": BOUNDARY,
}


def write_base(folder: Path) -> Path:
    """The base territory in a new folder."""
    folder.mkdir(parents=True)
    for name, text in BASE.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
