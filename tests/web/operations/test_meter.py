"""Requests are counted in each process and added up over all of them; no count goes backwards."""

import json
import os
import threading
from pathlib import Path

import pytest

from linli.web.foundation.operations.meter import BOUNDS, Key, Meter, added_up, meter_of

pytestmark = pytest.mark.any_database

KEY: Key = ("GET", "cases/", "2xx")
GONE = 2**22 + 1
"""A process id that no process has."""


def test_a_request_falls_into_the_bucket_of_its_time(tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    for seconds in (0.001, BOUNDS[0], 0.3, 60.0):
        meter.observe(KEY, seconds)
    tally = meter.total()[KEY]
    assert tally.buckets[0] == 2
    assert tally.buckets[BOUNDS.index(0.5)] == 1
    assert tally.buckets[-1] == 1
    assert tally.count == 4


def test_other_processes_are_added(tmp_path: Path) -> None:
    buckets = [1] + [0] * len(BOUNDS)
    (tmp_path / f"{os.getppid()}.json").write_text(json.dumps([[*KEY, buckets, 0.5]]))
    meter = Meter(tmp_path)
    meter.observe(KEY, 0.5)
    assert meter.total()[KEY].count == 2
    assert meter.total()[KEY].seconds == 1.0


def test_what_a_process_that_is_gone_has_counted_stays(tmp_path: Path) -> None:
    buckets = [3] + [0] * len(BOUNDS)
    (tmp_path / f"{GONE}.json").write_text(json.dumps([[*KEY, buckets, 0.5]]))
    meter = Meter(tmp_path)
    assert meter.total()[KEY].count == 3
    assert not (tmp_path / f"{GONE}.json").exists()
    assert meter.total()[KEY].count == 3


def test_a_broken_file_counts_for_nothing(tmp_path: Path) -> None:
    for number, text in enumerate(["", "{", "[1]", '[["GET", "x", "2xx", [1], 1]]', "null"]):
        (tmp_path / f"{GONE + number}.json").write_text(text)
    assert added_up(tmp_path) == {}


def test_a_folder_that_cannot_be_written_does_not_hurt(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    meter = Meter(tmp_path / "file")
    meter.observe(KEY, 0.1)
    assert meter.total() == {}


def test_a_process_has_one_meter_and_one_thread_for_it_however_often_it_is_asked(tmp_path: Path) -> None:
    before = threading.active_count()
    for _ in range(20):
        meter_of(tmp_path).observe(("GET", "cases/", "2xx"), 0.001)
    assert threading.active_count() == before + 1
    assert meter_of(tmp_path).total()["GET", "cases/", "2xx"].count == 20
