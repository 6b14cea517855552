"""What was shredded is not in the database's files after the night's work."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.deadlines import Shred
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.actions.working import AddNote
from linli.web.foundation.casework.models import Case
from linli.web.foundation.jobs import schedule
from linli.web.foundation.jobs.scrubbing import run_scrubbing

WORDS = ("zyzzyvaq", "鬱鱻龘靐", "19955512345")
"""One in the title, so in the index; one in a note; one that is personal."""


def in_files() -> set[str]:
    """Which of the words the database's files hold."""
    place = Path(str(connection.settings_dict["NAME"]))
    held = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    return {word for word in WORDS if word.encode() in held}


def open_one(number: int, at: dt.datetime) -> Case:
    word = WORDS[0] if number == 7 else f"ordinary{number}"
    case = perform(
        OpenCase(
            kind="request",
            category="other",
            title=f"{word} 路灯 {number}",
            data={"reporter_phone": WORDS[2] if number == 7 else f"138000{number:05d}"},
        ),
        SYSTEM,
        at,
    )
    perform(AddNote(case_id=case.pk, text=WORDS[1] if number == 7 else f"到场{number}"), SYSTEM, at)
    return case


@pytest.mark.django_db(transaction=True)
# Guard 16
def test_shredded_words_are_not_in_the_files_of_sqlite(county: object, now: dt.datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL overwrites freed room when it is used again: docs/guides/running.md says so")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
    # As many as the index does not merge by itself.
    cases = [open_one(number, now) for number in range(12)]
    assert in_files() == set(WORDS)
    Case.objects.filter(pk=cases[7].pk).update(closed_at=now, result="fixed", shred_at=now)
    perform(Shred(case_id=cases[7].pk), SYSTEM, now)
    assert run_scrubbing(now) == 1
    assert in_files() == set()
    assert Case.objects.count() == 11


@pytest.mark.django_db(transaction=True)
# Guard 16
def test_old_rows_and_the_list_of_the_index_are_cleared_on_postgresql(
    county: object, now: dt.datetime
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has its own test")
    case = open_one(7, now)
    Case.objects.filter(pk=case.pk).update(closed_at=now, result="fixed", shred_at=now)
    perform(Shred(case_id=case.pk), SYSTEM, now)
    assert run_scrubbing(now) > 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'casework_case'")
        assert cursor.fetchone()[0] >= 1
        cursor.execute("SELECT gin_clean_pending_list('casework_case_search_words'::regclass)")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
# Guard 16
def test_it_is_not_done_inside_a_transaction(now: dt.datetime) -> None:
    assert run_scrubbing(now) == 0


@pytest.mark.django_db
# Guard 16
def test_night_work_waits_for_the_night(now: dt.datetime) -> None:
    work = schedule.registered()["scrubbing"]
    # 10:00 in Shanghai: the next 04:00 is eighteen hours away.
    assert work.after(now) == now + dt.timedelta(hours=18)
    assert work.after(now + dt.timedelta(hours=18)) == now + dt.timedelta(hours=42)
    schedule.set_up(now)
    taken = []
    while (found := schedule.claim("one", now, dt.timedelta(minutes=1))) is not None:
        taken.append(found.name)
        schedule.finished(found, "one", now, 0)
    assert "scrubbing" not in taken
    assert "file_sweep" not in taken
    assert "file_deletions" in taken
