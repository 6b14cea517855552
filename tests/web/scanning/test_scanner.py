"""A virus scanner is asked, and what it does not clear is not kept."""

import re
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import linli.web
from linli.kernel.errors import LinliError
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.cleaning import run_cleaning
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.scanning import scanner
from linli.web.foundation.scanning.scanner import refuse_infected

pytestmark = pytest.mark.any_database

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """A server that speaks clamd's INSTREAM on loopback and knows one virus."""

    def __init__(self, *, answer: bytes | None = None) -> None:
        self.seen: list[bytes] = []
        self.answer = answer
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as given:
                assert given.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", given.read(4))[0]:
                    content += given.read(size)
                self.seen.append(content)
                found = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
                line.sendall((self.answer if self.answer is not None else found) + b"\0")

    def close(self) -> None:
        self.door.close()


@pytest.fixture
def clamd(settings) -> Iterator[Clamd]:
    server = Clamd()
    settings.SCANNER = server.address
    yield server
    server.close()


def test_a_clean_file_passes_whole_in_pieces(clamd, monkeypatch) -> None:
    monkeypatch.setattr(scanner, "PIECE", 7)
    refuse_infected(b"twenty bytes of tea..")
    assert clamd.seen == [b"twenty bytes of tea.."]


def test_a_virus_is_refused(clamd) -> None:
    with pytest.raises(LinliError, match="malicious"):
        refuse_infected(b"before " + EICAR)


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR", b"OKAY", b"\xff\xfe"])
def test_an_answer_that_clears_nothing_is_a_refusal(answer, settings) -> None:
    server = Clamd(answer=answer)
    settings.SCANNER = server.address
    with pytest.raises(LinliError, match="does not answer"):
        refuse_infected(b"tea")
    server.close()


def test_a_scanner_that_is_away_is_no_free_pass(settings, tmp_path: Path) -> None:
    settings.SCANNER = str(tmp_path / "clamd.ctl")
    with pytest.raises(LinliError, match="does not answer"):
        refuse_infected(b"tea")


def test_a_socket_in_a_file_is_asked_too(settings, tmp_path: Path) -> None:
    settings.SCANNER = str(tmp_path / "clamd.ctl")
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(settings.SCANNER)
    door.listen(1)

    def serve() -> None:
        line, _ = door.accept()
        with line, line.makefile("rb") as given:
            given.read(10)
            while size := struct.unpack("!L", given.read(4))[0]:
                given.read(size)
            line.sendall(b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    refuse_infected(b"tea")
    thread.join()
    door.close()


def test_without_a_scanner_nothing_is_asked(settings) -> None:
    settings.SCANNER = ""
    refuse_infected(EICAR)


# Guard 9
def test_every_file_that_people_send_is_shown_to_the_scanner_before_it_is_opened() -> None:
    """Whoever cleans a file in the platform does it through the scanner."""
    web = Path(linli.web.__path__[0])
    direct = re.compile(r"from linli\.privacy\.files import (?:\([^)]*|[^\n]*)\b(inspect_file|clean_file)\b")
    found = [str(p.relative_to(web)) for p in web.rglob("*.py") if direct.search(p.read_text("utf-8"))]
    assert sorted(found) == ["foundation/casework/actions/attaching.py", "foundation/scanning/scanner.py"]


# Guard 9
def test_a_file_that_the_scanner_finds_is_not_kept_with_a_case(clamd, cast, stage, actor, now) -> None:
    case = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code), SYSTEM, now
    )
    with pytest.raises(LinliError, match="malicious"):
        perform(Attach(case_id=case.pk, file_name="x.txt", content=EICAR), actor("minjing"), now)
    assert not case.attachments.exists()


# Guard 9
@pytest.mark.parametrize(("content", "kept"), [(b"tea", True), (EICAR, False)])
def test_a_strangers_file_waits_for_the_scanner_and_then_stays_or_goes(
    content, kept, settings, cast, stage, now
) -> None:
    settings.SCANNER = "127.0.0.1:1"
    case = perform(
        OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code), SYSTEM, now
    )
    perform(Attach(case_id=case.pk, file_name="x.txt", content=content, later=True), SYSTEM, now)
    assert run_cleaning(now) == 0
    assert case.attachments.get().waiting
    server = Clamd()
    settings.SCANNER = server.address
    assert run_cleaning(now) == 1
    server.close()
    assert [one.waiting for one in case.attachments.all()] == ([False] if kept else [])
