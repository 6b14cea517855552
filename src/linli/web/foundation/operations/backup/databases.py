"""A consistent snapshot of either database into a file, and back: all of it or nothing."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import connection, transaction

from linli.kernel.errors import LinliError
from linli.kernel.texts import catalogue

__all__ = ["DUMP_NAMES", "Ask", "check_dump", "dump", "engine", "load"]

say = catalogue("linli.web.foundation.operations")

Ask = Callable[[str], list[tuple[Any, ...]]]
Result = TypeVar("Result")

DUMP_NAMES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_EMPTY: Final = """\
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.tablename);
  END LOOP;
  FOR one IN
    SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""


def engine() -> str:
    """Which of the two the platform runs on."""
    return connection.vendor


def dump(path: Path, ask: Callable[[Ask], Result], *, without: Sequence[str] = ()) -> Result:
    """Write a snapshot of the database as it is at one moment; whoever works on it need not stop.

    ``ask`` may ask that same snapshot, whatever has happened since.
    The rows of the tables ``without`` stay out.
    """
    if engine() == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            # One file, whatever journal the original uses.
            copy.execute("PRAGMA journal_mode=DELETE")
            # Not only unlinked: what was in the pages is written over.
            copy.execute("PRAGMA secure_delete=ON")
            for table in without:
                copy.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table of ours
            copy.commit()
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise LinliError(say("backup.damaged_source"))
            return ask(lambda sql: copy.execute(sql).fetchall())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={path}"]
        arguments += [f"--exclude-table-data={connection.ops.quote_name(table)}" for table in without]
        _run("pg_dump", [*arguments, f"--snapshot={cursor.fetchone()[0]}"])

        def asked(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

        return ask(asked)


def load(path: Path) -> None:
    """Make the database what a snapshot says. If that fails, it is as it was."""
    if engine() == "sqlite":
        _load_sqlite(path)
        return
    script, empty = path.with_suffix(".sql"), path.with_suffix(".empty.sql")
    empty.write_text(_EMPTY, encoding="utf-8")
    _run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(path)], asks_database=False)
    connection.close()
    arguments = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run("psql", [*arguments, f"--file={empty}", f"--file={script}"])
    script.unlink()


def check_dump(path: Path, look: Callable[[Ask], None]) -> None:
    """Look into a snapshot before anything is touched; PostgreSQL's can only be read by loading it.

    Raises
    ------
    LinliError
        It is damaged, or ``look`` does not like what it sees.
    """
    if engine() != "sqlite":
        return
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as kept:
            if kept.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise LinliError(say("backup.damaged_database"))
            look(lambda sql: kept.execute(sql).fetchall())
    except sqlite3.DatabaseError:
        raise LinliError(say("backup.damaged_database")) from None


def _load_sqlite(path: Path) -> None:
    """One file takes the place of another: a damaged one cannot be written into."""
    connection.close()
    place = Path(str(connection.settings_dict["NAME"])).absolute()
    fresh = place.with_name(f".{place.name}.restored")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, fresh)
    fresh.chmod(place.stat().st_mode & 0o777 if place.exists() else 0o600)
    _settle_on_disk(fresh)
    # What the former file had in its journal must not be taken for the new one's.
    for journal in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + journal).unlink(missing_ok=True)
    fresh.replace(place)
    _settle_on_disk(place.parent)


def _settle_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _run(program: str, arguments: Sequence[str], *, asks_database: bool = True) -> None:
    settings: dict[str, Any] = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": str(settings["PASSWORD"]), "PGCLIENTENCODING": "UTF8"}
    target: list[str] = []
    if asks_database:
        named = {"dbname": "NAME", "username": "USER", "host": "HOST", "port": "PORT"}
        target = [f"--{option}={settings[key]}" for option, key in named.items() if settings[key]]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, arguments of our own settings
        [_found(program), *target, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = next((line for line in done.stderr.splitlines() if line.strip()), str(done.returncode))
        raise LinliError(say("backup.program_failed", program=program, reason=said))


def _found(program: str) -> str:
    """The newest of that name: an older pg_dump refuses a newer server."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda p: int(p.parts[-3]))
    found = str(places[-1]) if places else shutil.which(program)
    if found is None:
        raise LinliError(say("backup.no_program", program=program))
    return found
