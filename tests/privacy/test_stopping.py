"""A process that is to end ends the file in hand and opens no other; both may be opened later."""

import signal
import sys
import threading

import pytest

from linli.privacy import apart
from linli.privacy.apart import Busy, Limits, is_stopping, stop_opening
from linli.web.commands import working

pytestmark = pytest.mark.any_database

ENDLESS = [sys.executable, "-c", "import threading; threading.Event().wait()"]


@pytest.fixture(autouse=True)
def _stops_for_this_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_STOPPING", threading.Event())


# Guard 9
def test_the_file_in_hand_is_ended_at_once_and_no_other_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def open_endlessly() -> None:
        with pytest.raises(Busy):
            apart._run(ENDLESS, b"", 30, behind=True)
        told.append("busy")

    thread = threading.Thread(target=open_endlessly)
    thread.start()
    while not apart._RUNNING:
        pass
    (child,) = apart._RUNNING
    stop_opening()
    thread.join()
    assert (told, child.returncode != 0, apart._RUNNING) == (["busy"], True, set())
    monkeypatch.setattr(apart.subprocess, "Popen", None)
    with pytest.raises(Busy):
        apart.apart("linli.privacy.pdfs", b"", Limits(megabytes=64, seconds=8))


# Guard 9
def test_a_worker_that_is_told_to_stop_stops_opening() -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    stopping = threading.Event()
    try:
        working._on_signal(stopping)
        signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (stopping.is_set(), is_stopping()) == (True, True)
