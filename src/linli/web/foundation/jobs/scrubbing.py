"""At night: what was deleted leaves the database's files too, as far as the database lets it.

A deleted row is gone for every query at once; its words are not gone from the files. SQLite overwrites what
is deleted (``secure_delete``, set for every connection), but its full-text index keeps deleted words until
its parts are merged, and the write-ahead log until it is cut. PostgreSQL keeps old rows until a vacuum
frees their room, and the words of a GIN index until its list is worked in; what is freed is overwritten
when the room is used again. What remains how long, and what only an operator can end, is in
docs/guides/running.md.
"""

import datetime as dt
import logging
from typing import Final

from django.db import OperationalError, connection

__all__ = ["LARGEST_REWRITTEN", "last_freed", "run_scrubbing"]

log = logging.getLogger("linli.jobs")

LARGEST_REWRITTEN: Final = 256 * 1024 * 1024
"""Writing a database file of SQLite anew keeps all writers waiting: some seconds for this many bytes."""

_FULL_TEXT: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
)
_OWN: Final = (
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND pg_has_role(c.relowner, 'USAGE') AND "
)


def run_scrubbing(at: dt.datetime) -> int:
    """Bring the files in step with the rows; how many tables and indexes were looked after."""
    if connection.in_atomic_block:
        return 0
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _sqlite() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FULL_TEXT)
        names = [connection.ops.quote_name(row[0]) for row in cursor.fetchall()]
        for name in names:
            cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # noqa: S608 - a name of ours
        free, pages, page = (_pragma(name) for name in ("freelist_count", "page_count", "page_size"))
        try:
            if free and pages * page <= LARGEST_REWRITTEN:
                cursor.execute("VACUUM")
            _pragma("wal_checkpoint(TRUNCATE)")
        except OperationalError as busy:
            # Whoever reads an older state keeps it; the next night does what this one could not.
            log.warning("The database file was in use (%s); it is rewritten another night.", busy)
    return len(names)


def _pragma(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return int(cursor.fetchone()[0])


def _postgresql() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.relname {_OWN} c.relkind = 'r' ORDER BY c.relname")
        tables = [connection.ops.quote_name(row[0]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT count(gin_clean_pending_list(c.oid::regclass)) "  # noqa: S608
            f"{_OWN} c.relkind = 'i' AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"
        )
        indexes = int(cursor.fetchone()[0])
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE, SKIP_LOCKED) {table}")
    if not tables:
        log.warning("This role owns no table and frees nothing; linli platform scrub does, as the owner.")
    return len(tables) + indexes


def last_freed(at: dt.datetime) -> dt.datetime | None:
    """Since when every table that another role owns has been freed, as PostgreSQL remembers it.

    Returns
    -------
    datetime or None
        ``at`` where this role owns all tables, or frees a file of its own; ``None`` where one of another
        role's was never freed.
    """
    if connection.vendor != "postgresql":
        return at
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(s.last_vacuum), min(s.last_vacuum) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_stat_user_tables s ON s.relid = c.oid "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r' "
            "AND NOT pg_has_role(c.relowner, 'USAGE')"
        )
        foreign, freed, oldest = cursor.fetchone()
    if not foreign:
        return at
    return None if freed < foreign else oldest
