"""Thirty hostile uploads against two real processes of the production server: does it go on answering?

Workbooks whose last cell is in the last corner, pictures of 49 megapixels in some kilobytes, XLSForms with
entities, PDFs that unpack without end, sent six at a time by residents and staff, while ``/health/live`` is
asked without a pause. A worker opens what was taken in; the measuring goes on until it is done.

    scripts/postgresql-for-tests .venv/bin/python benchmarks/hostile_uploads.py

Prints how each upload was answered, the p95 of ``/health/live`` (limit 1 s), and the most memory that all
processes together held (limit 1 GB); ends with 1 where a limit is broken or an upload was answered with 5xx.
Without DATABASE_URL it runs on SQLite. Everything in it is synthetic.
"""

import concurrent.futures
import datetime as dt
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

FOLDER = Path(tempfile.mkdtemp(prefix="linli-hostile-"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'linli.db'}")
os.environ |= {
    "LINLI_DATA": str(FOLDER),
    "LINLI_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "linli.web.settings",
    "LINLI_SECRET_KEY": "a key of the benchmark's own, made up",
}

import django

django.setup()

import requests
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from PIL import Image

from linli.web.foundation.accounts.models import Grant, Organisation, User
from linli.web.foundation.casework.models import Attachment, Case
from linli.web.foundation.places.models import Place
from platform_load import make_county, make_people

P95: Final = 1.0
MEMORY: Final = 1024**3
AT_ONCE: Final = 6
PROCESSES: Final = 2
PATIENCE: Final = 180.0
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
BUSY: Final = "正在读取其他文件"
"""What staff read who are refused for others' files."""
BIN: Final = Path(sys.executable).parent


@dataclass(frozen=True)
class Upload:
    """One file, who sends it, and where."""

    what: str
    who: str
    path: str
    name: str
    content: bytes = field(repr=False)
    field: str = "file"


def picture(form: str, width: int, height: int, **options: object) -> bytes:
    """A picture of one colour: a few kilobytes that stand for millions of pixels."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), (10, 90, 160)).save(kept, form, **options)
    return kept.getvalue()


def passes(many: int) -> bytes:
    """A progressive JPEG of 49 megapixels with one pass over and over again: 13 seconds for a decoder."""
    content = picture("JPEG", 7000, 7000, progressive=True, quality=50)
    starts = [at for at in range(len(content) - 1) if content[at : at + 2] == b"\xff\xda"]
    ends = [content.find(b"\xff\xc4", at) if at != starts[-1] else len(content) - 2 for at in starts]
    shortest = min((content[a:b] for a, b in zip(starts[1:], ends[1:], strict=True)), key=len)
    return content[:-2] + shortest * many + b"\xff\xd9"


def workbook(rows: str, *, sheet: str = "survey", parts: dict[str, str] | None = None) -> bytes:
    """A workbook written part by part."""
    kept = io.BytesIO()
    whole = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"字" * 30_000}</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        **(parts or {}),
    }
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return kept.getvalue()


def workbooks() -> dict[str, bytes]:
    """What a workbook can be that is meant ill, by what it does."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    one = '<row r="1"><c r="A1"><v>1</v></c></row>'
    text = "<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row>"
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 or chr(0)};" * 10}">'.replace("\0", "") for n in range(1, 9)
    )
    return {
        "a cell in the last corner": workbook(far),
        "one long text in 400,000 cells": workbook(text * 2000),
        "entities in entities": workbook(
            "", parts={"xl/worksheets/sheet1.xml": f"{entities}]><worksheet>&a8;</worksheet>"}
        ),
        "unpacks to 60 MB": workbook(one, parts={"xl/media/a.xml": "<a>" + " " * 60_000_000 + "</a>"}),
        "two million cells": workbook(
            "".join(f"<row>{'<c><v>1</v></c>' * 100}</row>" for _ in range(20_000))
        ),
        "nests without end": workbook("<a>" * 500_000),
    }


