"""A day is a day of the territory: nobody takes the day of a moment without saying in which zone."""

import re
from pathlib import Path

import linli.web

WEB = Path(linli.web.__path__[0])
DAY_OF_A_MOMENT = re.compile(r"\.date\(\)")
ZONE_SAID = ("astimezone(", "localtime(")
LOCAL_ALREADY = {
    "foundation/border/moments.py",
    "foundation/database/guard.py",
    "ops/incidents/views/units.py",
    "ops/meetings/selectors.py",
}
"""Whose moments are in the territory's zone, or who asks for bounds so wide that a day does not matter."""


def test_the_day_of_a_moment_is_asked_of_local_day() -> None:
    found = {
        f"{path.relative_to(WEB)}: {line.strip()}"
        for path in WEB.rglob("*.py")
        if str(path.relative_to(WEB)) not in LOCAL_ALREADY
        for line in path.read_text("utf-8").splitlines()
        if DAY_OF_A_MOMENT.search(line) and not any(zone in line for zone in ZONE_SAID)
    }
    assert found == set(), "write local_day(moment)"
