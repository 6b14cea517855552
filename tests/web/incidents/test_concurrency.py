"""Two dispatchers at once: one unit goes to one incident, on SQLite and on PostgreSQL."""

import datetime as dt
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.actions.refusals import Conflict, Invalid
from linli.web.foundation.casework.models import Case
from linli.web.ops.incidents.actions.dispatching import DispatchUnits
from linli.web.ops.incidents.models import Dispatch, Unit


@pytest.mark.django_db(transaction=True)
def test_of_two_dispatchers_who_send_one_unit_at_once_one_is_told_that_it_is_busy(
    actor: Callable[[str], Actor],
    open_incident: Callable[..., Case],
    units: dict[str, Unit],
    now: dt.datetime,
) -> None:
    cases, usernames = [open_incident() for _ in range(6)], ["jiejing", "suozhang", "minjing"] * 2
    actors = [actor(username) for username in usernames]
    gate, told = Barrier(len(cases)), []

    def send(case: Case, who: Actor) -> None:
        gate.wait()
        try:
            perform(DispatchUnits(case_id=case.pk, units=(units["near"].pk,), reason="最近"), who, now)
            told.append("sent")
        except (Conflict, Invalid):
            told.append("busy")
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=pair) for pair in zip(cases, actors, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["busy"] * 5 + ["sent"]
    assert Dispatch.objects.filter(unit=units["near"], cleared_at=None).count() == 1
    assert Case.objects.filter(case_type="incident", state="dispatched").count() == 1
