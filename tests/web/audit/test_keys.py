"""The audit log's key can be changed: old entries still verify, and the former key forges nothing."""

import datetime as dt

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.test import override_settings

from linli.cli.main import linli
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.chain import LANES, Record, append, verify
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.audit.sealing import current_id
from linli.web.foundation.audit.witness import run_heads

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _keys(settings) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_KEY, settings.AUDIT_OLD_KEYS = "the first key", []


def write(user_id: int = 3, count: int = 1) -> None:
    for number in range(count):
        with transaction.atomic():
            record = Record(action="case.view", subject_kind="case", subject_id=str(number))
            append(record, Actor(user_id=user_id, name="民警"), AT)


def changed(settings) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_KEY, settings.AUDIT_OLD_KEYS = "the second key", ["the first key"]


def ask(*words: str) -> Result:
    return CliRunner().invoke(linli, ["--language", "en", "audit", *words])


# Guard 14
def test_entries_of_both_keys_verify_while_the_former_is_named(settings) -> None:
    write(count=3)
    run_heads(AT)
    changed(settings)
    assert list(verify()) == []
    write(count=2)
    run_heads(AT)
    assert ask("verify").exit_code == 0
    settings.AUDIT_OLD_KEYS = []
    assert {(place.position, place.kind) for place in verify() if place.lane == 3} == {
        (1, "changed"),
        (2, "changed"),
        (3, "changed"),
    }


# Guard 14
def test_rekeying_seals_every_lane_with_the_key_in_use(settings) -> None:
    write(count=3)
    changed(settings)
    told = ask("rekey")
    assert told.exit_code == 0, told.output
    assert Entry.objects.filter(action="audit.rekey", key=current_id()).count() == LANES
    assert list(verify()) == []


# Guard 14
def test_the_former_key_writes_nothing_that_passes_after_rekeying(settings) -> None:
    write(count=3)
    changed(settings)
    ask("rekey")
    with override_settings(AUDIT_KEY="the first key"):
        write(count=2)
    assert {place.kind for place in verify()} >= {"old_key"}


# Guard 14
def test_the_former_key_cuts_nothing_off_after_rekeying(settings) -> None:
    write(count=3)
    older = Lane.objects.get(number=3)
    changed(settings)
    ask("rekey")
    Entry.objects.filter(lane=3, position__gt=3).delete()
    older.save()
    assert {(place.lane, place.kind) for place in verify()} >= {(3, "disowned")}


# Guard 14
def test_without_the_former_key_the_key_is_not_changed(settings) -> None:
    write(count=3)
    changed(settings)
    settings.AUDIT_OLD_KEYS = []
    told = ask("rekey")
    assert told.exit_code == 2
    assert "LINLI_AUDIT_OLD_KEYS" in told.output
    assert not Entry.objects.filter(action="audit.rekey").exists()


# Guard 14
def test_entries_from_before_keys_had_ids_still_verify() -> None:
    from linli.web.foundation.audit.sealing import entry_hash, seal_of

    write(count=1)
    entry = Entry.objects.get()
    entry.key = entry.vouch = ""
    entry.hash = entry_hash(entry)
    entry.save()
    Lane.objects.filter(number=3).update(last=entry.hash, seal=seal_of(3, 1, entry.hash))
    write(count=2)
    assert list(verify()) == []
