"""A file is added to a case: type and size checked, what a camera hides in it removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from linli.privacy.files import CleanFile, inspect_file
from linli.web.foundation.actions.action import Context
from linli.web.foundation.actions.refusals import Conflict
from linli.web.foundation.casework.actions.base import CaseAction, say, write_event
from linli.web.foundation.casework.models import Attachment, Case

__all__ = ["MOST_FILES", "Attach"]

MOST_FILES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Attach(CaseAction):
    """Add a file."""

    name: ClassVar[str] = "case.attach"
    file_name: str
    content: bytes = field(repr=False)
    text: str = ""
    public: bool = False

    def check_case(self, case: Case, context: Context) -> None:
        """It is a kind of file that is allowed, and not too large."""
        if case.attachments.count() >= MOST_FILES:
            raise Conflict(say("attach.too_many", most=MOST_FILES))
        self._clean()

    def _clean(self) -> CleanFile:
        found = self.__dict__.get("_cleaned")
        if found is None:
            found = inspect_file(self.file_name, self.content, most_bytes=settings.ATTACHMENT_MOST_BYTES)
            object.__setattr__(self, "_cleaned", found)
        clean: CleanFile = found
        return clean

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
                )
        except Exception:
            default_storage.delete(kept)
            raise
        return case

    def detail(self) -> Mapping[str, Any]:
        """Which kind of file."""
        return {"sha256": self._clean().sha256, "media_type": self._clean().media_type}
