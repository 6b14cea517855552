"""The queue of strangers' files stands back for people who wait before a page."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.privacy import apart as running
from linli.privacy.apart import Busy, Limits, apart

PATIENCE = 60
"""Seconds after which a test gives up waiting for what should have happened."""
CHILD = """
import pathlib, sys, time
from linli.privacy.apart import serve
def handle(content, arguments):
    if arguments[0] == "quick":
        return content
    pathlib.Path(arguments[0]).touch()
    while True:
        time.sleep(0.1)
serve(handle)
"""
QUEUE = """
import pathlib, sys
from linli.privacy import apart as running
running.ROOT, running._folder = sys.argv[1], lambda: pathlib.Path(sys.argv[2])
try:
    running.apart("slow_child", b"", running.Limits(400, 600, wait=600, behind=True), [sys.argv[3]])
except running.Busy:
    print("stood back")
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "slow_child.py").write_text(CHILD, encoding="utf-8")
    monkeypatch.setattr(running, "ROOT", os.pathsep.join([str(tmp_path), str(running.ROOT)]))
    folder = tmp_path / "places"
    folder.mkdir()
    monkeypatch.setattr(running, "_folder", lambda: folder)
    return folder


@pytest.fixture
def queue(places: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that opens a stranger's file which never ends, once it does so."""
    opened = tmp_path / "opened"
    command = [sys.executable, "-c", QUEUE, str(running.ROOT), str(places), str(opened)]
    environment = {**os.environ, "PYTHONPATH": str(running.ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        _until(lambda: opened.exists() or process.poll() is not None)
        assert process.poll() is None
        yield process
        process.kill()


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


# Guard 9
def test_a_page_is_served_while_the_queue_is_at_a_file_that_never_ends(
    queue: subprocess.Popen[str],
) -> None:
    assert apart("slow_child", b"x", Limits(400, 30, wait=PATIENCE), ["quick"]) == b"x"
    assert queue.communicate(timeout=PATIENCE)[0] == "stood back\n"


# Guard 9
def test_the_queue_keeps_its_place_where_no_page_waits_and_is_alone_in_it(
    queue: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE", 0.0)
    with pytest.raises(Busy):
        apart("slow_child", b"x", Limits(400, 30, wait=1, behind=True), ["quick"])
    assert queue.poll() is None


# Guard 9
def test_the_queue_begins_no_file_while_a_page_waits(places: Path) -> None:
    behind = Limits(400, 30, wait=PATIENCE, behind=True)
    with running._asking():
        began = len(list(places.iterdir()))
        with pytest.raises(Busy):
            apart("slow_child", b"x", behind, ["quick"])
        assert began == 1
    assert apart("slow_child", b"x", behind, ["quick"]) == b"x"


# Guard 9
def test_a_page_waits_longer_than_the_queue_may_go_on_and_pages_do_not_stand_back() -> None:
    from linli.io import workbooks
    from linli.privacy import files

    given = [workbooks.SMALL, workbooks.LARGE, workbooks.FORM, files.LIMITS, files.PICTURE_LIMITS]
    assert all(one.wait >= 2 * running.GRACE and not one.behind for one in given)
