"""The log is cut or emptied by somebody who writes to the database: lanes and outside lines give it away."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.test import Client

from linli.cli.main import linli
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.actions.action import perform
from linli.web.foundation.audit import witness
from linli.web.foundation.audit.chain import LANES, Record, append, heads, verify
from linli.web.foundation.audit.models import Entry, Lane, WrittenLine
from linli.web.foundation.audit.verifying import verify_heads
from linli.web.foundation.audit.witness import (
    LogBroken,
    Witness,
    breaks,
    read_witness,
    run_heads,
    witness_of_backup,
    write_heads,
)
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.jobs.models import Schedule
from linli.web.foundation.jobs.schedule import registered
from linli.web.foundation.jobs.worker import Labourer
from linli.web.foundation.operations.checking import checked
from linli.web.foundation.operations.health import health

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
    with pytest.raises(LogBroken):
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
def test_a_full_disk_leaves_no_half_line_and_the_log_goes_on_when_there_is_room(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    run_heads(AT)
    file = Path(settings.AUDIT_HEADS)
    whole, real = file.read_bytes(), os.write
    write(3)
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, content[:84]))
    with pytest.raises(OSError, match="No space left"):
        run_heads(AT)
    assert file.read_bytes() == whole
    monkeypatch.setattr(os, "write", real)
    assert ask("verify").exit_code == 0
    assert run_heads(AT) == 1
    assert read_witness().latest == heads()
    assert ask("verify").exit_code == 0


# Guard 14
def test_after_a_restore_earlier_lines_are_of_another_state() -> None:
    write(3, 3)
    older = Lane.objects.get(number=3)
    write(3, 2)
    run_heads(AT)
    cut(3, older)
    write_heads(AT, restored=True)
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
        last = f'<code class="text-break">{one.last or "—"}</code>'
        assert f"<td>{one.lane}</td><td>{one.count}</td><td>{last}</td>" in page
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


def said_of_the_log() -> list[str]:
    """What ``platform check`` finds wrong with the log."""
    return [one.text.en for one in checked(AT) if one.level == "wrong" and "audit" in one.text.en]


def as_work(at: dt.datetime) -> None:
    """The job as a worker does it, which writes down that it failed."""
    worker = Labourer(clock=lambda: at)
    work = registered()["audit_heads"]
    Schedule.objects.update_or_create(name=work.name, defaults={"next_at": at, "claimed_by": worker.id})
    worker._come_round(work, at)


# Guard 14
def test_a_cut_that_the_job_has_seen_stays_wrong(cast, now: dt.datetime) -> None:
    write(3, 3)
    older = Lane.objects.get(number=3)
    write(3, 20, "case.read_personal")
    as_work(AT)
    assert said_of_the_log() == []
    assert health(AT).audit
    cut(3, older)
    for _ in range(2):
        as_work(AT)
        assert any("differs from its heads" in text for text in said_of_the_log())
        assert any("audit_heads" in text and "LogBroken" in text for text in said_of_the_log())
        assert not health(AT).audit
    told = CliRunner().invoke(linli, ["--language", "en", "platform", "check"])
    assert told.exit_code == 2
    assert "the audit log differs" in told.output
    # Neither does it go away when the lane has grown past its former end.
    write(3, 30)
    write_heads(AT)
    with pytest.raises(LogBroken):
        run_heads(AT)
    assert [place.kind for place in breaks(read_witness())] == ["found_broken", "rolled_back"]
    assert "line 2" in ask("verify").output
    write_heads(AT, restored=True)
    assert run_heads(AT) == 0
    as_work(AT)
    assert said_of_the_log() == []
    assert health(AT).audit


# Guard 14
def test_a_cut_that_was_put_back_was_a_cut() -> None:
    write(3, 5)
    run_heads(AT)
    last = Entry.objects.get(lane=3, position=5)
    Entry.objects.filter(pk=last.pk).delete()
    with pytest.raises(LogBroken):
        run_heads(AT)
    last.save(force_insert=True)
    assert [place.kind for place in breaks(read_witness())] == ["found_broken"]


# Guard 14
def test_a_backup_of_a_cut_log_writes_no_line_that_it_is_whole() -> None:
    write(3, 5)
    older = Lane.objects.get(number=3)
    write(3, 5)
    run_heads(AT)
    cut(3, older)
    write_heads(AT)
    assert read_witness().broken == (2,)


# Guard 14
def test_a_worker_with_a_wrong_key_leaves_no_line_behind(settings) -> None:
    write(3)
    run_heads(AT)
    right, settings.AUDIT_KEY = settings.AUDIT_KEY, "another"
    with pytest.raises(LogBroken):
        run_heads(AT)
    settings.AUDIT_KEY = right
    assert run_heads(AT) == 0
    assert list(breaks(read_witness())) == []


# Guard 14
def test_an_entry_written_while_the_heads_are_compared_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from linli.web.foundation.audit import verifying

    write(3, 2)
    at_once = verifying._at_once

    def and_another_writes(head: Lane) -> tuple[Lane, Entry | None]:
        if head.number == 3:
            write(3)
        return at_once(head)

    monkeypatch.setattr(verifying, "_at_once", and_another_writes)
    assert list(verify_heads()) == []


# Guard 14
@pytest.mark.parametrize(
    "line",
    ['{"mac":"\\ud800","previous":""}', '{"mac":"封印","previous":""}', '{"mac":"","a":' + "[" * 200_000],
    ids=["half a letter", "other letters", "nested"],
)
def test_a_line_that_nobody_can_read_is_not_as_it_was_written(settings, line: str) -> None:
    write(3)
    run_heads(AT)
    file = Path(settings.AUDIT_HEADS)
    for lines in ([line], [file.read_text().strip(), line]):
        file.write_text("\n".join(lines) + "\n")
        told = ask("verify")
        assert told.exit_code == 1
        assert f"line {len(lines)} of the heads" in told.output
        assert any("differs from its heads" in text for text in said_of_the_log())
        with pytest.raises(LogBroken):
            run_heads(AT)


# Guard 14
def test_hashes_and_seals_of_other_letters_are_found() -> None:
    write(3, 2)
    write(4)
    Entry.objects.filter(lane=3, position=2).update(hash="封印")
    Entry.objects.filter(lane=4).update(hash="-fffffffffff")
    Lane.objects.filter(number=5).update(seal="封")
    assert {(3, "changed"), (4, "changed"), (5, "head_forged")} <= kinds()
    assert (5, "head_forged") in {(place.lane, place.kind) for place in verify_heads()}


def _remove(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _cut_the_last(file: Path) -> None:
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


def _begin_anew(file: Path) -> None:
    file.unlink()
    WrittenLine.objects.update(mac="0" * 64)
    write_heads(AT)


# Guard 14
@pytest.mark.parametrize("take", [_remove, _empty, _cut_the_last, _begin_anew])
def test_a_file_that_was_removed_or_cut_is_missed(settings, cast, take: Callable[[Path], None]) -> None:
    file = Path(settings.AUDIT_HEADS)
    for _ in range(2):
        write(3)
        run_heads(AT)
    kept = file.read_bytes()
    take(file)
    assert {place.kind for place in breaks(read_witness())} == {"witness_lost"}
    assert ask("verify").exit_code == 1
    assert said_of_the_log() != []
    write(3)
    for _ in range(2):
        with pytest.raises(LogBroken):
            run_heads(AT)
    if take is not _begin_anew:
        file.write_bytes(kept)
        assert run_heads(AT) == 1
        assert ask("verify").exit_code == 0


# Guard 14
def test_heads_that_are_lost_for_good_are_renewed_on_record(settings, cast) -> None:
    assert ask("renew-heads").exit_code == 2
    write(3)
    run_heads(AT)
    Path(settings.AUDIT_HEADS).unlink()
    assert ask("renew-heads").exit_code == 0
    assert Entry.objects.filter(action="audit.renew_heads").count() == 1
    assert ask("verify").exit_code == 0
    assert ask("renew-heads").exit_code == 2


# Guard 14
def test_heads_are_not_renewed_over_a_log_that_was_cut(settings) -> None:
    write(3, 2)
    run_heads(AT)
    Path(settings.AUDIT_HEADS).unlink()
    Entry.objects.filter(lane=3).order_by("-position").first().delete()
    told = ask("renew-heads")
    assert (told.exit_code, "differs in other places too" in told.output) == (2, True)
    assert not Path(settings.AUDIT_HEADS).exists()


def set_back() -> None:
    """The log once grew further than it now stands, and a line was written meanwhile."""
    write(3, 3)
    older = Lane.objects.get(number=3)
    write(3, 5)
    run_heads(AT)
    cut(3, older)


# Guard 14
def test_a_log_found_broken_is_not_renewed_as_whole(settings, cast) -> None:
    set_back()
    with pytest.raises(LogBroken):
        run_heads(AT)
    Path(settings.AUDIT_HEADS).unlink()
    assert "lost_broken" in {place.kind for place in breaks(read_witness())}
    assert "said that the log was found to differ" in ask("verify").output
    told = ask("renew-heads")
    assert (told.exit_code, "says broken too" in told.output) == (1, True)
    assert [place.kind for place in breaks(read_witness())] == ["found_broken"]
    assert ask("verify").exit_code == 1
    assert said_of_the_log() != []
    # Nor when only the end of the file is lost.
    write(3)
    file = Path(settings.AUDIT_HEADS)
    with pytest.raises(LogBroken):
        run_heads(AT)
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert ask("renew-heads").exit_code == 1
    assert ask("verify").exit_code == 1


# Guard 14
def test_lines_go_on_from_the_last_one_that_carries_its_seal(settings) -> None:
    write(3)
    run_heads(AT)
    file = Path(settings.AUDIT_HEADS)
    with file.open("a") as lines:
        lines.write('{"mac":"x"}\n')
    write(3)
    with pytest.raises(LogBroken):
        run_heads(AT)
    known = read_witness()
    assert (known.forged, known.broken, known.latest) == ((2,), (), heads())
    kept = file.read_text()
    file.write_text(kept.replace('{"mac":"x"}\n', ""))
    assert list(breaks(read_witness())) == []
    file.write_text(kept)
    write_heads(AT, restored=True)
    assert run_heads(AT) == 0
    assert list(breaks(read_witness())) == []
    assert ask("verify").exit_code == 0
    with file.open("a") as lines:
        lines.write('{"mac":"x"}\n')
    assert read_witness().forged == (5,)


# Guard 14
def test_what_comes_broken_out_of_a_backup_stays_broken(settings) -> None:
    write(3)
    run_heads(AT)
    write_heads(AT, restored=True, broken=True)
    assert WrittenLine.objects.get().kind == "broken"
    write(3)
    with pytest.raises(LogBroken):
        run_heads(AT)
    assert read_witness(whole=True).broken == (2, 3)
    write_heads(AT, restored=True)
    assert list(breaks(read_witness())) == []


# Guard 15
def test_a_backup_is_held_against_the_lines_from_before_it_was_made(settings) -> None:
    write(3)
    run_heads(AT)
    then = read_witness()
    write(3)
    run_heads(AT + dt.timedelta(hours=1))
    assert witness_of_backup(then.mac, AT).heads == then.heads
    # One that names no line, but whose database knows this file: the moment tells.
    assert set(witness_of_backup("", AT + dt.timedelta(minutes=30)).heads) == set(then.heads)
    assert witness_of_backup("0" * 64, AT + dt.timedelta(minutes=30)).lost
    # The file of another machine, or none.
    WrittenLine.objects.update(mac="1" * 64)
    assert witness_of_backup("0" * 64, AT + dt.timedelta(hours=2)) == Witness()
    Path(settings.AUDIT_HEADS).unlink()
    assert witness_of_backup("0" * 64, AT + dt.timedelta(hours=2)) == Witness()


@pytest.fixture
def summing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines sum up after three, and a dozen are within reach."""
    monkeypatch.setattr(witness, "_EVERY", 3)
    monkeypatch.setattr(witness, "_TAIL", 6_000)


