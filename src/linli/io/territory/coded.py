"""Codes as lists have them: turned into numbers by Excel, or telling level and parent by their digits.

Twelve digits are the statistical division code: two each for province, prefecture and county, three each for
township and village. Of the last three, 001–199 and 400–499 are residents' committees, the rest villages'.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from linli.io.territory.headers import DIVISION, Columns
from linli.io.territory.notes import Notebook
from linli.io.territory.values import LEVELS, words
from linli.kernel.errors import Where
from linli.territory.model import Level

__all__ = ["are_codes", "is_division_code", "level_of_code", "level_of_name", "levels_of", "parent_of_code"]

CODED: Final = {
    "places": ("code", "parent"),
    "positions": ("code",),
    "stations": ("id", "place"),
    "staff": ("place",),
    "posts": ("id", "place"),
    "incidents": ("place",),
    "adjacency": ("a", "b"),
}
SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
DIGITS: Final = {"1": Level.PROVINCE, "2": Level.PREFECTURE, "3": Level.COUNTY, "4": Level.TOWNSHIP}
LOWEST: Final = "5"
ZEROS: Final = ((10, Level.PROVINCE), (8, Level.PREFECTURE), (6, Level.COUNTY), (3, Level.TOWNSHIP))
COMMUNITY_NAME: Final = re.compile(r".*(?:社区|居委会|居民委员会|居)")
VILLAGE_NAME: Final = re.compile(r".*(?:村|村委会|村民委员会|嘎查|嘎查委员会|牧委会|村委)")


def are_codes(columns: Columns, table: str, notebook: Notebook) -> bool:
    """Whether the codes of a table are codes: what a program has rounded to a number is refused once."""
    sound = True
    for field in CODED.get(table, ()):
        cells = columns.cells(field)
        rounded = [index for index, cell in enumerate(cells) if SCIENTIFIC.fullmatch(cell)]
        if rounded:
            sound = False
            where = columns.where(rounded[0], field)
            notebook.wrong("code_scientific", where, cells[rounded[0]], count=len(rounded))
    return sound


def is_division_code(code: str) -> bool:
    """Whether a code is one of twelve digits."""
    return DIVISION.fullmatch(code) is not None


def level_of_code(code: str) -> Level:
    """The level that a division code of twelve digits stands for."""
    for zeros, level in ZEROS:
        if code.endswith("0" * zeros):
            return level
    return Level.COMMUNITY if code[9] in "014" else Level.VILLAGE


def level_of_name(name: str) -> Level | None:
    """Community or village by how a name ends; ``None`` where it does not say."""
    if COMMUNITY_NAME.fullmatch(name):
        return Level.COMMUNITY
    return Level.VILLAGE if VILLAGE_NAME.fullmatch(name) else None


def parent_of_code(code: str, known: Collection[str]) -> str | None:
    """The nearest of the known codes above a division code; ``None`` if there is none."""
    for length in (9, 6, 4, 2):
        above = code[:length].ljust(12, "0")
        if above != code and above in known:
            return above
    return None


def levels_of(columns: Columns, notebook: Notebook) -> Sequence[Level | None]:
    """The level of each row: as written, by the statistics bureau's digits, or by the codes themselves."""
    codes, names = columns.cells("code"), columns.cells("name")
    cells = columns.cells("level")
    given = {cell for cell in cells if cell}
    if "level" not in columns:
        file = Where(columns.table.file)
        notebook.note("levels_from_codes", file, None, count=len(codes))
        return [level_of_code(code) if is_division_code(code) else None for code in codes]
    if not given or not given <= {*DIGITS, LOWEST}:
        return words(columns, "level", LEVELS, "level_unknown", notebook)
    notebook.note("level_digits", Where(columns.table.file, column=columns.header("level")), None)
    return [_of_digit(columns, index, codes[index], names[index], notebook) for index in range(len(cells))]


def _of_digit(columns: Columns, index: int, code: str, name: str, notebook: Notebook) -> Level | None:
    cell = columns.cells("level")[index]
    if cell != LOWEST:
        return DIGITS.get(cell)
    level = (
        level_of_code(code) if is_division_code(code) and not code.endswith("000") else level_of_name(name)
    )
    if level is None:
        notebook.wrong("level_unclear", columns.where(index, "level"), cell)
    return level
