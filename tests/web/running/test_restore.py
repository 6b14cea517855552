"""A forged backup is refused, a killed restore leaves the old or the new, a damaged database is replaced."""

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from web.running.archives import Members, attached, members, packed
from web.running.installation import Installation, Kitchen, kill, until

FORGED = "somebody changed it"


def with_hashes_worked_out_anew(found: Members, name: str, content: bytes) -> Members:
    manifest = json.loads(found["manifest.json"])
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"size": len(content), "sha256": digest}
    return {**found, name: content, "manifest.json": json.dumps(manifest, sort_keys=True).encode()}


class TestForged:
    # Guard 15
    def test_a_database_changed_with_hashes_worked_out_anew_is_refused(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str]
    ) -> None:
        found = members(kept)
        name = next(one for one in found if one.startswith("database."))
        forged = with_hashes_worked_out_anew(
            found, name, found[name].replace("路灯".encode(), "路障".encode())
        )
        packed(tmp_path / "forged.tar.gz", forged)
        assert FORGED in refused(tmp_path / "forged.tar.gz")

    # Guard 15
    @pytest.mark.parametrize("seal", [b"", b"0" * 64, "印".encode(), b"\xff\xfe", None])
    def test_a_seal_made_without_the_key_is_refused(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str], seal: bytes | None
    ) -> None:
        found = with_hashes_worked_out_anew(members(kept), "files/more", b"x")
        if seal is None:
            del found["manifest.seal"]
        else:
            found["manifest.seal"] = seal
        packed(tmp_path / "forged.tar.gz", found)
        assert refused(tmp_path / "forged.tar.gz")

    # Guard 15
    def test_the_seal_of_another_key_is_refused_even_if_it_says_that_the_key_is_lost(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str]
    ) -> None:
        found = members(kept)
        manifest = {**json.loads(found["manifest.json"]), "key_mark": "0" * 16}
        found["manifest.json"] = json.dumps(manifest).encode()
        packed(tmp_path / "forged.tar.gz", found)
        assert "sealed with another key" in refused(tmp_path / "forged.tar.gz")

    # Guard 15
    def test_a_former_key_still_opens_a_backup(self, kept: Path, tmp_path: Path, settings) -> None:
        from linli.web.foundation.operations.backup.archive import trusted_manifest

        settings.AUDIT_KEY = "the next key"
        settings.AUDIT_OLD_KEYS = [f"audit:{(kept.parent / 'secret.key').read_text()}"]
        assert trusted_manifest(kept, tmp_path)[1]

    # Guard 15
    def test_the_heads_of_the_audit_log_are_in_it(self, kept: Path, tmp_path: Path, settings) -> None:
        from linli.web.foundation.operations.backup.archive import trusted_manifest

        settings.AUDIT_KEY = f"audit:{(kept.parent / 'secret.key').read_text()}"
        witness = trusted_manifest(kept, tmp_path)[0].witness()
        assert len(witness) == 8
        assert any(one.count and len(one.last) == 64 for one in witness)


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    one = tarfile.TarInfo(name)
    one.size, one.type = size, kind
    return one.tobuf(format=tarfile.GNU_FORMAT)


class TestBombs:
    # Guard 15
    def test_one_that_says_to_be_larger_than_the_disk_is_refused_before_it_is_read(
        self, tmp_path: Path, refused: Callable[[Path], str]
    ) -> None:
        (tmp_path / "bomb.tar.gz").write_bytes(
            gzip.compress(header("files/x", 1 << 55) + bytes(1 << 20), mtime=0)
        )
        assert "needs more room" in refused(tmp_path / "bomb.tar.gz")

    # Guard 15
    @pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
    def test_a_name_of_a_gigabyte_is_not_taken_into_memory(
        self, tmp_path: Path, refused: Callable[[Path], str], kind: bytes
    ) -> None:
        for said, there in ((1 << 30, 1 << 20), (64 << 20, 64 << 20)):
            bomb = gzip.compress(header("x", said, kind) + bytes(there), compresslevel=1, mtime=0)
            (tmp_path / "bomb.tar.gz").write_bytes(bomb)
            tracemalloc.start()
            try:
                assert "damaged or cut short" in refused(tmp_path / "bomb.tar.gz")
                assert tracemalloc.get_traced_memory()[1] < 32 << 20
            finally:
                tracemalloc.stop()

    # Guard 15
    def test_many_zeros_fit_no_disk_that_is_almost_full(
        self, kept: Path, refused: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=(64 << 20) + 100))
        assert "needs more room" in refused(kept)

    # Guard 15
    def test_a_sparse_file_is_refused(self, tmp_path: Path, refused: Callable[[Path], str]) -> None:
        sparse = header("files/x", 0, tarfile.GNUTYPE_SPARSE)
        (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(sparse + bytes(4096), mtime=0))
        assert "does not belong there" in refused(tmp_path / "bomb.tar.gz")

    # Guard 15
    def test_a_file_longer_than_the_list_says_is_not_unpacked(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str]
    ) -> None:
        found = members(kept)
        name = next(one for one in found if one.startswith("files/"))
        packed(tmp_path / "bomb.tar.gz", {**found, name: bytes(1 << 20)})
        assert "is not as it was written" in refused(tmp_path / "bomb.tar.gz")