def go_on(times: int) -> None:
    for _ in range(times):
        write(3)
        run_heads(AT)


# Guard 14
def test_the_end_of_a_long_file_says_what_all_of_it_says(
    settings, summing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on(30)
    file = Path(settings.AUDIT_HEADS)
    assert file.stat().st_size > 6_000
    ends, all_of_it = read_witness(), read_witness(whole=True)
    assert (ends.highest, ends.latest, ends.mac) == (all_of_it.highest, all_of_it.latest, all_of_it.mac)
    assert len(ends.heads) < len(all_of_it.heads)
    assert ask("verify").exit_code == 0
    with monkeypatch.context() as at_the_end:
        at_the_end.setattr(witness, "_read_all", None)
        assert list(breaks(read_witness())) == []
    # A line forged in the part that is not read each time is found by verify, and a cut at the end at once.
    kept = file.read_text()
    file.write_text(kept.replace('"kind":"heads"', '"kind":"heads" ', 1).replace("2026", "2025", 1))
    assert list(breaks(read_witness())) == []
    assert "line 1 of the heads" in ask("verify").output
    file.write_text(kept[: kept.rindex("{")])
    assert [place.kind for place in breaks(read_witness())] == ["witness_lost"]


# Guard 14
def test_what_was_found_broken_or_forged_is_carried_on_from_sum_to_sum(settings, summing: None) -> None:
    go_on(2)
    file = Path(settings.AUDIT_HEADS)
    with file.open("a") as lines:
        lines.write('{"mac":"x"}\n')
    for _ in range(20):
        with pytest.raises(LogBroken):
            go_on(1)
    assert read_witness().forged == (3,)
    Entry.objects.order_by("-position").first().delete()
    for _ in range(30):
        with pytest.raises(LogBroken):
            go_on(1)
    known = read_witness()
    assert (known.forged, known.broken[0]) == ((3,), read_witness(whole=True).broken[0])
    assert len(known.broken) < 20
    write_heads(AT, restored=True)
    go_on(20)
    assert list(breaks(read_witness())) == []


# Guard 14
def test_a_line_that_sums_up_and_is_copied_to_the_end_is_no_beginning(settings, summing: None) -> None:
    go_on(12)
    file = Path(settings.AUDIT_HEADS)
    summed = [line for line in file.read_text().splitlines() if '"sum"' in line]
    go_on(12)
    with file.open("a") as lines:
        lines.write(summed[0] + "\n")
    # As in a database that was set back to that line.
    WrittenLine.objects.update(mac=json.loads(summed[0])["mac"])
    assert read_witness().forged == (25,)
