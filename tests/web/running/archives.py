"""Backups taken apart and put together again, as somebody does who can write to them."""

import io
import tarfile
from pathlib import Path

from web.running.installation import Installation

Members = dict[str, bytes]

WORK = """
from django.utils import timezone
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.attaching import Attach
from linli.web.foundation.casework.actions.opening import OpenCase
case = perform(OpenCase(kind="request", category="other", title="路灯不亮"), SYSTEM, timezone.now())
perform(Attach(case_id=case.pk, file_name="说明.txt", content="第一根灯杆".encode()), SYSTEM, timezone.now())
"""


def members(archive: Path) -> Members:
    with tarfile.open(archive) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}  # type: ignore[union-attr]


def packed(archive: Path, found: Members) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in found.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def attached(installation: Installation) -> list[str]:
    return [p.read_text() for p in sorted((installation.folder / "files").rglob("*")) if p.is_file()]


def sealed(found: Members) -> Members:
    """With a seal of the key of this process, as only whoever has the key can make it."""
    from linli.web.foundation.operations.backup.manifest import seal_for

    return {**found, "manifest.seal": seal_for(found["manifest.json"].decode()).encode()}