def pdf(*objects: bytes) -> bytes:
    """A PDF of some objects."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (i, o) for i, o in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def pdfs() -> dict[str, bytes]:
    """What a PDF can be that is meant ill."""
    bomb = zlib.compress(b" " * 200_000_000)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(bomb)
    return {
        "objects that unpack without end": pdf(b"<</Type/Catalog>>", head + bomb + b"\nendstream"),
        "a hundred thousand objects": pdf(*[b"<</A 1>>"] * 100_000),
        "lists in lists": pdf(b"<</Type/Catalog>>", b"[" * 200_000),
        "a script": pdf(b"<</Type/Catalog/OpenAction<</S/JavaScript/JS(1)>>>>"),
    }


def uploads(report: str, case: str) -> list[Upload]:
    """The thirty."""
    large = picture("WEBP", 7000, 7000, lossless=True)
    allowed = picture("WEBP", 4890, 4890, lossless=True)
    found = [Upload("WEBP of 49 megapixels", "", report, f"{n}.webp", large, "attachments") for n in range(5)]
    found.append(Upload("JPEG of 20,000 passes", "", report, "b.jpg", passes(20_000), "attachments"))
    found += [
        Upload("WEBP of 24 megapixels", "", report, f"{n}.webp", allowed, "attachments") for n in range(4)
    ]
    found.append(
        Upload("JPEG of 50 megapixels", "", report, "a.jpg", picture("JPEG", 8160, 6120), "attachments")
    )
    found.append(
        Upload("PNG of 49 megapixels", "", report, "a.png", picture("PNG", 7000, 7000), "attachments")
    )
    found += [
        Upload(f"PDF: {what}", "", report, "a.pdf", content, "attachments")
        for what, content in pdfs().items()
    ]
    found += [
        Upload(f"PDF: {what}", "officer", case, "a.pdf", content)
        for what, content in list(pdfs().items())[:2]
    ]
    found.append(Upload("WEBP of 24 megapixels", "officer", case, "a.webp", allowed))
    books = workbooks()
    pages = ("/premises/import/", "/incidents/units/import/", "/equipment/import/") * 2
    found += [
        Upload(f"workbook: {what}", "chief", page, "a.xlsx", content)
        for page, (what, content) in zip(pages, books.items(), strict=True)
    ]
    page = "/surveys/questionnaires/"
    found += [Upload(f"XLSForm: {what}", "planner", page, "a.xlsx", books[what]) for what in list(books)[:4]]
    bomb = workbook("", parts={"word/document.xml": "<a/>", "word/b.xml": "<a>" + " " * 9_000_000 + "</a>"})
    found.append(Upload("workbook: a far cell, attached", "officer", case, "a.xlsx", bomb))
    return found


class Sender:
    """Sends what residents and staff send, each with a session of their own."""

    def __init__(self, url: str, people: dict[str, User]) -> None:
        self.url = url
        self.refused: list[str] = []
        self.cookies: dict[str, str] = {}
        for name, user in people.items():
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            self.cookies[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def send(self, upload: Upload) -> int:
        """The status that the upload is answered with."""
        session = requests.Session()
        if upload.who:
            session.cookies.set(settings.SESSION_COOKIE_NAME, self.cookies[upload.who])
        page = session.get(self.url + upload.path, timeout=PATIENCE)
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2][:64]
        place = page.text.partition("<optgroup")[2].partition('value="')[2].partition('"')[0]
        answer = session.post(
            self.url + upload.path + ("attach/" if "/cases/" in upload.path else ""),
            data={
                "csrfmiddlewaretoken": token,
                "title": "测试",
                "place": place,
                "submission": os.urandom(8).hex(),
            },
            files={upload.field: (upload.name, upload.content)},
            headers={"Referer": self.url + upload.path},
            timeout=PATIENCE,
            allow_redirects=False,
        )
        if upload.who:
            told = answer.text
            if answer.is_redirect:
                told = session.get(urljoin(self.url, answer.headers["Location"]), timeout=PATIENCE).text
            self.refused += [upload.what] if BUSY in told else []
        return answer.status_code


@dataclass
class Watch:
    """Asks whether the server lives, and adds up the memory of its processes, until it is told to stop."""

    url: str
    roots: list[int]
    seconds: list[float] = field(default_factory=list)
    memory: int = 0
    heaviest: list[tuple[int, str]] = field(default_factory=list)
    failed: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """One question after the other."""
        while not self.stopped.is_set():
            begun = time.monotonic()
            try:
                self.failed += requests.get(f"{self.url}/health/live", timeout=60).status_code != 200
            except requests.RequestException:
                self.failed += 1
            self.seconds.append(time.monotonic() - begun)
            self.stopped.wait(0.05)

    def weigh(self) -> None:
        """Resident memory of the processes and of all that they started."""
        while not self.stopped.wait(0.05):
            sizes = [(_resident(one), _called(one)) for one in _family(self.roots)]
            if (total := sum(size for size, _ in sizes)) > self.memory:
                self.memory, self.heaviest = total, sorted(sizes, reverse=True)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch until the end of the block."""
        threads = [threading.Thread(target=one) for one in (self.ask, self.weigh)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stopped.set()
            for thread in threads:
                thread.join()

    def p95(self) -> float:
        """Seconds within which 95 of 100 questions were answered."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def _family(roots: list[int]) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    found = list(roots)
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _resident(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _called(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return "?"
    return next(
        (word for word in words if word.startswith("linli.")), Path(words[1] if len(words) > 1 else "?").name
    )


def served(port: int) -> list[subprocess.Popen[bytes]]:
    """Gunicorn with two processes and a worker, once they answer."""
    address = f"127.0.0.1:{port}"
    options = [
        "--worker-class",
        "sync",
        "--workers",
        str(PROCESSES),
        "--timeout",
        "60",
        "--log-level",
        "error",
    ]
    started = [
        subprocess.Popen([BIN / "gunicorn", "linli.web.wsgi:application", "--bind", address, *options]),
        subprocess.Popen([BIN / "linli", "worker"], stdout=subprocess.DEVNULL),
    ]
    for _ in range(300):
        try:
            if requests.get(f"http://{address}/health/live", timeout=5).status_code == 200:
                return started
        except requests.RequestException:
            time.sleep(0.2)
    raise SystemExit("gunicorn does not answer")


def prepared() -> tuple[dict[str, User], str]:
    """A county, three people, and a case of the officer's beat to attach files to."""
    call_command("migrate", verbosity=0)
    make_county()
    people = make_people()
    chief = Organisation.objects.filter(kind="station").order_by("code").first()
    Grant.objects.get_or_create(
        user=people["planner"], role="chief", organisation=chief, defaults={"starts": dt.date(2026, 1, 1)}
    )
    from linli.web.foundation.accounts.selectors import actor_of
    from linli.web.foundation.actions.action import perform
    from linli.web.foundation.casework.actions.opening import OpenCase

    at = dt.datetime.now(dt.UTC)
    place = Place.objects.order_by("pk").first()
    opening = OpenCase(
        kind="request", category="streetlight", title="路灯", place=place.code if place else ""
    )
    case: Case = perform(opening, actor_of(people["officer"], at), at)
    return people, case.number or ""


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def main() -> int:
    """Prepare, serve, send, measure; 1 where a limit is broken."""
    people, number = prepared()
    thirty = uploads("/residents/report/request-streetlight/", f"/cases/{number}/")
    port = free_port()
    processes = served(port)
    url = f"http://127.0.0.1:{port}"
    watch = Watch(url, [process.pid for process in processes])
    try:
        sender = Sender(url, people)
        begun = time.monotonic()
        with watch.watching(), concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(sender.send, thirty))
            sent = time.monotonic() - begun
            while Attachment.objects.filter(waiting=True).exists() and time.monotonic() - begun < PATIENCE:
                time.sleep(0.5)
            done = time.monotonic() - begun
    finally:
        for process in processes:
            process.terminate()
            process.wait(30)
        connections.close_all()
    staff = sum(bool(one.who) for one in thirty)
    print(f"of {staff} uploads of staff {len(sender.refused)} were told that other files are being read")
    return told(thirty, answers, watch, sent, done)


