"""Finding cases by words: two-character pieces, so that a Chinese word of any length is found.

PostgreSQL looks in a GIN index over the pieces, SQLite in an FTS5 table (migration 0002); both hold what
``search_text`` makes.
"""

import re
from importlib import import_module
from typing import Any, Final

from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.web.foundation.casework.models import Case

__all__ = ["grams", "keep_triggers", "matching", "search_text"]

_WORD: Final = re.compile(r"[0-9a-z]+|[\u3400-\u9fff]+")


def grams(text: str) -> list[str]:
    """The pieces of a text: pairs of neighbouring characters, single ones, words and numbers whole."""
    found: dict[str, None] = {}
    for run in _WORD.findall(text.lower()):
        if run[0].isascii() or len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    return list(found)


def search_text(*parts: str) -> str:
    """What is stored of some texts: their pieces, and the last character of each run, so that every character
    begins a piece and a single one is found by its beginning."""
    pieces: dict[str, None] = {}
    for part in parts:
        pieces.update(dict.fromkeys(grams(part)))
        pieces.update((run[-1], None) for run in _WORD.findall(part.lower()) if not run[0].isascii())
    return " ".join(pieces)


def _is_single(piece: str) -> bool:
    return len(piece) == 1 and not piece.isascii()


def matching(cases: QuerySet[Case], words: str) -> QuerySet[Case]:
    """Of some cases, those whose number, title or address hold the words."""
    pieces = grams(words)
    if not pieces:
        return cases.none()
    if connection.vendor == "postgresql":
        query = " & ".join(f"{piece}:*" if _is_single(piece) else piece for piece in pieces)
        where = RawSQL("to_tsvector('simple', casework_case.search) @@ to_tsquery('simple', %s)", (query,))
        return cases.annotate(found=where).filter(found=True)
    quoted = " ".join(f'"{piece}"*' if _is_single(piece) else f'"{piece}"' for piece in pieces)
    rows = RawSQL("SELECT rowid FROM casework_case_search WHERE casework_case_search MATCH %s", (quoted,))
    return cases.filter(Q(pk__in=rows))


def keep_triggers(*, using: str, **_: Any) -> None:
    """Make the triggers of the index again where a migration has lost them; after every migration.

    SQLite changes many a column by making the table anew, and the triggers go with the old one: from then on
    nothing new would be found, and what is deleted would stay in the index.
    """
    database = connections[using]
    if database.vendor != "sqlite":
        return
    known = import_module("linli.web.foundation.casework.migrations.0002_search").SQLITE
    wanted = {
        statement.split()[2]: statement for statement in known if statement.startswith("CREATE TRIGGER")
    }
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'casework_case_search%%'")
        there = {name for (name,) in cursor.fetchall()}
        # Before the index is made there is nothing to keep.
        lost = wanted.keys() - there if "casework_case_search" in there else set()
        for name in sorted(lost):
            cursor.execute(wanted[name])
        if lost:
            cursor.execute("INSERT INTO casework_case_search(casework_case_search) VALUES ('rebuild')")
