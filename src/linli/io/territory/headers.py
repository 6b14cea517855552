"""What a column means: headers in Chinese or English, as county clerks and exports write them.

A header that Linli does not know is left alone and named in the notes. A header that asks for personal
data is refused (clauses D1 to D6): a territory counts people, it never lists them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from linli.io.territory.notes import Notebook
from linli.io.territory.tables import Table
from linli.io.territory.vocabulary import FIELDS, aliases, is_personal, normal
from linli.kernel.errors import Where
from linli.kernel.texts import Text

__all__ = ["DIVISION", "Columns", "columns_of", "header_name"]

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "places": ("code", "name", "level"),
    "positions": ("code",),
    "stations": ("id", "name"),
    "staff": (),
    "posts": ("kind", "place"),
    "incidents": ("day", "category"),
    "adjacency": ("a", "b"),
    "boundary": (),
    "published": ("name",),
}

DIVISION = re.compile(r"[1-9][0-9]{11}")
"""A statistical division code: level and parent stand in its digits."""


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

    def header(self, field: str) -> str:
        """The header under which the file gives a field; empty if it does not."""
        return self.table.headers[self.by_field[field]] if field in self.by_field else ""

    def where(self, index: int, field: str) -> Where:
        """Where the cell of a field stands, under the header that the file uses."""
        header = self.table.headers[self.by_field[field]] if field in self.by_field else None
        return Where(self.table.file, row=self.table.rows[index], column=header)


def columns_of(table: Table, kind: str, notebook: Notebook) -> Columns | None:
    """Match headers to fields; ``None`` if the table cannot be used."""
    known = aliases(kind)
    by_field: dict[str, int] = {}
    sound = True
    unread = []
    for index, header in enumerate(table.headers):
        where = Where(table.file, column=header or None)
        field = known.get(normal(header))
        if is_personal(header):
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
    sound = _is_complete(table, kind, by_field, notebook) and sound
    if by_field.get("land_km2") is not None and normal(table.headers[by_field["land_km2"]]) in (
        "面积",
        "land",
    ):
        notebook.note("land_unit", Where(table.file, column=table.headers[by_field["land_km2"]]), None)
    return Columns(table=table, by_field=by_field) if sound else None


def _is_complete(table: Table, kind: str, by_field: Mapping[str, int], notebook: Notebook) -> bool:
    if kind == "places" and "code" not in by_field and "name" in by_field:
        # Names without codes: a list as published, of which a territory is to be made first.
        notebook.wrong("list_as_published", Where(table.file, column="code"), None)
        return False
    missing = [
        field
        for field in REQUIRED[kind]
        if field not in by_field and not (field == "level" and _is_of_codes(table, by_field))
    ]
    for field in missing:
        name = header_name(kind, field)
        notebook.wrong("column_missing", Where(table.file, column=field), None, name=name)
    return not missing


def _is_of_codes(table: Table, by_field: Mapping[str, int]) -> bool:
    """Whether a list is the statistics bureau's of codes and names alone, whose digits say all the rest."""
    if "parent" in by_field or "code" not in by_field:
        return False
    return all(DIVISION.fullmatch(code) for code in table.columns[by_field["code"]])


def header_name(kind: str, field: str) -> Text:
    """The header that a field is best given, in each language."""
    names = FIELDS[kind][field].split()
    return Text(zh=names[0], en=next(name for name in names if name.isascii()))