def told(thirty: list[Upload], answers: list[int], watch: Watch, sent: float, done: float) -> int:
    """Print what was found; 1 where a limit is broken."""
    for (what, status), count in sorted(Counter(zip([u.what for u in thirty], answers, strict=True)).items()):
        print(f"{count} × {status}  {what}")
    print(f"\n{len(thirty)} uploads answered in {sent:.1f} s, all opened or refused after {done:.1f} s")
    p95, worst = watch.p95(), max(watch.seconds)
    print(
        f"/health/live asked {len(watch.seconds)} times: p95 {p95:.3f} s, worst {worst:.3f} s, "
        f"limit {P95:.0f} s"
    )
    print(f"memory of all processes at most {watch.memory / 1024**2:.0f} MB, limit {MEMORY / 1024**2:.0f} MB")
    print("  " + ", ".join(f"{name} {size / 1024**2:.0f} MB" for size, name in watch.heaviest))
    left = Attachment.objects.filter(waiting=True).count()
    wrong = [status for status in answers if status >= 500 or status in (401, 403, 404)]
    print(
        f"not answered as they should be: {len(wrong)}; still waiting: {left}; health failed: {watch.failed}"
    )
    fine = p95 <= P95 and watch.memory <= MEMORY and not wrong and not left and not watch.failed
    print("within the limits" if fine else "A LIMIT IS BROKEN")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
