"""The platform with a million cases and 200 posts on PostgreSQL, against raw SQL on the same tables.

    DATABASE_URL=postgresql://… .venv/bin/python benchmarks/platform.py              1,000,000 cases
    DATABASE_URL=postgresql://… .venv/bin/python benchmarks/platform.py 100000       fewer

The database must be empty: the benchmark migrates it and fills it with synthetic cases. Pages are asked
of gunicorn over HTTP by one user and by 16 at the same time, as a planner who sees the whole county and as
a chief and an officer who see a part. "SQL" is the time that the page's heaviest query takes alone on the
same tables with the rows fetched: the limit that no page can beat. Exit code 1 where a limit of the issue
is broken: p95 ≤ 200 ms for one user, ≤ 500 ms for 16, ≥ 100 cases/s.
"""

import http.client
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
os.environ["LINLI_DEMO"] = "1"
os.environ["LINLI_ACCOUNT_REQUESTS"] = "1000000"
os.environ.setdefault("LINLI_SECRET_KEY", "benchmark-" + "x" * 50)

import django

django.setup()

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from linli.web.foundation.accounts.models import Organisation, User
from linli.web.foundation.casework.models import Case
from platform_load import load_cases, make_county, make_people

ONE, MANY, INTAKE = 0.200, 0.500, 100.0
USERS: Final = 16
WORKERS = 4
"""Processes of one thread each, as the running guide has them: threads of one Python wait for each other."""


