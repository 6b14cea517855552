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
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

import linli
from standing import KINDS, Kind

__all__ = ["Databases", "Templates", "state_of_the_models"]

PACKAGE = Path(linli.__file__).parent
WHAT_COUNTS = (
    "web/**/migrations/*.py",
    "web/**/models*.py",
    "web/**/models/*.py",
    "web/settings/__init__.py",
)
LIBRARIES = Path(__file__).parents[1] / "requirements/test.lock"
LOCK = 7_226_117


def state_of_the_models() -> str:
    """A name for what migrations make: it changes with them, the models, the settings and the libraries."""
    digest = hashlib.sha256(django.get_version().encode())
    for file in sorted({file for pattern in WHAT_COUNTS for file in PACKAGE.glob(pattern)}):
        digest.update(f"{file.relative_to(PACKAGE)}\n".encode() + file.read_bytes())
    digest.update(LIBRARIES.read_bytes())
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

    def copy_database(self, to: str, source: str = "") -> None:
        """Make a copy of the template, or of ``source``, on the server in place of an old one."""
        source = source or self.database()
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


class Databases:
    """The databases of one process: of each kind one that tests leave as it was, and copies to spoil.

    Parameters
    ----------
    templates
        Where the first copy comes from.
    folder
        For the files of SQLite; it is thrown away with everything in it.
    process
        A name for this process among those that use the same server.
    use
        Makes the process work on a database, given by its file or name.
    around
        Given a folder for files, sets up what a kind is made in.
    """

    def __init__(
        self,
        templates: Templates,
        folder: Path,
        process: str,
        *,
        use: Callable[[str], None],
        around: Callable[[Path], AbstractContextManager[None]],
    ) -> None:
        self.templates, self.folder, self.process = templates, folder, process
        self.use, self.around = use, around
        self.current = ""
        self.standing: dict[str, str] = {}
        self.spoilt = 0

    def take(self, kind: str, *, spoil: bool = False) -> Path:
        """Work on the standing database of a kind, or on a new copy of it which may be spoilt.

        Gives the folder of the files that belong to it, which is there if there are any.
        """
        wanted = self._standing(kind)
        if spoil:
            self._drop(f"spoilt{self.spoilt}")
            self.spoilt += 1
            wanted = self._copy(f"spoilt{self.spoilt}", wanted)
        self._work_on(wanted)
        return self._files(kind)

    def close(self) -> None:
        """Throw away what is on a server."""
        self.use("")
        for name in (*(kind or "empty" for kind in self.standing), f"spoilt{self.spoilt}"):
            self._drop(name)

    def _standing(self, kind: str) -> str:
        if kind not in self.standing:
            self.standing[kind] = self._made(KINDS[kind]) if kind else self._copy("empty", "")
        return self.standing[kind]

    def _made(self, kind: Kind) -> str:
        made = self._copy(kind.name, self._standing(kind.grows_from))
        if self._files(kind.grows_from).exists():
            shutil.copytree(self._files(kind.grows_from), self._files(kind.name))
        self._work_on(made)
        with self.around(self._files(kind.name)):
            kind.fill()
        return made

    def _files(self, kind: str) -> Path:
        return self.folder / f"{kind or 'empty'}.files"

    def _work_on(self, name: str) -> None:
        if name != self.current:
            self.use(name)
            self.current = name

    def _copy(self, name: str, source: str) -> str:
        # What is copied is in nobody's use: PostgreSQL refuses otherwise, SQLite may have written half.
        self.use("")
        self.current = ""
        if self.templates.url:
            self.templates.copy_database(self._name(name), source)
            return self._name(name)
        file = self.folder / f"{name}.db"
        shutil.copyfile(source or self.templates.file(), file)
        return str(file)

    def _drop(self, name: str) -> None:
        if self.templates.url:
            self.templates.drop_database(self._name(name))
        else:
            for file in self.folder.glob(f"{name}.db*"):
                file.unlink()

    def _name(self, name: str) -> str:
        return f"test_linli_{self.process}_{name}"
