"""A file is added to a case: type and size checked, what a camera hides in it removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from linli.privacy.files import CleanFile, LookedOver, clean_file, look_over
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.opening import open_ahead, opened_once
from linli.web.foundation.actions.refusals import Conflict, Forbidden
from linli.web.foundation.casework.actions.base import CaseAction, say, write_event
from linli.web.foundation.casework.models import Attachment, Case
from linli.web.foundation.casework.subjects import may_own
from linli.web.foundation.scanning.scanner import refuse_infected

__all__ = ["MOST_FILES", "Attach"]

MOST_FILES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Attach(CaseAction):
    """Add a file."""

    name: ClassVar[str] = "case.attach"
    by_share: ClassVar[bool] = True
    file_name: str
    content: bytes = field(repr=False)
    text: str = ""
    public: bool = False
    cleaned: CleanFile | LookedOver | None = field(default=None, repr=False)
    """The file where it has been cleaned already, by an action that this one is a part of, or waits to be."""
    sender: str = ""
    """Whose files count together while they wait; else the account's."""
    later: bool = False
    """Take it in as it is and have a job open it: for strangers' files, so that no page waits for a decoder.
    Nobody is shown it before."""

    def prepare(self) -> None:
        """Open the file while nobody waits for the case."""
        open_ahead(self._clean)

    def check_case(self, case: Case, context: Context) -> None:
        """It is a kind of file that is allowed, and not too large."""
        if case.attachments.count() >= MOST_FILES:
            raise Conflict(say("attach.too_many", most=MOST_FILES))
        raised = context.actor.user_id is not None and context.actor.user_id == case.opened_by_id
        if self.public and not raised and not may_own(context.actor, "work", case):
            # What whoever raised the case is shown is said by those who answer for it.
            raise Forbidden(say("case.not_by_share"))
        self._clean()

    def _clean(self) -> CleanFile | LookedOver:
        return self.cleaned or opened_once(self, self._opened_file)

    def _opened_file(self) -> CleanFile | LookedOver:
        looked = look_over(self.file_name, self.content, most_bytes=settings.ATTACHMENT_MOST_BYTES)
        if self.later and (looked.opened or settings.SCANNER):
            return looked
        refuse_infected(self.content)
        return clean_file(looked)

    def change(self, context: Context) -> Case:
        """Keep the cleaned file under a name of its own; it is deleted again if the rest fails."""
        case, clean = self.locked(), self._clean()
        path = f"cases/{case.pk}/{case.revision + 1}-{clean.sha256[:24]}"
        event = write_event(
            case, "attached", context, text=self.text.strip(), detail={"name": clean.name}, public=self.public
        )
        case.save(update_fields=["revision"])
        try:
            kept = default_storage.save(path, ContentFile(clean.content))
        except OSError:
            # A full disk leaves the beginning of the file.
            default_storage.delete(path)
            raise
        try:
            with transaction.atomic():
                Attachment.objects.create(
                    case=case,
                    event=event,
                    name=clean.name,
                    media_type=clean.media_type,
                    size=len(clean.content),
                    sha256=clean.sha256,
                    path=kept,
                    public=self.public,
                    waiting=isinstance(clean, LookedOver),
                    sender=self._sender(context) if isinstance(clean, LookedOver) else "",
                )
        except Exception:
            default_storage.delete(kept)
            raise
        return case

    def _sender(self, context: Context) -> str:
        return self.sender or f"account {context.actor.user_id}"

    def detail(self) -> Mapping[str, Any]:
        """Which kind of file."""
        return {"sha256": self._clean().sha256, "media_type": self._clean().media_type}
