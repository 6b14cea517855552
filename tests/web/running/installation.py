"""An installation of its own for one test: a database, a data folder, and real processes that use them.

Processes cannot see pytest's test database, and a test that kills them must not leave traces in it.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from databases import Templates

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
LINLI = Path(sys.executable).parent / "linli"
QUICK_LEASE = "2"
PATIENCE = 60.0


@dataclass
class Installation:
    """A migrated database and a data folder."""

    folder: Path
    url: str
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LINLI_", "DJANGO_")) and name != "DATABASE_URL"
        }
        return {
            **inherited,
            "LINLI_DATA": str(self.folder),
            "DATABASE_URL": self.url,
            "LINLI_LEASE_SECONDS": QUICK_LEASE,
            "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "COLUMNS": "120",
            **self.settings,
        }

    def linli(self, *arguments: str, code: int = 0, **settings: str) -> str:
        """Run a command to its end and give what it printed."""
        done = subprocess.run(
            [LINLI, *arguments],
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def python(self, code: str) -> str:
        """Run Python with Django set up."""
        done = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", "-c", SETUP + code],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *command: str, log: str = "process", **settings: str) -> subprocess.Popen[str]:
        """Start a process that goes on; what it says is kept in a file."""
        with (self.folder / f"{log}.log").open("a") as said:
            process = subprocess.Popen(
                command,
                env={**self.environment, **settings},
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_python(self, code: str, **settings: str) -> subprocess.Popen[str]:
        return self.start(sys.executable, "-c", SETUP + code, **settings)

    def start_worker(self) -> subprocess.Popen[str]:
        return self.start(str(LINLI), "worker", log="worker")

    def serve(self, *arguments: str, port: int = 0, **settings: str) -> "Server":
        """Start ``linli serve`` and wait until it answers."""
        log = self.folder / "serve.log"
        before = log.read_text().count("http://") if log.exists() else 0
        process = self.start(
            str(LINLI),
            "--language",
            "en",
            "serve",
            "--port",
            str(port),
            *arguments,
            log="serve",
            **settings,
        )

        def address() -> str | None:
            assert process.poll() is None, log.read_text()
            found = re.findall(r"http://[^\s/]+", log.read_text())
            return found[-1] if len(found) > before else None

        url = until(address)
        until(lambda: answers(f"{url}/health/live"))
        return Server(process, url)

    def said(self, log: str) -> str:
        return (self.folder / f"{log}.log").read_text()

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query, over a connection that no process of the platform knows."""
        with self.connection() as connection:
            return [tuple(row) for row in connection.execute(self._marks(sql), values).fetchall()]

    def tell(self, sql: str, *values: object) -> None:
        with self.connection() as connection:
            connection.execute(self._marks(sql), values)
            connection.commit()

    def _marks(self, sql: str) -> str:
        return sql if self.is_sqlite else sql.replace("?", "%s")

    def one(self, sql: str, *values: object) -> Any:
        return self.ask(sql, *values)[0][0]

    @contextlib.contextmanager
    def connection(self) -> Iterator[Any]:
        if self.is_sqlite:
            with contextlib.closing(
                sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)
            ) as connection:
                yield connection
        else:
            with psycopg.connect(self.url) as connection:
                yield connection

    def end(self) -> None:
        """Kill whatever is still there."""
        for process in self.processes:
            kill(process)


@dataclass
class Server:
    """A running ``linli serve``."""

    process: subprocess.Popen[str]
    url: str


SETUP = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
import django
django.setup()
"""


def kill(process: subprocess.Popen[str]) -> None:
    """``kill -9``, with all its children."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(question: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """The first answer that is something; fails when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, f"nothing after {seconds} s"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of our own
            return response.status == 200
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


STAFF = """
import datetime as dt
from linli.web.demonstration.cast import make_cast, stage_of
from linli.web.foundation.places.models import Deployment
cast = make_cast(stage_of(Deployment.objects.get()), dt.date(2026, 1, 1), password=None)
for name in ("minjing", "fujing"):
    cast[name].set_password("{password}")
    cast[name].save()
"""
PASSWORD = "correct horse battery staple"  # noqa: S105 - of made-up accounts


class Kitchen:
    """Makes installations from dishes cooked once: ``bare``, a ``county``, with ``staff``, the ``demo``."""

    def __init__(self, folder: Path, templates: Templates, plan: Path) -> None:
        self.folder, self.templates, self.plan = folder, templates, plan
        self.base_url = templates.url
        self.count = 0
        self.folder.mkdir(exist_ok=True)

    def _cook(self, dish: str) -> Installation:
        match dish:
            case "county":
                made = self._copied(self.dish("bare"), dish)
                made.linli("platform", "init", "--deployment", str(self.plan))
            case "staff":
                made = self._copied(self.dish("county"), dish)
                made.python(STAFF.format(password=PASSWORD))
            case "demo":
                made = self._copied(self.dish("bare"), dish)
                arguments = ("serve", "--demo", str(self.plan), "--load-only")
                (made.folder / "loading.log").write_text(made.linli("--language", "en", *arguments))
            case _:
                made = self._fresh(dish, "" if not self.base_url else self.templates.database())
                if made.is_sqlite:
                    self.templates.copy_file(made.folder / "linli.db")
                # It finds everything in place, and makes the key.
                made.linli("platform", "migrate")
        return made

    def dish(self, name: str) -> Installation:
        """Cooked once for all processes of a test run: whoever comes first cooks, the others wait."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            note = self.folder / f"{name}.json"
            if not note.exists():
                made = self._cook(name)
                note.write_text(json.dumps([str(made.folder), made.url]))
            folder, url = json.loads(note.read_text())
            return Installation(Path(folder), url)

    def make(self, dish: str = "bare") -> Installation:
        """An installation of one's own."""
        self.count += 1
        return self._copied(self.dish(dish), f"{os.getpid()}_{self.count}")

    def _copied(self, source: Installation, name: str) -> Installation:
        made = self._fresh(name, urlsplit(source.url).path.removeprefix("/"))
        shutil.copy(source.folder / "secret.key", made.folder / "secret.key")
        for more in ("linli.db", "loading.log"):
            if (source.folder / more).exists():
                shutil.copy(source.folder / more, made.folder / more)
        if (source.folder / "files").exists():
            shutil.copytree(source.folder / "files", made.folder / "files")
        return made

    def _fresh(self, name: str, template: str) -> Installation:
        folder = self.folder / name
        folder.mkdir()
        if not self.base_url:
            return Installation(folder, f"sqlite:///{folder / 'linli.db'}")
        # The folder is a new one in each run and the same for its processes.
        database = f"linli_{zlib.crc32(str(self.folder).encode()):08x}_{name}"
        self._administer(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return Installation(folder, urlunsplit(urlsplit(self.base_url)._replace(path=f"/{database}")))

    def throw_away(self, installation: Installation) -> None:
        installation.end()
        if not installation.is_sqlite:
            name = urlsplit(installation.url).path.removeprefix("/")
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(installation.folder, ignore_errors=True)

    def close(self) -> None:
        """Throw the dishes away; under xdist other processes may still eat, and the server goes with them."""
        if "PYTEST_XDIST_WORKER" not in os.environ:
            for note in self.folder.glob("*.json"):
                self.throw_away(self.dish(note.stem))

    def _administer(self, sql: str) -> None:
        with psycopg.connect(self.base_url, autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[arg-type]
