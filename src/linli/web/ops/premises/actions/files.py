"""Files of premises: type and size checked, cleaned, kept under a name of their own."""

import datetime as dt
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from linli.privacy.files import CleanFile, LookedOver
from linli.web.foundation.actions.opening import opened_once
from linli.web.foundation.scanning.scanner import inspected, inspected_in_time
from linli.web.ops.premises.models import KeptFile, Premises

__all__ = ["Upload", "keep_file"]


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    content: bytes = field(repr=False)

    def clean(self) -> CleanFile:
        """The cleaned file.

        Raises
        ------
        InputRefused
            It is of another kind, too large, damaged, or holds something that runs.
        """
        return opened_once(self, self._opened_file)

    def taken(self) -> CleanFile | LookedOver:
        """The cleaned file, or one that waits for a job, as the files before it took all the time there is.

        Raises
        ------
        InputRefused
            As ``clean`` says.
        """
        return opened_once(self, self._opened_in_time)

    def _opened_in_time(self) -> CleanFile | LookedOver:
        return inspected_in_time(self.name, self.content, most_bytes=settings.ATTACHMENT_MOST_BYTES)

    def _opened_file(self) -> CleanFile:
        return inspected(self.name, self.content, most_bytes=settings.ATTACHMENT_MOST_BYTES)


def keep_file(premises: Premises, upload: Upload, at: dt.datetime) -> KeptFile:
    """Keep a cleaned file of premises; it is deleted again if its row cannot be written."""
    clean = upload.clean()
    path = default_storage.save(f"premises/{premises.pk}/{clean.sha256[:24]}", ContentFile(clean.content))
    try:
        with transaction.atomic():
            return KeptFile.objects.create(
                premises=premises,
                name=clean.name,
                media_type=clean.media_type,
                size=clean.size,
                sha256=clean.sha256,
                path=path,
                at=at,
            )
    except Exception:
        default_storage.delete(path)
        raise