class Browser:
    """One signed-in user over one kept connection."""

    def __init__(self, port: int, user: User) -> None:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.session = client.cookies["sessionid"].value
        self.csrf = ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of one request."""
        cookies = f"sessionid={self.session}" + (f"; csrftoken={self.csrf}" if self.csrf else "")
        headers = {"Cookie": cookies, "Accept-Language": "zh-CN"}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": self.csrf})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, url, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if found := re.match(r"csrftoken=([^;]+)", cookie):
                self.csrf = found.group(1)
        return answer.status, content


def pages() -> dict[str, Callable[[str], str]]:
    """The pages that are asked for, by name, as a function of the user who asks."""
    first = Organisation.objects.filter(kind="post").order_by("code")[0].codes[0]
    numbers = itertools.cycle(
        Case.objects.filter(beat_code=first, case_type="request")
        .order_by("-id")
        .values_list("number", flat=True)[:200]
    )
    return {
        "home": lambda _: "/",
        "its cards": lambda _: "/home/cards/",
        "list": lambda _: "/cases/",
        "page 2": lambda _: "/cases/?after=1793000000.000000_1",
        "filter": lambda _: "/cases/?kind=request&status=open",
        "category": lambda _: "/cases/?kind=request&category=noise&from=2026-03-01&until=2026-06-01",
        "late": lambda _: "/cases/?status=late&order=due",
        "map": lambda _: "/cases/map.geojson?status=open",
        "search": lambda _: "/search/?q=" + urllib.parse.quote("幸福路88号"),
        "detail": lambda _: f"/cases/{next(numbers)}/",
    }


def sql_of(name: str, user: User) -> float:
    """Seconds that the heaviest query of a page takes alone, as PostgreSQL runs it with the rows fetched."""
    queries: list[tuple[float, str, object]] = []

    def keep(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            queries.append((time.perf_counter() - begun, sql, params))

    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "zh-CN"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with connection.execute_wrapper(keep):
        client.get(pages()[name](user.username))
    _, sql, params = max(queries)
    times = []
    with connection.cursor() as cursor:
        for _ in range(15):
            begun = time.perf_counter()
            cursor.execute(sql, params)
            cursor.fetchall()
            times.append(time.perf_counter() - begun)
    return percentile(times, 0.95)


def percentile(times: list[float], share: float) -> float:
    """The smallest time that at least ``share`` of them do not exceed."""
    return sorted(times)[max(0, -(-int(len(times) * share * 1000) // 1000) - 1)]


def timed(browser: Browser, url: str) -> float:
    """Seconds for one page; anything but 200 is a fault."""
    begun = time.perf_counter()
    status, _ = browser.ask("GET", url)
    if status != 200:
        raise SystemExit(f"{url}: {status}")
    return time.perf_counter() - begun


def together(port: int, user: User, make: Callable[[str], str], each: int) -> list[float]:
    """Times of a page that 16 users ask for at the same time."""
    times: list[float] = []
    browsers = [Browser(port, user) for _ in range(USERS)]

    def work(browser: Browser) -> None:
        times.extend(timed(browser, make(user.username)) for _ in range(each))

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def measure_pages(port: int, people: dict[str, User]) -> bool:
    """Print the table of pages; true where every limit holds."""
    print(
        f"{'page':<10}{'user':<9}{'SQL p95':>9}{'1: p50':>9}{'p95':>8}{'16: p50':>9}{'p95':>8}   milliseconds"
    )
    kept = True
    for name, make in pages().items():
        for who in ("planner", "chief", "officer"):
            user = people[who]
            browser = Browser(port, user)
            for _ in range(8):
                timed(browser, make(who))
            alone = [timed(browser, make(who)) for _ in range(60)]
            # Asked once by all before, so that every process has answered it before it is timed.
            together(port, user, make, 2)
            crowd = together(port, user, make, 12)
            row = [
                sql_of(name, user),
                statistics.median(alone),
                percentile(alone, 0.95),
                statistics.median(crowd),
                percentile(crowd, 0.95),
            ]
            fine = row[2] <= ONE and row[4] <= MANY
            kept &= fine
            cells = "".join(
                f"{1000 * value:>{width}.1f}" for value, width in zip(row, (9, 9, 8, 9, 8), strict=True)
            )
            print(f"{name:<10}{who:<9}{cells}   {'' if fine else 'TOO SLOW'}", flush=True)
    return kept


def measure_intake(port: int, user: User, seconds: float = 15.0) -> bool:
    """Cases a second that 16 users open through the form, against plain INSERTs of the same rows."""
    place, run = "370000000000" + "0000", int(time.time())
    until = time.monotonic() + seconds
    done: list[float] = []

    def work(n: int) -> None:
        browser = Browser(port, user)
        browser.ask("GET", "/cases/open/request/")
        serial = 0
        while time.monotonic() < until:
            serial += 1
            form = {
                "category": "streetlight",
                "title": f"路灯不亮 {n}-{serial}",
                "place": place,
                "longitude": f"{117 + n / 1000:.5f}",
                "latitude": "34.001",
                "data-reporter_name": "合成",
                "data-reporter_phone": "13800001234",
                "submission": f"{run}-{n}-{serial}",
            }
            begun = time.perf_counter()
            status, _ = browser.ask("POST", "/cases/open/request/", form)
            if status != 302:
                raise SystemExit(f"intake: {status}")
            done.append(time.perf_counter() - begun)

    before = Case.objects.count()
    begun = time.monotonic()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(done) / (time.monotonic() - begun)
    kept = Case.objects.count() - before
    print(
        f"\nintake by form, {USERS} users: {rate:.0f} cases/s, p95 {1000 * percentile(done, 0.95):.0f} ms, "
        f"{len(done)} sent, {kept} kept; plain INSERTs over one connection: {raw_inserts():.0f} cases/s"
    )
    return rate >= INTAKE and kept == len(done)


def raw_inserts(seconds: float = 5.0) -> float:
    """Cases a second by plain INSERTs of a case and its event, each committed, over one connection."""
    columns = [
        f.column for f in Case._meta.concrete_fields if f.column not in ("id", "number", "tracking_hash")
    ]
    named = ", ".join(f'"{column}"' for column in columns)
    begun, count, until = time.time(), 0, time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            count += 1
            cursor.execute("BEGIN")
            cursor.execute(
                f"INSERT INTO casework_case (number, tracking_hash, {named}) SELECT %s, %s, {named} "
                "FROM casework_case WHERE id = 1 RETURNING id",
                (f"RAW-{begun:.0f}-{count}", f"R{count:07d}{begun % 100000:.0f}"),
            )
            pk = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO casework_event (case_id, sequence, kind, at, actor_name, text, detail, public) "
                "VALUES (%s, 1, 'opened', now(), '', '', '{}', true)",
                (pk,),
            )
            cursor.execute("COMMIT")
    return count / seconds


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def served(port: int) -> subprocess.Popen[bytes]:
    """Gunicorn, once it answers."""
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    process = subprocess.Popen(
        [
            gunicorn,
            "linli.web.wsgi",
            "-b",
            f"127.0.0.1:{port}",
            "-w",
            str(WORKERS),
            "--log-level",
            "error",
        ],
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return process
    raise SystemExit("gunicorn does not answer")


def main(count: int) -> int:
    """Fill, serve, measure; 1 where a limit is broken."""
    call_command("migrate", verbosity=0)
    if not Case.objects.exists():
        print(f"filling {connection.settings_dict['NAME']} with {count:,} synthetic cases …", flush=True)
        begun = time.monotonic()
        version = make_county()
        load_cases(version, count, seed=1)
        print(f"… {time.monotonic() - begun:.0f} s", flush=True)
    people = make_people()
    port = free_port()
    server = served(port)
    try:
        fine = measure_pages(port, people)
        fine &= measure_intake(port, people["desk"])
    finally:
        server.terminate()
        server.wait(10)
        connections.close_all()
    return 0 if fine else 1
