"""The audit log's chain: every way of touching it is found, and nothing else is taken for touching."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.web.foundation.accounts.actor import SYSTEM, Actor
from linli.web.foundation.audit import chain
from linli.web.foundation.audit.chain import LANES, Record, append, heads, verify
from linli.web.foundation.audit.models import Entry, Lane

AT = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)


def _actor(user_id: int = 3) -> Actor:
    return Actor(user_id=user_id, name=f"民警 {user_id}", address="10.1.1.1")


def _write(count: int, user_id: int = 3) -> list[Entry]:
    made = []
    for number in range(count):
        record = Record(action="case.note", subject_kind="case", subject_id=str(number), detail={"n": number})
        with transaction.atomic():
            made.append(append(record, _actor(user_id), AT + dt.timedelta(seconds=number)))
    return made


def _kinds() -> set[str]:
    return {place.kind for place in verify()}


@pytest.mark.django_db
def test_an_untouched_log_is_whole() -> None:
    assert list(verify()) == []
    for user in range(12):
        _write(3, user)
    assert list(verify()) == []


CHANGES = {
    "at": AT - dt.timedelta(days=1),
    "actor_id": 4,
    "actor_name": "别人",
    "via": "job",
    "address": "10.9.9.9",
    "action": "case.view",
    "subject_kind": "account",
    "subject_id": "99",
    "station_code": "371324001",
    "detail": {"n": 7},
}


@pytest.mark.django_db
@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_entry_is_found(field) -> None:
    entries = _write(5)
    Entry.objects.filter(pk=entries[2].pk).update(**{field: CHANGES[field]})
    found = list(verify())
    assert [(place.lane, place.position, place.kind) for place in found] == [(3, 3, "changed")]


@pytest.mark.django_db
def test_a_changed_entry_with_a_hash_made_to_fit_without_the_key_is_found() -> None:
    import hashlib

    entries = _write(5)
    forged = hashlib.sha256(b"guess").hexdigest()
    Entry.objects.filter(pk=entries[2].pk).update(actor_name="别人", hash=forged)
    Entry.objects.filter(pk=entries[3].pk).update(previous=forged)
    assert "changed" in _kinds()


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [0, 2, 3])
def test_a_deleted_entry_is_found(gone) -> None:
    entries = _write(5)
    entries[gone].delete()
    assert "missing" in _kinds()


@pytest.mark.django_db
def test_a_deleted_entry_is_found_though_the_later_ones_move_up() -> None:
    entries = _write(5)
    entries[2].delete()
    Entry.objects.filter(pk=entries[3].pk).update(position=3, previous=entries[1].hash)
    Entry.objects.filter(pk=entries[4].pk).update(position=4)
    assert {"changed", "cut"} <= _kinds()


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_log_cut_off_at_the_end_is_found(kept) -> None:
    _write(5)
    Entry.objects.filter(position__gt=kept).delete()
    assert "cut" in _kinds()


@pytest.mark.django_db
def test_a_log_cut_off_with_a_head_made_to_fit_is_found() -> None:
    entries = _write(5)
    Entry.objects.filter(position__gt=3).delete()
    Lane.objects.filter(number=3).update(count=3, last=entries[2].hash)
    assert _kinds() == {"head_forged"}


@pytest.mark.django_db
def test_an_entry_put_in_at_the_end_is_found() -> None:
    entries = _write(5)
    copy = Entry.objects.get(pk=entries[4].pk)
    copy.pk, copy.position, copy.previous = None, 6, copy.hash
    copy.save(force_insert=True)
    assert {"changed", "cut"} <= _kinds()


@pytest.mark.django_db
def test_an_entry_put_in_between_is_found() -> None:
    entries = _write(5)
    for entry in reversed(entries[3:]):
        Entry.objects.filter(pk=entry.pk).update(position=entry.position + 1)
    copy = Entry.objects.get(pk=entries[1].pk)
    copy.pk, copy.position, copy.previous = None, 4, entries[2].hash
    copy.save(force_insert=True)
    assert "changed" in _kinds()


@pytest.mark.django_db
def test_two_entries_swapped_are_found() -> None:
    entries = _write(5)
    Entry.objects.filter(pk=entries[1].pk).update(position=900)
    Entry.objects.filter(pk=entries[3].pk).update(position=2)
    Entry.objects.filter(pk=entries[1].pk).update(position=4)
    assert {"changed", "unlinked"} <= _kinds()


@pytest.mark.django_db
def test_an_entry_moved_to_another_lane_is_found() -> None:
    entries = _write(5)
    _write(1, user_id=4)
    Entry.objects.filter(pk=entries[4].pk).update(lane=4, position=2)
    assert {"changed", "cut"} <= _kinds()


@pytest.mark.django_db
def test_a_lane_taken_away_with_its_head_is_found() -> None:
    _write(5)
    _write(2, user_id=4)
    Entry.objects.filter(lane=3).delete()
    Lane.objects.filter(number=3).delete()
    assert _kinds() == {"unknown_lane"}


@pytest.mark.django_db
def test_heads_taken_away_are_found_while_entries_are_left() -> None:
    _write(2)
    Lane.objects.all().delete()
    assert _kinds() == {"unknown_lane"}


@pytest.mark.django_db
def test_a_whole_log_set_back_to_an_older_state_is_found_by_heads_kept_elsewhere() -> None:
    _write(3)
    older = Lane.objects.get(number=3)
    _write(2)
    kept_elsewhere = heads()
    Entry.objects.filter(position__gt=3).delete()
    older.save()
    assert list(verify()) == []
    assert {place.kind for place in verify(kept_elsewhere)} == {"rolled_back"}


@pytest.mark.django_db
def test_heads_kept_elsewhere_agree_with_a_log_that_went_on() -> None:
    _write(3)
    kept_elsewhere = heads()
    _write(4)
    assert list(verify(kept_elsewhere)) == []


@pytest.mark.django_db
def test_with_another_key_nothing_fits(settings) -> None:
    _write(2)
    settings.AUDIT_KEY = "another"
    assert {"changed", "head_forged"} <= _kinds()


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=True)
    | TEXT
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(detail=st.dictionaries(TEXT, VALUES, max_size=4), name=TEXT)
def test_whatever_is_written_is_read_back_as_it_was(detail, name) -> None:
    with transaction.atomic():
        record = Record(action="x", subject_kind="case", subject_id="1", detail=detail)
        append(record, Actor(user_id=3, name=name.replace("\x00", "")), AT)
        assert list(verify()) == []
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_single_touch_of_any_log_is_found(data) -> None:
    with transaction.atomic():
        for user in data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=8)):
            _write(1, user)
        entry = data.draw(st.sampled_from(list(Entry.objects.all())))
        match data.draw(st.sampled_from(["delete", "change", "unlink", "hash"])):
            case "delete":
                entry.delete()
            case "change":
                Entry.objects.filter(pk=entry.pk).update(subject_id=entry.subject_id + "0")
            case "unlink":
                Entry.objects.filter(pk=entry.pk).update(previous="0" * 64)
            case "hash":
                Entry.objects.filter(pk=entry.pk).update(hash="0" * 64)
        assert list(verify()) != []
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_people_who_write_at_once_leave_an_unbroken_chain() -> None:
    failed: list[BaseException] = []

    def work(user_id: int) -> None:
        try:
            _write(10, user_id)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    # Two of each lane, so that they meet.
    threads = [threading.Thread(target=work, args=(user,)) for user in (*range(4), *range(LANES, LANES + 4))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert Entry.objects.count() == 80
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    _write(2)
    with transaction.atomic():
        append(Record(action="x", subject_kind="case", subject_id="1"), _actor(), AT)
        transaction.set_rollback(True)
    _write(2)
    assert [e.position for e in Entry.objects.order_by("position")] == [1, 2, 3, 4]
    assert list(verify()) == []


@pytest.mark.django_db
def test_the_database_keeps_one_entry_a_position() -> None:
    from django.db import IntegrityError

    entries = _write(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entries[1].pk).update(position=1)
    assert connection.in_atomic_block
    assert chain.LANES == 8


# Guard D
def test_an_act_whose_entry_cannot_be_written_does_not_happen(stage, now, monkeypatch) -> None:
    from django.db import DatabaseError

    from linli.web.foundation.actions import action
    from linli.web.foundation.casework.actions.opening import OpenCase
    from linli.web.foundation.casework.models import Case

    def fail(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("the log cannot be written")

    monkeypatch.setattr(action, "append", fail)
    with pytest.raises(DatabaseError):
        action.perform(
            OpenCase(kind="request", category="streetlight", title="路灯", place=stage.place.code),
            SYSTEM,
            now,
        )
    assert not Case.objects.exists()
