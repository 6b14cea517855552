"""Databases copied from a template: migrations run once for each state of the models, not in each process.

The template is made by the real migrations and kept in pytest's cache under a name that is a hash of
everything that could change it. For PostgreSQL a dump is kept, since the servers of tests are thrown away.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

__all__ = ["Templates", "state_of_the_models"]

ROOT = Path(__file__).parents[1]
WHAT_COUNTS = (
    "src/linli/web/**/migrations/*.py",
    "src/linli/web/**/models*.py",
    "src/linli/web/**/models/*.py",
)
MORE = ("src/linli/web/settings/__init__.py", "requirements/test.lock")
LOCK = 7_226_117


def state_of_the_models() -> str:
    """A name for what migrations make: it changes with them, the models, the settings and the libraries."""
    digest = hashlib.sha256(django.get_version().encode())
    files = {file for pattern in WHAT_COUNTS for file in ROOT.glob(pattern)} | {ROOT / one for one in MORE}
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


class Templates:
    """Where the empty, migrated database is kept, and how to get a copy of it.

    Parameters
    ----------
    folder
        Where files are kept between runs.
    url
        A PostgreSQL database on whose server the copies are made; "" for SQLite.
    migrate
        Migrates a database, given by its file (SQLite) or its name (PostgreSQL).
    """

    def __init__(self, folder: Path, url: str, migrate: Callable[[str], None]) -> None:
        self.folder, self.url, self.migrate = folder, url, migrate
        self.state = state_of_the_models()
        self.folder.mkdir(parents=True, exist_ok=True)

    def file(self) -> Path:
        """The template of SQLite."""
        made = self.folder / f"{self.state}.db"
        with self._alone():
            if not made.exists():
                self._forget("*.db")
                fresh = made.with_suffix(".part")
                fresh.unlink(missing_ok=True)
                self.migrate(str(fresh))
                fresh.rename(made)
        return made

    def copy_file(self, to: Path) -> None:
        """Put a migrated SQLite database where none is yet."""
        shutil.copyfile(self.file(), to)

    def database(self) -> str:
        """The name of the template on the server of PostgreSQL."""
        name = f"linli_template_{self.state}"
        with closing(psycopg.connect(self.url, autocommit=True)) as server:
            # The lock goes with the connection, whatever happens to this process.
            server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                fresh = f"{name}_part"
                server.execute(f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)')  # type: ignore[arg-type]
                server.execute(f'CREATE DATABASE "{fresh}" TEMPLATE template0')  # type: ignore[arg-type]
                self._fill(fresh)
                server.execute(f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')  # type: ignore[arg-type]
        return name

    def copy_database(self, to: str) -> None:
        """Make a migrated database of this name on the server, in place of one that may be there."""
        source = self.database()
        with closing(psycopg.connect(self.url, autocommit=True)) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')  # type: ignore[arg-type]
            server.execute(f'CREATE DATABASE "{to}" TEMPLATE "{source}"')  # type: ignore[arg-type]

    def drop_database(self, name: str) -> None:
        """Drop it although a page that a browser has not let go of may keep its thread and connection."""
        with closing(psycopg.connect(self.url, autocommit=True)) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]

    def _fill(self, name: str) -> None:
        dump = self.folder / f"{self.state}.sql"
        address = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
        with self._alone():
            if dump.exists() and shutil.which("psql"):
                self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(dump), address)
                return
            self.migrate(name)
            if shutil.which("pg_dump"):
                self._forget("*.sql")
                fresh = dump.with_suffix(".part.sql")
                self._run("pg_dump", "-f", str(fresh), address)
                fresh.rename(dump)

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def _forget(self, pattern: str) -> None:
        for old in self.folder.glob(pattern):
            old.unlink()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / f"lock.{os.getuid()}").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
