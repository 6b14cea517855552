"""Killed, cut off, full: whoever works is told, sends the form again, and it is done once."""

import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from web.running.installation import Installation, Kitchen, Server, free_port, kill, until
from web.running.visitor import Visitor

PEOPLE = 4
CASES_EACH = 12
NAMES = ("minjing", "fujing")


@pytest.fixture
def people(staffed: Installation) -> tuple[Server, list[Visitor]]:
    server = staffed.serve(port=free_port())
    return server, [Visitor(server.url, NAMES[number % 2]) for number in range(PEOPLE)]


def work(people: list[Visitor], tokens: list[str]) -> list[str]:
    """Everybody opens cases at the same time; where each landed."""

    def shift(number: int) -> list[str]:
        visitor = people[number]
        return [visitor.insist(f"{number}-{count}", tokens[number]) for count in range(CASES_EACH)]

    with ThreadPoolExecutor(len(people)) as pool:
        return [place for places in pool.map(shift, range(len(people))) for place in places]


def nothing_lost_nothing_doubled(installation: Installation) -> None:
    titles = sorted(row[0] for row in installation.ask("SELECT title FROM casework_case"))
    assert titles == sorted(f"{person}-{count}" for person in range(PEOPLE) for count in range(CASES_EACH))
    assert installation.one("SELECT COUNT(*) FROM casework_event WHERE kind = 'opened'") == len(titles)
    opened = installation.one("SELECT COUNT(*) FROM audit_entry WHERE action = 'case.open'")
    assert opened == len(titles)
    installation.linli("audit", "verify")


