"""A backup taken while people work comes back whole; a broken one changes nothing."""

import gzip
import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from web.running.archives import WORK, Members, attached, members, packed, sealed
from web.running.installation import Installation, Kitchen, until

WORK_ON = """
from web.running.chores import open_cases_without_end
for stream in range(3):
    open_cases_without_end.enqueue()
"""

SESSION = "s3ss10nk3ys3ss10nk3ys3ss10nk3y01"
REMEMBER = f"""
import datetime as dt
from django.core.cache import cache
from django.utils import timezone
from linli.web.foundation.accounts.models import Session
ends = timezone.now() + dt.timedelta(hours=1)
Session.objects.create(session_key="{SESSION}", session_data="x", expire_date=ends)
cache.set("tried", 3, 3600)
"""


class TestWhole:
    def test_it_comes_back_on_another_machine_with_every_row_and_file(
        self, installation: Installation, kept: Path
    ) -> None:
        said = installation.linli("--language", "en", "restore", str(kept))
        assert "The audit log is whole" in said
        assert installation.one("SELECT title FROM casework_case") == "路灯不亮"
        assert attached(installation) == ["第一根灯杆"]
        installation.linli("audit", "verify")
        assert installation.one("SELECT COUNT(*) FROM audit_entry WHERE action = 'platform.restore'") == 1

    def test_a_database_in_use_is_replaced_only_when_told_to(
        self, county_at_work: Installation, kept: Path
    ) -> None:
        county_at_work.python(WORK + WORK)
        assert "--replace" in county_at_work.linli("restore", str(kept), code=2)
        assert county_at_work.one("SELECT COUNT(*) FROM casework_case") == 2
        county_at_work.linli("restore", str(kept), "--replace")
        assert county_at_work.one("SELECT COUNT(*) FROM casework_case") == 1
        assert attached(county_at_work) == ["第一根灯杆"]
        # Numbers go on where they were, and so does the audit log.
        county_at_work.python(WORK)
        county_at_work.linli("audit", "verify")

    def test_one_taken_while_workers_write_is_of_one_moment(
        self, county_at_work: Installation, kitchen: Kitchen, tmp_path: Path
    ) -> None:
        county_at_work.python(WORK_ON)
        worker = county_at_work.start_worker()
        count = "SELECT COUNT(*) FROM casework_case"
        until(lambda: county_at_work.one(count) > 20)
        county_at_work.linli("backup", str(tmp_path / "b.tar.gz"))
        # The worker never comes to an end: it was at work all the time.
        after = county_at_work.one(count)
        until(lambda: county_at_work.one(count) > after)
        worker.kill()
        other = kitchen.make()
        other.linli("restore", str(tmp_path / "b.tar.gz"), LINLI_LEASE_SECONDS="0")
        cases = other.one("SELECT COUNT(*) FROM casework_case")
        assert cases > 20
        assert other.one("SELECT COUNT(*) FROM audit_entry WHERE action = 'case.open'") == cases
        kitchen.throw_away(other)

    # Guard 15
    def test_no_session_and_nothing_that_was_remembered_is_in_it(
        self, county_at_work: Installation, kitchen: Kitchen, tmp_path: Path
    ) -> None:
        county_at_work.python(REMEMBER)
        assert county_at_work.one("SELECT COUNT(*) FROM accounts_session") == 1
        county_at_work.linli("backup", str(tmp_path / "b.tar.gz"))
        found = members(tmp_path / "b.tar.gz")
        assert all(SESSION.encode() not in content for content in found.values())
        other = kitchen.make()
        other.linli("restore", str(tmp_path / "b.tar.gz"))
        assert other.one("SELECT COUNT(*) FROM accounts_cacheentry") == 0
        assert county_at_work.one("SELECT COUNT(*) FROM accounts_session") == 1
        assert "accounts_session" not in json.loads(found["manifest.json"])["rows"]
        kitchen.throw_away(other)

    def test_nobody_else_can_read_it(self, kept: Path) -> None:
        assert kept.stat().st_mode & 0o777 == 0o600

    def test_the_key_is_not_in_it(self, kept: Path) -> None:
        key = (kept.parent / "secret.key").read_bytes()
        assert all(key not in content for content in members(kept).values())


def test_an_attached_file_that_is_gone_is_named_and_the_rest_is_kept(
    whatever_the_database: None, county_at_work: Installation, tmp_path: Path
) -> None:
    county_at_work.python(WORK)
    for path in (county_at_work.folder / "files").rglob("*-*"):
        path.unlink()
    said = county_at_work.linli("--language", "en", "backup", str(tmp_path / "b.tar.gz"), code=1)
    assert "not on the disk: cases/" in said
    assert (tmp_path / "b.tar.gz").exists()


