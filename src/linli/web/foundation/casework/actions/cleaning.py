"""Files that strangers sent are opened by a job, apart: cleaned they are kept, else it is said why not.

Oldest first; but a sender whose files were open for more than a minute within the hour waits behind the rest.
"""

import contextlib
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum

from linli.kernel.errors import InputRefused
from linli.kernel.texts import Text
from linli.privacy.allowance import Allowance, allowance
from linli.privacy.apart import is_stopping
from linli.privacy.files import CleanFile
from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import Action, Context, perform
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.audit.chain import Record
from linli.web.foundation.casework.actions.base import say, write_event
from linli.web.foundation.casework.models import Attachment, Case, Opening
from linli.web.foundation.casework.observers import tell_observers
from linli.web.foundation.jobs.batches import for_each
from linli.web.foundation.jobs.files import delete_after_commit
from linli.web.foundation.scanning.scanner import Infected, Silent, inspected

__all__ = ["BATCH", "KeepCleaned", "run_cleaning"]

BATCH: Final = 20
BUSY: Final = "files.busy"
HOUR: Final = dt.timedelta(hours=1)
MOST_OPEN: Final = 60_000
"""Milliseconds of one sender's files within an hour; beyond that they wait behind all others."""


@dataclass(frozen=True, kw_only=True)
class KeepCleaned(Action[Case]):
    """Put the cleaned file in the place of the one that came in, or take that away."""

    name: ClassVar[str] = "case.attachment_cleaned"
    attachment_id: int
    cleaned: CleanFile | None
    reason: Text | None = None
    """Why there is none."""

    def check(self, context: Context) -> None:
        """Only the job does this."""
        if not context.actor.is_system:
            raise Forbidden(say("case.forbidden"))

    def change(self, context: Context) -> Case:
        """Rows with the transaction; the file that came in goes once it is done."""
        found = Attachment.objects.filter(pk=self.attachment_id, waiting=True).first()
        if found is None:
            raise Conflict(say("attach.missing"))
        case = Case.objects.select_for_update(of=("self",)).get(pk=found.case_id)
        # Under the case's lock: another worker may have been faster.
        file = Attachment.objects.filter(pk=self.attachment_id, waiting=True).first()
        if file is None:
            raise Conflict(say("attach.missing"))
        if self.cleaned is None:
            self._refuse(case, file, context)
        else:
            delete_after_commit([file.path], context.at)
            _replace(file, self.cleaned)
        return case

    def _refuse(self, case: Case, file: Attachment, context: Context) -> None:
        reason = self.reason or say("attach.missing")
        detail = {"name": file.name, "zh": reason.zh, "en": reason.en}
        file.delete()
        write_event(case, "file_refused", context, detail=detail, public=True)
        case.save(update_fields=["revision"])

    def follow(self, result: Case, context: Context) -> None:
        """Whoever follows the case by its code is told."""
        tell_observers(result, self.name, context)

    def record(self, result: Case) -> Record:
        """Which case, and whether the file was kept."""
        detail: Mapping[str, Any] = {"number": result.number, "kept": self.cleaned is not None}
        return Record(
            action=self.name,
            subject_kind="case",
            subject_id=str(result.pk),
            station=result.station_code,
            detail=detail,
        )


def _replace(file: Attachment, clean: CleanFile) -> None:
    path = f"cases/{file.case_id}/{file.pk}-{clean.sha256[:24]}"
    kept = default_storage.save(path, ContentFile(clean.content))
    try:
        with transaction.atomic():
            file.path, file.size, file.sha256 = kept, clean.size, clean.sha256
            file.media_type, file.waiting, file.sender = clean.media_type, False, ""
            file.save(update_fields=["path", "size", "sha256", "media_type", "waiting", "sender"])
    except Exception:
        default_storage.delete(kept)
        raise


def run_cleaning(at: dt.datetime, *, most: int = BATCH) -> int:
    """Open what waits; how many left the queue. A worker that is to end leaves the rest."""
    Opening.objects.filter(at__lt=at - HOUR).delete()
    done: list[bool] = []
    for_each(_waiting(most, at), lambda file: done.append(_clean(file, at)))
    return sum(done)


def _waiting(most: int, at: dt.datetime) -> Iterator[Attachment]:
    """One by one, as each that was opened may change whose is next."""
    tried: list[int] = []
    while len(tried) < most and not is_stopping():
        left = Attachment.objects.filter(waiting=True).exclude(pk__in=tried).order_by("pk")
        file = left.exclude(sender__in=_heavy(at)).first() or left.first()
        if file is None:
            return
        tried.append(file.pk)
        yield file


def _heavy(at: dt.datetime) -> list[str]:
    senders = Opening.objects.filter(at__gte=at - HOUR).values("sender").annotate(open=Sum("milliseconds"))
    return list(senders.filter(open__gt=MOST_OPEN).values_list("sender", flat=True))


def _clean(file: Attachment, at: dt.datetime) -> bool:
    """Whether it left the queue; what it took is counted for its sender."""
    with allowance(math.inf) as used:
        left = _tried(file, at)
    _count(file.sender, used, at)
    return left


def _count(sender: str, used: Allowance, at: dt.datetime) -> None:
    if sender and used.opened:
        Opening.objects.create(sender=sender, at=at, milliseconds=round(used.opened * 1000))


def _tried(file: Attachment, at: dt.datetime) -> bool:
    """Whether it left the queue; while others are being opened it stays."""
    cleaned, reason = None, None
    try:
        with default_storage.open(file.path) as content:
            most = settings.ATTACHMENT_MOST_BYTES
            cleaned = inspected(file.name, content.read(), most_bytes=most, behind=True)
    except FileNotFoundError:
        reason = say("attach.missing")
    except Silent:
        return False
    except Infected as found:
        reason = found.text
    except InputRefused as refused:
        if any(finding.code == BUSY for finding in refused.findings):
            return False
        reason = refused.text
    # Another worker may have been faster, or the case shredded meanwhile.
    with contextlib.suppress(Conflict):
        perform(KeepCleaned(attachment_id=file.pk, cleaned=cleaned, reason=reason), SYSTEM, at)
    return True