KILLED = """
import os, signal, sys
from pathlib import Path
from django.utils import timezone
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.operations.backup import restoring

def killed(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(restoring, "{step}", killed)
restoring.restore_backup(
    Path("{archive}"), Actor(user_id=None, name="op", via="command"), timezone.now(), replace=True
)
"""
STARTED = """
from linli.web.foundation.operations.backup.restoring import settle
from linli.web.foundation.operations.running import hold
hold("worker", first=settle)
"""


class TestKilled:
    # Guard 15
    @pytest.mark.parametrize(
        ("step", "cases"),
        [("check_whole", 0), ("load", 1), ("_place_files", 1), ("migrate", 1), ("write_heads", 1)],
    )
    def test_it_leaves_the_old_or_the_new_and_nothing_unpacked(
        self, county_at_work: Installation, kept: Path, step: str, cases: int
    ) -> None:
        place = county_at_work
        process = place.start_python(KILLED.format(step=step, archive=kept))
        assert process.wait(120) == -9, place.said("process")
        assert list(place.folder.glob(".restore-*"))
        place.python(STARTED)
        assert [path.name for path in place.folder.glob(".restore*")] == []
        assert [path.name for path in place.folder.glob(".*.coming")] == []
        assert place.one("SELECT COUNT(*) FROM casework_case") == cases
        assert attached(place) == ["第一根灯杆"] * cases


