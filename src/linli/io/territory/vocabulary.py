"""Names of columns in Chinese and English, as county clerks and exports write them, by what they mean."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["FIELDS", "PERSONAL", "aliases", "is_known", "is_personal", "normal"]

FIELDS: Mapping[str, Mapping[str, str]] = {
    "places": {
        "code": "编码 代码 行政区划代码 统计用区划代码 区划代码 村居编码 村代码 村编码 code id geoid",
        "name": "名称 地名 村名 村名称 村居 村居名称 社区名称 行政村 行政村名称"
        " 村(社区) 村(社区)名称 村(居)名称 name",
        "parent": "上级 上级编码 上级代码 上级区划代码 父级编码 parent parent_code pcode p_code",
        "level": "层级 级别 类型 level type",
        "area": "城乡 城乡分类 城乡分类代码 area kind urban_rural",
        "residents": "常住人口 人口 人口数 常住人口数 总人口 人数 residents population",
        "households": "户数 总户数 家庭户 家庭户数 常住户数 households",
        "premises": "场所 场所数 单位场所 premises",
        "longitude": "经度 lon lng long longitude x x坐标 东坐标 东经",
        "latitude": "纬度 lat latitude y y坐标 北坐标 北纬",
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
        "day": "日期 发生日期 接警日期 时间 发生时间 接警时间 报警时间 报警日期 date day occ_date",
        "category": "类别 案件类别 警情类别 类型 category type",
        "count": "件数 数量 count number",
        "place": "地点 地点编码 村居编码 编码 place place_code code",
        "longitude": "经度 lon lng long longitude x x_coordina 东坐标",
        "latitude": "纬度 lat latitude y y_coordina 北坐标",
    },
    "adjacency": {"a": "a 甲 编码1 地点1 from", "b": "b 乙 编码2 地点2 to"},
    "boundary": {},
}
FIELDS = {
    **FIELDS,
    "positions": FIELDS["places"],
    # A list of villages as a county publishes it, of which a territory is made.
    "published": {
        **{field: names for field, names in FIELDS["places"].items() if field != "name"},
        "name": FIELDS["places"]["name"]
        + " 单位 单位名称 建制村 村/社区 村(居)委会 村(居)委会名称 村委会名称 村委会(社区) 村居(社区)"
        + " 社区(村) 社区(村)名称 行政村(社区) 行政村(社区)名称 village",
        "township": "所属乡镇 乡镇 乡镇街道 乡(镇) 乡镇(街道) 乡(镇、街道) 乡镇名称 所属街道 街道 镇街"
        " 所在乡镇 所属乡镇(街道) 所属镇街 镇(街道) 乡镇(街道)名称 township town",
        "county": "县区 区县 所属县 所属区县 县(市、区) 县名 county",
        "number": "序号 编号 no no. number",
        "remark": "备注 说明 remark remarks",
    },
}

PERSONAL = re.compile(
    r"身份证|证件号|姓名|电话|手机|联系方式|微信|民族|宗教|信仰|政治面貌|籍贯|出生|性别|指纹|人脸|虹膜|车牌"
    r"|(?:^|[^a-z])(?:id ?card|full ?name|surname|first ?name|last ?name|phone|mobile|e ?mail|ethnicity"
    r"|religion|nationality|birth ?(?:day|date)|date ?of ?birth|gender|biometric|passport|plate)(?:$|[^a-z])"
)
"""Headers of data about one person; also what is never collected at all (origin, faith, biometrics)."""
CHINESE: Final = r"[\u4e00-\u9fff]"


def aliases(kind: str) -> dict[str, str]:
    """The field of each name that a column of a table may have."""
    return {normal(alias): field for field, names in FIELDS[kind].items() for alias in names.split()}


def is_known(kind: str) -> Callable[[str], bool]:
    """Whether a cell is the name of a column of a table."""
    known = aliases(kind)
    return lambda cell: normal(cell) in known


def is_personal(header: str) -> bool:
    """Whether a column is about one person."""
    return PERSONAL.search(normal(header).replace("_", " ")) is not None


def normal(header: str) -> str:
    """A name without what makes no difference: width, capitals, space, marks of required columns."""
    folded = unicodedata.normalize("NFKC", header).strip(" \t\r\n*:;").lower()
    folded = re.sub(rf"(?<={CHINESE})\s+(?={CHINESE})", "", folded)
    folded = re.sub(r"\((?:人|户|个|名|家|处|起|件)\)$", "", folded)
    return re.sub(r"[\s_\-]+", "_", folded)
