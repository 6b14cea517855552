"""Finding cases by words: two-character pieces, so that a Chinese word of any length is found.

PostgreSQL looks in a GIN index over the pieces, SQLite in an FTS5 table (migration 0002); both hold what
``search_text`` makes.
"""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.kernel.spelling import plain_words, spoken, written
from linli.web.foundation.casework.models import Case

__all__ = ["grams", "keep_triggers", "matching", "put_words_right", "search_text"]

_WORD: Final = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\U00020000-\U000323af]+")


def grams(text: str) -> list[str]:
    """The pieces of words that were typed, as they are said: pairs of neighbouring characters, single ones,
    Latin words and numbers whole."""
    return _pieces(_runs(plain_words(text), spoken))


def search_text(*parts: str) -> str:
    """What is stored of some texts: the pieces of each as it is and by its normal forms, and the last
    character of each run: every character begins a piece, and a single one is found by its beginning."""
    pieces: dict[str, None] = {}
    for part in parts:
        plain = plain_words(part)
        for form in (str, written, spoken):
            runs = _runs(plain, form)
            pieces.update(dict.fromkeys(_pieces(runs)))
            pieces.update((run[-1], None) for run in runs if not run[0].isascii())
    return " ".join(pieces)


def _runs(plain: str, form: Callable[[str], str]) -> list[str]:
    """Letters, figures and characters that stand together, each word by itself."""
    return [run for word in plain.split() for run in _WORD.findall(form(word))]


def _pieces(runs: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for run in runs:
        if run[0].isascii() or len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    return list(found)


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


def put_words_right(_apps: Any, cases: Sequence[Any]) -> None:
    """Store of cases what they are found by today; for migrations. What was shredded stays without words."""
    changed = []
    for case in cases:
        words = search_text(case.number or "", case.title, case.address) if case.search else ""
        if words != case.search:
            case.search = words
            changed.append(case)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["search"], batch_size=200)


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
