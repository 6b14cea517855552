"""The log is cut or emptied by somebody who writes to the database: lanes and outside lines give it away."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.test import Client

from linli.cli.main import linli
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit.chain import LANES, Record, append, heads, verify
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.audit.verifying import verify_heads
from linli.web.foundation.audit.witness import read_witness, run_heads, write_heads
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.operations.checking import checked

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)


def write(user_id: int, count: int = 1, action: str = "case.view") -> None:
    for number in range(count):
        with transaction.atomic():
            record = Record(action=action, subject_kind="case", subject_id=str(number))
            append(record, Actor(user_id=user_id, name=f"民警 {user_id}"), AT)


def cut(lane: int, older: Lane) -> None:
    """Take the end of a lane away and put back a head that was sealed in former days."""
    Entry.objects.filter(lane=lane, position__gt=older.count).delete()
    older.save()


def empty() -> None:
    Entry.objects.all().delete()
    Lane.objects.all().delete()


def kinds() -> set[tuple[int, str]]:
    return {(place.lane, place.kind) for place in verify()}


def ask(*words: str) -> Result:
    return CliRunner().invoke(linli, ["--language", "en", "audit", *words])


# Guard 14
def test_fifty_eight_reads_of_one_person_cut_out_are_given_away_by_the_other_lanes() -> None:
    write(3, 2)
    older = Lane.objects.get(number=3)
    write(3, 58, "case.read_personal")
    write(4)
    cut(3, older)
    assert kinds() == {(3, "disowned")}


# Guard 14
def test_any_other_lane_gives_it_away_with_its_next_entry() -> None:
    for other in range(LANES):
        if other != 3:
            older = Lane.objects.filter(number=3).first()
            write(3, 2)
            write(other)
            if older is not None:
                kept = list(Entry.objects.filter(lane=3, position__gt=older.count))
                newer = Lane.objects.get(number=3)
                cut(3, older)
                assert (3, "disowned") in kinds(), other
                Entry.objects.bulk_create(kept)
                newer.save()
    assert kinds() == set()


# Guard 14
def test_a_lane_cut_and_grown_again_to_its_length_is_given_away() -> None:
    write(3, 2)
    older = Lane.objects.get(number=3)
    write(3, 5, "case.read_personal")
    write(4)
    cut(3, older)
    write(3, 9)
    assert kinds() == {(3, "disowned")}


# Guard 14
def test_a_lane_emptied_with_the_head_it_began_with_is_given_away() -> None:
    write(4)
    older = Lane.objects.get(number=3)
    write(3, 5)
    write(4)
    cut(3, older)
    assert kinds() == {(3, "disowned")}


# Guard 14
def test_what_an_entry_says_of_other_lanes_cannot_be_taken_out() -> None:
    write(3, 2)
    write(4)
    for changes in ({"vouch": ""}, {"vouch": "3:1:000000000000"}, {"vouch": "nonsense"}, {"key": ""}):
        before = Entry.objects.filter(lane=4).values("vouch", "key")[0]
        Entry.objects.filter(lane=4).update(**changes)
        assert (4, "changed") in kinds(), changes
        Entry.objects.filter(lane=4).update(**before)
    assert kinds() == set()


# Guard 14
def test_an_emptied_log_is_found_while_there_are_accounts(cast) -> None:
    write(3, 5)
    assert kinds() == set()
    empty()
    assert kinds() == {(-1, "emptied")}
    assert [place.kind for place in verify_heads()] == ["emptied"]


# Guard 14
def test_an_emptied_log_that_begins_again_is_found(cast) -> None:
    from linli.web.foundation.accounts.models import User

    User.objects.update(joined_at=AT - dt.timedelta(days=30))
    empty()
    write(3, 5)
    assert kinds() == {(-1, "emptied")}
    told = ask("verify")
    assert told.exit_code == 1
    assert "emptied" in told.output


# Guard 14
def test_the_line_outside_gives_a_whole_database_set_back_away(actor: Callable[[str], Actor]) -> None:
    write(3, 3)
    older = list(Lane.objects.all())
    write(3, 2)
    assert run_heads(AT) == 1
    Entry.objects.filter(lane=3, position__gt=3).delete()
    for lane in older:
        lane.save()
    assert kinds() == set()
    told = ask("verify")
    assert told.exit_code == 1
    assert "set back" in told.output
    assert any(one.level == "wrong" and "audit verify" in one.text.en for one in checked(AT))


# Guard 14
def test_every_line_outside_counts_not_only_the_last(actor: Callable[[str], Actor]) -> None:
    write(3, 3)
    older = Lane.objects.get(number=3)
    write(3, 2)
    run_heads(AT)
    cut(3, older)
    write(3, 4, "case.note")
    run_heads(AT)
    assert kinds() == set()
    assert "lane 3, entry 5" in ask("verify").output


# Guard 14
def test_a_line_is_added_only_when_the_log_went_on(settings) -> None:
    assert run_heads(AT) == 0
    write(3)
    assert [run_heads(AT), run_heads(AT)] == [1, 0]
    write(3)
    run_heads(AT)
    assert len(Path(settings.AUDIT_HEADS).read_text().splitlines()) == 2
    assert Path(settings.AUDIT_HEADS).stat().st_mode & 0o777 == 0o600
    assert read_witness().latest == heads()
    told = ask("verify")
    assert told.exit_code == 0
    assert "agrees with the heads" in told.output


# Guard 14
def test_the_line_goes_to_the_log_of_the_process_too(caplog: pytest.LogCaptureFixture) -> None:
    write(3)
    run_heads(AT)
    assert heads()[3].last in caplog.text


# Guard 14
@pytest.mark.parametrize("touch", ["change", "drop", "swap", "copy"])
def test_a_line_that_was_touched_is_found(settings, touch: str) -> None:
    for _ in range(3):
        write(3)
        run_heads(AT)
    file = Path(settings.AUDIT_HEADS)
    first, second, third = file.read_text().splitlines()
    touched = {
        "change": [first, second.replace('"kind":"heads"', '"kind":"restored"'), third],
        "drop": [first, third],
        "swap": [second, first, third],
        "copy": [first, first, second, third],
    }[touch]
    file.write_text("\n".join(touched) + "\n")
    told = ask("verify")
    assert told.exit_code == 1
    assert "kept outside the database" in told.output


# Guard 14
def test_a_line_that_broke_off_is_no_forgery_and_the_next_goes_on(settings) -> None:
    write(3)
    run_heads(AT)
    file = Path(settings.AUDIT_HEADS)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:70])
    write(3)
    run_heads(AT)
    assert read_witness().forged == ()
    assert read_witness().latest == heads()
    assert ask("verify").exit_code == 0


# Guard 14
def test_after_a_restore_earlier_lines_are_of_another_state() -> None:
    write(3, 3)
    older = Lane.objects.get(number=3)
    write(3, 2)
    run_heads(AT)
    cut(3, older)
    write_heads(AT, kind="restored")
    assert ask("verify").exit_code == 0
    write(3)
    run_heads(AT)
    assert ask("verify").exit_code == 0


# Guard 14
def test_the_auditor_copies_the_heads_from_a_page(
    signed_in: Callable[[str], Client], actor: Callable[[str], Actor], now: dt.datetime
) -> None:
    perform(OpenCase(kind="request", category="other", title="一件事"), actor("minjing"), now)
    page = signed_in("shenji").get("/audit/heads/").content.decode()
    for one in heads():
        assert f"{one.lane} {one.count} {one.last or '-'}" in page
    assert signed_in("minjing").get("/audit/heads/").status_code == 403
    run_heads(now)
    Entry.objects.order_by("-position").first().delete()
    assert "请保留现场" in signed_in("shenji").get("/audit/heads/").content.decode()


# Guard 14
def test_a_lane_read_while_it_grows_is_not_taken_for_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.web.foundation.audit import verifying

    write(3, 2)
    write(4, 2)
    read = verifying.entry_fits

    def and_others_write(entry: Entry) -> bool:
        if entry.lane == 3 and entry.position == 2:
            write(3)
            write(4)
        return read(entry)

    monkeypatch.setattr(verifying, "entry_fits", and_others_write)
    assert list(verify()) == []


# Guard 14
def test_a_line_holds_no_personal_content(settings) -> None:
    write(3)
    run_heads(AT)
    content = json.loads(Path(settings.AUDIT_HEADS).read_text())
    assert set(content) == {"at", "kind", "heads", "previous", "mac"}
