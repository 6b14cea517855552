"""Lists leave at the pace of work."""

import datetime as dt

import pytest

from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import TooMany
from linli.web.foundation.audit import pace
from linli.web.foundation.casework.actions.exporting import LogExport


# Guard D
def test_whoever_takes_out_list_after_list_is_stopped_for_a_while(actor, now, monkeypatch) -> None:
    monkeypatch.setattr(pace, "MOST_EXPORTS", 3)
    chief, planner = actor("suozhang"), actor("guihua")
    for minute in range(3):
        perform(LogExport(what="cases"), chief, now + dt.timedelta(minutes=minute))
    with pytest.raises(TooMany, match="in 56 minutes"):
        perform(LogExport(what="cases"), chief, now + dt.timedelta(minutes=4, seconds=30))
    perform(LogExport(what="cases"), planner, now + dt.timedelta(minutes=5))
    perform(LogExport(what="cases"), chief, now + dt.timedelta(minutes=61))


# Guard D
def test_the_page_says_it_with_429(signed_in, monkeypatch) -> None:
    monkeypatch.setattr(pace, "MOST_EXPORTS", 1)
    client = signed_in("suozhang")
    first = client.get("/cases/export.csv")
    assert first.status_code == 200
    list(first)
    assert client.get("/cases/export.csv").status_code == 429
