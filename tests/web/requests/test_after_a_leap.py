"""After a clock that leapt, and after a type that is gone: what residents wrote, and what they follow."""

import datetime as dt

import pytest

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case, TypeVersion
from linli.web.foundation.casework.types.versions import forget
from linli.web.intake.models import Entry, Track
from linli.web.ops.requests import draining


@pytest.mark.django_db
# Guard 17
def test_an_entry_put_off_by_a_clock_that_had_leapt_is_taken_now(
    now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(draining, "_take", lambda entry, at: taken.append(entry.pk))
    entry = Entry.objects.create(
        kind="request", case_type="request", category="other", received_at=now, state=Entry.State.QUEUED
    )
    Entry.objects.filter(pk=entry.pk).update(not_before=now + dt.timedelta(minutes=50))
    assert draining._take_next(now, set()) is None
    Entry.objects.filter(pk=entry.pk).update(not_before=now + dt.timedelta(days=3))
    assert draining._take_next(now, set()) == entry.pk
    assert taken == [entry.pk]


# Guard 18
def test_what_its_reporter_follows_goes_with_a_case_whose_type_is_gone(
    county: object, now: dt.datetime
) -> None:
    case = perform(OpenCase(kind="request", category="other", title="旧事"), SYSTEM, now)
    assert Track.objects.filter(number=case.number).exists()
    Case.objects.filter(pk=case.pk).update(case_type="gone", type_hash="", closed_at=now, shred_at=now)
    TypeVersion.objects.all().delete()
    forget()
    perform(Shred(case_id=case.pk), SYSTEM, now)
    assert not Track.objects.filter(number=case.number).exists()
