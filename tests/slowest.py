"""Prints at the end of a run which tests and files took the most processor time, children's time included.

Processor time says the same on a busy machine as on a free one; time on the clock does not.
"""

import os
from collections import Counter
from collections.abc import Generator

import pytest

SHOWN = 20
_since = 0.0
_by_test: Counter[str] = Counter()


def processor_seconds() -> float:
    """What this process and those of its children that have ended used so far."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on each report what was used since the last one; xdist carries it to the process that prints."""
    global _since
    report = yield
    now = processor_seconds()
    report.__dict__["processor_seconds"], _since = now - _since, now
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _by_test[report.nodeid] += getattr(report, "processor_seconds", 0.0)


def pytest_runtest_logstart() -> None:
    global _since
    _since = processor_seconds()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The slowest twenty tests and files, where a run is long enough to ask."""
    everything = sum(_by_test.values())
    wanted = config.getoption("--slowest") or (everything > 60 and len(_by_test) > SHOWN)
    if not wanted or hasattr(config, "workerinput"):
        return
    by_file: Counter[str] = Counter()
    for nodeid, seconds in _by_test.items():
        by_file[nodeid.partition("::")[0]] += seconds
    terminalreporter.section(f"slowest {SHOWN} of {everything:.0f} s of processor time")
    for title, found in (("tests", _by_test), ("files", by_file)):
        terminalreporter.write_line(f"{title}:")
        for nodeid, seconds in found.most_common(SHOWN):
            terminalreporter.write_line(f"{seconds:8.1f} s {seconds / everything:5.1%}  {nodeid}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slowest", action="store_true", help="print the slowest tests of a short run too")
