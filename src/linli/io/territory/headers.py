"""What a column means: headers in Chinese or English, as county clerks and exports write them.

A header that Linli does not know is left alone and named in the notes. A header that asks for personal
data is refused (clauses D1 to D6): a territory counts people, it never lists them.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from linli.io.territory.notes import Notebook
from linli.io.territory.tables import Table
from linli.kernel.errors import Where
from linli.kernel.texts import Text

__all__ = ["Columns", "columns_of", "header_name"]

FIELDS: Mapping[str, Mapping[str, str]] = {
    "places": {
        "code": "编码 代码 行政区划代码 统计用区划代码 区划代码 code id geoid",
        "name": "名称 地名 村名 社区名称 name",
        "parent": "上级 上级编码 上级代码 parent parent_code",
        "level": "层级 级别 类型 level type",
        "area": "城乡 城乡分类 城乡分类代码 area kind urban_rural",
        "residents": "常住人口 人口 常住人口数 residents population",
        "households": "户数 家庭户 家庭户数 households",
        "premises": "场所 场所数 单位场所 premises",
        "longitude": "经度 lon lng long longitude x 东坐标",
        "latitude": "纬度 lat latitude y 北坐标",
        "land_km2": "面积 面积(平方公里) 面积(km2) 面积(km²) land land_km2 area_km2",
        "land_m2": "面积(平方米) 面积(m2) 面积(m²) land_m2 area_m2",
        "station": "派出所 所属派出所 派出所编码 station station_id",
        "beat": "警务区 所属警务区 警务区编码 beat beat_id",
    },
    "stations": {
        "id": "编码 代码 派出所编码 id code station",
        "name": "名称 派出所 派出所名称 name",
        "longitude": "经度 lon lng long longitude x 东坐标",
        "latitude": "纬度 lat latitude y 北坐标",
        "place": "辖区 辖区编码 所辖乡镇 place area places",
    },
    "staff": {
        "station": "派出所 所属派出所 派出所编码 station station_id",
        "place": "编码 地点 地点编码 村居编码 place place_code code",
        "role": "岗位 职务 角色 role",
        "count": "人数 数量 count number",
        "officer": "民警 民警数 officers",
        "community_officer": "社区民警 社区民警数 community_officers",
        "auxiliary": "辅警 辅警数 auxiliaries",
        "grid_worker": "网格员 网格员数 grid_workers",
        "assistant": "警务助理 警务助理数 assistants",
        "mediator": "调解员 调解员数 mediators",
        "patrol_member": "专职巡逻队员 巡逻队员 patrol_members",
        "volunteer": "志愿者 志愿者数 volunteers",
    },
    "posts": {
        "id": "编号 编码 警务室编号 id code post",
        "kind": "类型 类别 kind type",
        "place": "地点 地点编码 所在村居 所在地 村居编码 place place_code",
        "status": "状态 status",
        "name": "名称 name",
    },
    "incidents": {
        "day": "日期 发生日期 接警日期 date day occ_date",
        "category": "类别 案件类别 警情类别 类型 category type",
        "count": "件数 数量 count number",
        "place": "地点 地点编码 村居编码 编码 place place_code code",
        "longitude": "经度 lon lng long longitude x x_coordina 东坐标",
        "latitude": "纬度 lat latitude y y_coordina 北坐标",
    },
    "adjacency": {"a": "a 甲 编码1 地点1 from", "b": "b 乙 编码2 地点2 to"},
    "boundary": {},
}
FIELDS = {**FIELDS, "positions": FIELDS["places"]}

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "places": ("code", "name", "level"),
    "positions": ("code",),
    "stations": ("id", "name"),
    "staff": (),
    "posts": ("kind", "place"),
    "incidents": ("day", "category"),
    "adjacency": ("a", "b"),
    "boundary": (),
}

PERSONAL = re.compile(
    r"身份证|证件号|姓名|电话|手机|联系方式|微信|民族|宗教|信仰|政治面貌|籍贯|出生|性别|指纹|人脸|虹膜|车牌"
    r"|(?:^|[^a-z])(?:id ?card|full ?name|surname|first ?name|last ?name|phone|mobile|e ?mail|ethnicity"
    r"|religion|nationality|birth ?(?:day|date)|date ?of ?birth|gender|biometric|passport|plate)(?:$|[^a-z])"
)
"""Headers of data about one person; also what is never collected at all (origin, faith, biometrics)."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """A table whose columns are known by their meaning."""

    table: Table
    by_field: Mapping[str, int]

    def __contains__(self, field: str) -> bool:
        return field in self.by_field

    def cells(self, field: str) -> list[str]:
        """The cells of a field; all empty if the table has no such column."""
        if field not in self.by_field:
            return [""] * len(self.table.rows)
        return self.table.columns[self.by_field[field]]

    def where(self, index: int, field: str) -> Where:
        """Where the cell of a field stands, under the header that the file uses."""
        header = self.table.headers[self.by_field[field]] if field in self.by_field else None
        return Where(self.table.file, row=self.table.rows[index], column=header)


def columns_of(table: Table, kind: str, notebook: Notebook) -> Columns | None:
    """Match headers to fields; ``None`` if the table cannot be used."""
    aliases = _aliases(kind)
    by_field: dict[str, int] = {}
    sound = True
    unread = []
    for index, header in enumerate(table.headers):
        where = Where(table.file, column=header or None)
        key = _normal(header)
        field = aliases.get(key)
        if PERSONAL.search(key.replace("_", " ")):
            notebook.wrong("personal_field", where, header)
            sound = False
        elif field is None:
            if header or any(table.columns[index]):
                unread.append(header or f"#{index + 1}")
        elif field in by_field:
            notebook.wrong("column_twice", where, header, first=table.headers[by_field[field]])
            sound = False
        else:
            by_field[field] = index
    if unread and kind not in ("boundary",):
        notebook.note("columns_unread", Where(table.file), ", ".join(unread))
    for field in REQUIRED[kind]:
        if field not in by_field:
            name = header_name(kind, field)
            notebook.wrong("column_missing", Where(table.file, column=field), None, name=name)
            sound = False
    if by_field.get("land_km2") is not None and _normal(table.headers[by_field["land_km2"]]) in (
        "面积",
        "land",
    ):
        notebook.note("land_unit", Where(table.file, column=table.headers[by_field["land_km2"]]), None)
    return Columns(table=table, by_field=by_field) if sound else None


def header_name(kind: str, field: str) -> Text:
    """The header that a field is best given, in each language."""
    names = FIELDS[kind][field].split()
    return Text(zh=names[0], en=next(name for name in names if name.isascii()))


def _aliases(kind: str) -> dict[str, str]:
    return {_normal(alias): field for field, names in FIELDS[kind].items() for alias in names.split()}


def _normal(header: str) -> str:
    folded = unicodedata.normalize("NFKC", header).strip().lower()
    return re.sub(r"[\s_\-]+", "_", folded)