class TestDamaged:
    # Guard 15
    @pytest.mark.parametrize("where", ["header", "middle", "end"])
    def test_a_damaged_file_is_said_and_replaced(
        self, whatever_the_database: None, county_at_work: Installation, kept: Path, where: str
    ) -> None:
        place = county_at_work
        file = place.folder / "linli.db"
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.stat().st_size
        with file.open("r+b") as content:
            if where == "end":
                content.truncate(size * 2 // 3)
            else:
                content.seek(0 if where == "header" else size // 2)
                content.write(b"\x5a" * 8192)
        said = place.linli("--language", "en", "platform", "check", code=2)
        assert "damaged" in said or "does not answer" in said
        if where == "header":
            assert "--replace" in place.linli("restore", str(kept), code=2)
        place.linli("restore", str(kept), "--replace")
        assert place.one("SELECT COUNT(*) FROM casework_case") == 1
        assert place.one("PRAGMA integrity_check") == "ok"

    # Guard 15
    def test_tables_that_are_gone_are_said_and_come_back(
        self, county_at_work: Installation, kept: Path
    ) -> None:
        place = county_at_work
        place.tell("DROP TABLE casework_attachment" + ("" if place.is_sqlite else " CASCADE"))
        assert "casework_attachment" in place.linli("--language", "en", "platform", "check", code=2)
        place.linli("restore", str(kept), "--replace")
        assert place.one("SELECT COUNT(*) FROM casework_attachment") == 1

    # Guard 15
    def test_a_server_that_is_away_is_said(
        self, whatever_the_database: None, installation: Installation, kept: Path
    ) -> None:
        away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/linli"}
        said = installation.linli("--language", "en", "restore", str(kept), "--replace", code=2, **away)
        assert "postgresql" in said or "does not answer" in said
        assert "does not answer" in installation.linli(
            "--language", "en", "platform", "check", code=2, **away
        )


SERVING = """
import time
from django.db import connection
from linli.web import wsgi
connection.ensure_connection()
print("serving", flush=True)
time.sleep(600)
"""


class TestRunning:
    # Guard 15
    def test_a_restore_stops_while_a_web_process_runs_and_names_it(
        self, county_at_work: Installation, kept: Path
    ) -> None:
        place = county_at_work
        serving = place.start_python(SERVING)
        until(lambda: "serving" in place.said("process"))
        said = place.linli("--language", "en", "restore", str(kept), "--replace", code=2)
        assert f"web {serving.pid}@" in said
        assert place.one("SELECT COUNT(*) FROM casework_case") == 0
        kill(serving)
        place.linli("restore", str(kept), "--replace")
        assert place.one("SELECT COUNT(*) FROM casework_case") == 1

    # Guard 15
    def test_a_web_process_of_another_machine_is_seen_by_its_connection(
        self, county_at_work: Installation, kept: Path, tmp_path: Path
    ) -> None:
        place = county_at_work
        if place.is_sqlite:
            pytest.skip("SQLite serves one machine")
        shutil.copy(place.folder / "secret.key", tmp_path / "secret.key")
        serving = place.start_python(SERVING, LINLI_DATA=str(tmp_path))
        until(lambda: "serving" in place.said("process"))
        said = place.linli("--language", "en", "restore", str(kept), "--replace", code=2)
        assert f"web {serving.pid}@{os.uname().nodename}" in said


# Guard 15
def test_what_a_killed_backup_had_written_is_swept_by_the_next(
    whatever_the_database: None, county_at_work: Installation, tmp_path: Path
) -> None:
    left = tmp_path / ".linli-backup-killed"
    left.mkdir()
    (left / "database.sqlite3").write_text("everybody's data")
    county_at_work.linli("backup", str(tmp_path / "b.tar.gz"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz"]
    assert "is whole" in county_at_work.linli(
        "--language", "en", "audit", "verify", "--witness", str(tmp_path / "b.tar.gz")
    )


READ = """
from django.db import transaction
from django.utils import timezone
from linli.web.foundation.accounts.actor import Actor
from linli.web.foundation.audit.chain import Record, append
from linli.web.foundation.audit.models import Entry, Lane
from linli.web.foundation.audit.witness import LogBroken, run_heads

def read(count):
    for number in range(count):
        with transaction.atomic():
            record = Record(action="case.read_personal", subject_kind="case", subject_id=str(number))
            append(record, Actor(user_id=3, name="民警"), timezone.now())

def look():
    try:
        run_heads(timezone.now())
    except LogBroken:
        print("broken")

read(2)
older = Lane.objects.get(number=3)
look()
"""
CUT = """
read(40)
look()
Entry.objects.filter(lane=3, position__gt=older.count).delete()
older.save()
look()
"""


@pytest.mark.postgresql_alone
class TestBrokenLog:
    # Guard 14
    # Guard 15
    def test_a_log_that_was_cut_stays_so_through_backup_and_restore(
        self, county_at_work: Installation, kitchen: Kitchen, tmp_path: Path
    ) -> None:
        place = county_at_work
        before, night = tmp_path / "before.tar.gz", tmp_path / "night.tar.gz"
        place.python(READ)
        place.linli("backup", str(before))
        assert place.python(READ + CUT) == "broken\n"
        said = place.linli("--language", "en", "backup", str(night), code=1)
        assert "the audit log is not as it was written" in said
        said = place.linli("--language", "en", "restore", str(night), "--replace", code=1)
        assert "already found to differ" in said
        assert "set back to an earlier state" in said
        assert "is whole" not in said
        place.linli("audit", "verify", code=1)
        assert "the audit log differs" in place.linli("--language", "en", "platform", "check", code=2)
        # On a machine with no line of its own the backup's list says it.
        other = kitchen.make()
        shutil.copy(place.folder / "secret.key", other.folder / "secret.key")
        assert "already found to differ" in other.linli("--language", "en", "restore", str(night), code=1)
        other.linli("audit", "verify", code=1)
        kitchen.throw_away(other)
        # One from before the break is whole, and so is what goes on from it.
        assert "is whole" in place.linli("--language", "en", "restore", str(before), "--replace")
        assert place.python(READ) == ""
        place.linli("audit", "verify")

    # Guard 14
    # Guard 15
    def test_a_forged_line_is_told_by_the_restore_and_stays_as_evidence(
        self, county_at_work: Installation, tmp_path: Path
    ) -> None:
        place, file = county_at_work, county_at_work.folder / "audit-heads.log"
        place.python(READ)
        with file.open("a") as lines:
            lines.write('{"mac":"x"}\n')
        place.linli("audit", "verify", code=1)
        place.linli("backup", str(tmp_path / "b.tar.gz"), code=1)
        said = place.linli("--language", "en", "restore", str(tmp_path / "b.tar.gz"), "--replace", code=1)
        assert "line 2 of the heads" in said
        assert place.python(READ) == ""
        place.linli("audit", "verify")
        assert '{"mac":"x"}' in file.read_text()
