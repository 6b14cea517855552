"""Turns cells into counts, numbers, days and words, noting each one that is not what it should be."""

import math
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from linli.io.territory.headers import Columns
from linli.io.territory.notes import Notebook
from linli.io.written import Moment, degrees_of, moment_of, whole_of
from linli.kernel.texts import Text
from linli.territory.model import Area, Level, PostKind, PostStatus, Role

__all__ = [
    "AREAS",
    "LEVELS",
    "POST_KINDS",
    "POST_STATUSES",
    "ROLES",
    "allowed",
    "counts",
    "missing",
    "moments",
    "numbers",
    "spelt",
    "words",
]

LARGEST_COUNT = 1_000_000_000

W = TypeVar("W", bound=StrEnum)


def _words(values: Mapping[W, str]) -> dict[str, W]:
    """Every accepted spelling with its meaning; the enum's own value is always one of them."""
    spelt: dict[str, W] = {}
    for meaning, names in values.items():
        spelt[str(meaning)] = meaning
        spelt.update(dict.fromkeys(names.split(), meaning))
    return spelt


LEVELS = _words(
    {
        Level.COUNTRY: "国家 国",
        Level.PROVINCE: "省 自治区 直辖市 省级 state",
        Level.PREFECTURE: "地市 地级 地级市 市级 市 州 prefecture_city",
        Level.COUNTY: "区县 县 区 县级 县级市 旗",
        Level.TOWNSHIP: "乡镇 乡 镇 街道 乡级 乡镇街道 town municipality",
        Level.COMMUNITY: "社区 居委会 居民委员会 社区居委会",
        Level.VILLAGE: "村 行政村 建制村 村委会 村民委员会",
        Level.NATURAL_VILLAGE: "自然村 村民小组 屯 settlement",
        Level.BLOCK: "街区 小区 楼院 网格",
        Level.TRACT: "普查区",
        Level.DISTRICT: "片区",
    }
)
AREAS = _words(
    {
        # Class codes of the statistical list: 1xx town, 2xx countryside.
        Area.URBAN: "城镇 城市 城区 城 镇 town 111 112 121 122 123",
        Area.RURAL: "乡村 农村 乡 村 countryside 210 220",
    }
)
ROLES = _words(
    {
        Role.OFFICER: "民警 officers police_officer",
        Role.COMMUNITY_OFFICER: "社区民警 community_officers",
        Role.AUXILIARY: "辅警 auxiliaries",
        Role.GRID_WORKER: "网格员 grid_workers",
        Role.ASSISTANT: "警务助理 村警务助理 assistants",
        Role.MEDIATOR: "调解员 人民调解员 mediators",
        Role.PATROL_MEMBER: "专职巡逻队员 巡逻队员 patrol_members",
        Role.VOLUNTEER: "志愿者 义务巡逻队员 volunteers",
    }
)
POST_KINDS = _words(
    {
        PostKind.COMMUNITY_ROOM: "社区警务室 警务室",
        PostKind.CENTRE_ROOM: "农村中心警务室 中心警务室",
        PostKind.WORK_STATION: "警务工作站 工作站",
    }
)
POST_STATUSES = _words({PostStatus.EXISTING: "已建 现有 在用", PostStatus.FORBIDDEN: "不可用 禁用 不可选"})


def spelt(meaning: StrEnum, meanings: Mapping[str, StrEnum]) -> Text:
    """A word of a closed list as a table may have it, in each language."""
    zh = next(word for word, other in meanings.items() if other is meaning and not word.isascii())
    return Text(zh=zh, en=meaning.value)


def allowed(meanings: Mapping[str, StrEnum]) -> Text:
    """All words of a closed list, in each language."""
    texts = [spelt(meaning, meanings) for meaning in dict.fromkeys(meanings.values())]
    return Text(zh="、".join(text.zh for text in texts), en=", ".join(text.en for text in texts))


UNITS: Final = {
    "residents": "人口名",
    "households": "户家",
    "premises": "个家处",
    "count": "人名个起件次宗",
}
"""What may stand after a count, one letter each; after any other count a person's."""


def counts(columns: Columns, field: str, notebook: Notebook) -> list[int | None]:
    """Whole numbers from 0 to 10⁹; an empty cell is ``None``. What was not written in digits is noted."""
    out: list[int | None] = []
    spelt_at: list[int] = []
    for index, cell in enumerate(columns.cells(field)):
        if cell == "":
            out.append(None)
            continue
        found = whole_of(cell, UNITS.get(field, "人名"))
        value = None if found is None else found.value
        if value is None:
            notebook.wrong("count_not_whole", columns.where(index, field), cell)
        elif value < 0:
            notebook.wrong("count_negative", columns.where(index, field), cell)
        elif value > LARGEST_COUNT:
            notebook.wrong("count_too_large", columns.where(index, field), cell)
        elif found is not None and not found.plain:
            spelt_at.append(index)
        out.append(value)
    if spelt_at:
        first = spelt_at[0]
        given = columns.cells(field)[first]
        where = columns.where(first, field)
        notebook.note("count_spelt", where, given, value=out[first], count=len(spelt_at))
    return out


def numbers(columns: Columns, field: str, notebook: Notebook) -> list[float]:
    """Finite numbers, or degrees and minutes, which are noted; an empty cell is NaN."""
    out: list[float] = []
    spelt_at: list[int] = []
    angles = field in ("longitude", "latitude")
    for index, cell in enumerate(columns.cells(field)):
        found = degrees_of(cell)
        if cell != "" and (found is None or not (found.plain or angles)):
            notebook.wrong("not_a_number", columns.where(index, field), cell)
        elif found is not None and not found.plain:
            spelt_at.append(index)
        out.append(math.nan if found is None else found.value)
    if spelt_at:
        first = spelt_at[0]
        given = columns.cells(field)[first]
        where = columns.where(first, field)
        notebook.note("degrees_spelt", where, given, value=f"{out[first]:.6f}", count=len(spelt_at))
    return out


def words(
    columns: Columns, field: str, meanings: Mapping[str, W], code: str, notebook: Notebook
) -> list[W | None]:
    """Words of a closed list; an empty cell is ``None``; any other word is noted under ``code``."""
    known: dict[str, W | None] = {"": None}
    out: list[W | None] = []
    for index, cell in enumerate(columns.cells(field)):
        if cell not in known:
            known[cell] = meanings.get(unicodedata.normalize("NFKC", cell).strip().lower())
        if known[cell] is None and cell != "":
            notebook.wrong(code, columns.where(index, field), cell, allowed=allowed(meanings))
        out.append(known[cell])
    return out


def moments(columns: Columns, field: str, notebook: Notebook) -> list[Moment | None]:
    """Days, with their hour where it is written; every row needs one. Excel's numbers of days are noted."""
    seen: dict[str, Moment | None] = {}
    out: list[Moment | None] = []
    serials: list[int] = []
    for index, cell in enumerate(columns.cells(field)):
        if cell not in seen:
            seen[cell] = moment_of(cell)
        found = seen[cell]
        if found is None:
            notebook.wrong("day", columns.where(index, field), cell or None)
        elif found.serial:
            serials.append(index)
        out.append(found)
    if serials:
        first = serials[0]
        read, where, count = out[first], columns.where(first, field), len(serials)
        day = None if read is None else read.day
        notebook.note("day_serial", where, columns.cells(field)[first], day=day, count=count)
    return out


def missing(columns: Columns, field: str, code: str, notebook: Notebook) -> None:
    """Note every row whose required cell is empty."""
    for index, cell in enumerate(columns.cells(field)):
        if cell == "":
            notebook.wrong(code, columns.where(index, field), None)