def test_the_key_of_another_machine_is_told_before_anything_is_touched(
    whatever_the_database: None, installation: Installation, kept: Path
) -> None:
    (installation.folder / "secret.key").unlink()
    assert "LINLI_AUDIT_KEY" in installation.linli("restore", str(kept), code=2)
    assert installation.one("SELECT COUNT(*) FROM casework_case") == 0
    assert "--sha256" in installation.linli("restore", str(kept), "--key-lost", code=2)
    other = installation.linli("restore", str(kept), "--key-lost", "--sha256", "0" * 64, code=2)
    assert "SHA-256" in other
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    said = installation.linli(
        "--language", "en", "restore", str(kept), "--key-lost", "--sha256", digest, code=1
    )
    assert "differs from what was written" in said
    assert installation.one("SELECT COUNT(*) FROM casework_case") == 1
    detail = installation.one("SELECT detail FROM audit_entry WHERE action = 'platform.restore'")
    assert "unsealed" in str(detail)


def flipped(found: Members) -> Members:
    name = next(name for name in found if name.startswith("database."))
    content = bytearray(found[name])
    content[len(content) // 2] ^= 1
    return {**found, name: bytes(content)}


def without(part: str) -> Callable[[Members], Members]:
    return lambda found: {name: content for name, content in found.items() if part not in name}


def said_otherwise(**changes: object) -> Callable[[Members], Members]:
    def change(found: Members) -> Members:
        manifest = {**json.loads(found["manifest.json"]), **changes}
        return sealed({**found, "manifest.json": json.dumps(manifest).encode()})

    return change


BROKEN: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a changed database": (flipped, "is not as it was written"),
    "no database": (without("database."), "lacks “database."),
    "no attached file": (without("files/"), "lacks “files/"),
    "no manifest": (without("manifest"), "no readable list"),
    "something extra": (lambda found: {**found, "files/extra": b"x"}, "does not belong there"),
    "another format": (said_otherwise(format="linli-backup/9"), "linli-backup/9"),
    "another engine": (said_otherwise(engine="oracle"), "oracle"),
    "a newer version": (said_otherwise(migrations=["casework.9999_future"]), "casework.9999_future"),
    "a manifest of nonsense": (lambda found: {**found, "manifest.json": b"[1]"}, "no readable list"),
}


class TestBroken:
    @pytest.mark.parametrize("kind", BROKEN)
    def test_it_is_refused(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str], kind: str
    ) -> None:
        change, expected = BROKEN[kind]
        packed(tmp_path / "broken.tar.gz", change(members(kept)))
        assert expected in refused(tmp_path / "broken.tar.gz")

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
    def test_one_cut_short_is_refused(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str], share: float
    ) -> None:
        whole = kept.read_bytes()
        (tmp_path / "cut.tar.gz").write_bytes(whole[: int(len(whole) * share)])
        assert "damaged or cut short" in refused(tmp_path / "cut.tar.gz")

    @pytest.mark.parametrize(
        "content",
        [b"nothing", gzip.compress(b"nothing", mtime=0), bytes(2048)],
        ids=["text", "compressed text", "zeros"],
    )
    def test_what_is_no_archive_is_refused(
        self, tmp_path: Path, refused: Callable[[Path], str], content: bytes
    ) -> None:
        (tmp_path / "no.tar.gz").write_bytes(content)
        assert "damaged or cut short" in refused(tmp_path / "no.tar.gz")

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
    def test_anything_but_a_plain_file_is_refused(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str], kind: bytes
    ) -> None:
        packed(tmp_path / "odd.tar.gz", members(kept))
        with tarfile.open(tmp_path / "odd.tar.gz", "w:gz") as tar:
            member = tarfile.TarInfo("files/odd")
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
        assert "does not belong there" in refused(tmp_path / "odd.tar.gz")

    @pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "files/../../outside"])  # noqa: S108
    def test_nothing_is_written_outside(
        self, kept: Path, tmp_path: Path, refused: Callable[[Path], str], name: str
    ) -> None:
        packed(tmp_path / "out.tar.gz", {**members(kept), name: b"x"})
        refused(tmp_path / "out.tar.gz")
        assert not (tmp_path.parent / "outside").exists()

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path, refused: Callable[[Path], str]) -> None:
        assert "no file" in refused(tmp_path / "none.tar.gz")