def meanwhile(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_a_server_killed_under_load_loses_nothing_and_doubles_nothing(
    staffed: Installation, people: tuple[Server, list[Visitor]]
) -> None:
    server, visitors = people
    tokens = [visitor.token("/cases/open/request/") for visitor in visitors]

    def murder() -> None:
        current = server.process
        for _ in range(3):
            time.sleep(0.7)
            kill(current)
            current = staffed.serve(port=int(server.url.rpartition(":")[2])).process

    murderer = meanwhile(murder)
    work(visitors, tokens)
    murderer.join()
    nothing_lost_nothing_doubled(staffed)


class TestLostDatabase:
    @pytest.fixture(autouse=True)
    def _only_where_there_is_a_server(self, staffed: Installation) -> None:
        if staffed.is_sqlite:
            pytest.skip("SQLite has no connection to lose")

    @pytest.fixture
    def database(self, staffed: Installation) -> Iterator[psycopg.Connection]:
        """A connection to the server that is not one to the platform's database."""
        with psycopg.connect(staffed.url.rpartition("/")[0] + "/template1", autocommit=True) as connection:
            yield connection

    def cut(self, database: psycopg.Connection, name: str) -> None:
        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def test_cut_connections_lose_nothing_and_double_nothing(
        self, staffed: Installation, people: tuple[Server, list[Visitor]], database: psycopg.Connection
    ) -> None:
        _, visitors = people
        tokens = [visitor.token("/cases/open/request/") for visitor in visitors]
        name, done = urlsplit(staffed.url).path.removeprefix("/"), threading.Event()

        def cutting() -> None:
            while not done.wait(0.4):
                self.cut(database, name)

        scissors = meanwhile(cutting)
        work(visitors, tokens)
        done.set()
        scissors.join()
        nothing_lost_nothing_doubled(staffed)

    def test_a_database_that_is_away_is_said_and_waited_for(
        self, staffed: Installation, people: tuple[Server, list[Visitor]], database: psycopg.Connection
    ) -> None:
        server, (visitor, *_) = people
        token, name = visitor.token("/cases/open/request/"), urlsplit(staffed.url).path.removeprefix("/")
        database.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[arg-type]
        self.cut(database, name)
        submission = uuid.uuid4().hex
        answer = visitor.open_case("away", submission, token)
        assert answer.status_code == 503
        assert "The database cannot be reached, so nothing was saved" in answer.text
        assert answer.headers["Retry-After"] == "10"
        health = visitor.read("/health/ready")
        assert (health.status_code, health.json()["database"]) == (503, False)
        assert visitor.read("/health/live").status_code == 200
        assert "linli_database_up 0" in visitor.read("/metrics").text
        database.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[arg-type]
        assert visitor.open_case("away", submission, token).status_code == 302
        until(lambda: visitor.read("/health/worker").status_code == 200)
        assert server.process.poll() is None


def limit(server: Server, size: int) -> None:
    """Let the process write no file beyond a size: what a full disk does, without filling one."""
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class TestFullDisk:
    def test_an_attached_file_is_refused_and_can_be_sent_again(
        self, staffed: Installation, people: tuple[Server, list[Visitor]]
    ) -> None:
        if staffed.is_sqlite:
            pytest.skip("the limit would hold for SQLite's own files too; the next test has them")
        server, (visitor, *_) = people
        visitor.open_case("attach", uuid.uuid4().hex, visitor.token("/cases/open/request/"))
        number = staffed.one("SELECT number FROM casework_case")
        page = f"/cases/{number}/"
        token, submission = visitor.token(page), uuid.uuid4().hex
        files = {"file": ("note.txt", b"lamp " * 80_000)}
        limit(server, 300_000)
        answer = visitor.send(f"{page}attach/", {"submission": submission}, token=token, files=files)
        assert answer.status_code == 503
        assert "disk is full, so nothing was saved" in answer.text
        assert staffed.one("SELECT COUNT(*) FROM casework_attachment") == 0
        assert [path for path in (staffed.folder / "files").rglob("*") if path.is_file()] == []
        limit(server, resource.RLIM_INFINITY)
        answer = visitor.send(f"{page}attach/", {"submission": submission}, token=token, files=files)
        assert answer.status_code == 302
        assert staffed.one("SELECT COUNT(*) FROM casework_attachment") == 1

    def test_a_database_file_that_cannot_grow_is_said_and_nothing_is_half_written(
        self, staffed: Installation, people: tuple[Server, list[Visitor]]
    ) -> None:
        if not staffed.is_sqlite:
            pytest.skip("PostgreSQL writes its own files; the next test fills its disk")
        server, (visitor, *_) = people
        token, submission = visitor.token("/cases/open/request/"), uuid.uuid4().hex
        limit(server, 4096)
        answer = visitor.open_case("full", submission, token)
        assert answer.status_code == 503
        assert "disk is full, so nothing was saved" in answer.text
        assert staffed.one("SELECT COUNT(*) FROM casework_case") == 0
        limit(server, resource.RLIM_INFINITY)
        assert visitor.open_case("full", submission, token).status_code == 302
        assert staffed.one("SELECT COUNT(*) FROM casework_case") == 1
        staffed.linli("audit", "verify")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_disk_that_is_really_full(self, kitchen: Kitchen) -> None:
        """The database lives on a disk of some megabytes, and something else fills it up."""
        with small_disk(megabytes=48) as disk, living_on(kitchen, disk) as there:
            server = there.serve()
            visitor = Visitor(server.url, "minjing")
            token, submission = visitor.token("/cases/open/request/"), uuid.uuid4().hex
            fill_up(disk)
            answers = list(until_refused(visitor, submission, token))
            refused = [number for number, answer in enumerate(answers) if answer.status_code != 302]
            assert {answers[number].status_code for number in refused} == {503}
            assert "disk is full, so nothing was saved" in answers[refused[0]].text
            assert there.one("SELECT COUNT(*) FROM casework_case") == len(answers) - len(refused)
            (disk / "filler").unlink()
            for number in refused:
                again = visitor.open_case(f"full {number}", f"{submission}-{number}", token)
                assert again.status_code == 302
            assert there.one("SELECT COUNT(*) FROM casework_case") == len(answers)
            there.linli("audit", "verify")


def until_refused(visitor: Visitor, submission: str, token: str) -> Iterator[requests.Response]:
    """Answers, until three were refused."""
    refused = 0
    for number in range(1000):
        answer = visitor.open_case(f"full {number}", f"{submission}-{number}", token)
        refused += answer.status_code != 302
        yield answer
        if refused == 3:
            return
    raise AssertionError("the disk was never full")


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[Path]:
    # Not below pytest's own folder, where PostgreSQL's account may not look.
    folder = Path(tempfile.mkdtemp(prefix="linli-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def living_on(kitchen: Kitchen, disk: Path) -> Iterator[Installation]:
    """An installation whose database is on that disk: SQLite's file, or a tablespace of PostgreSQL's."""
    made = kitchen.make("staff")
    space = f"small_{os.getpid()}"
    if made.is_sqlite:
        shutil.move(made.folder / "linli.db", disk / "linli.db")
        made.url = f"sqlite:///{disk / 'linli.db'}"
    else:
        with psycopg.connect(kitchen.base_url, autocommit=True) as connection:
            owner = Path(connection.execute("SHOW data_directory").fetchone()[0]).stat()  # type: ignore[index]
            os.chown(disk, owner.st_uid, owner.st_gid)
            connection.execute(f"CREATE TABLESPACE {space} LOCATION '{disk}'")  # type: ignore[arg-type]
            name = urlsplit(made.url).path.removeprefix("/")
            connection.execute(f'ALTER DATABASE "{name}" SET TABLESPACE {space}')  # type: ignore[arg-type]
    try:
        yield made
    finally:
        sqlite = made.is_sqlite
        kitchen.throw_away(made)
        if not sqlite:
            with psycopg.connect(kitchen.base_url, autocommit=True) as connection:
                connection.execute(f"DROP TABLESPACE {space}")  # type: ignore[arg-type]


def fill_up(disk: Path) -> None:
    """Leave almost no room."""
    with suppress(OSError), (disk / "filler").open("wb") as file:
        while True:
            file.write(bytes(65536))
            file.flush()
