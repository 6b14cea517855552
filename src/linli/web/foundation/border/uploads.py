"""What a form's file holds, read no further than it may be long."""

from django.conf import settings
from django.core.files.base import File

__all__ = ["content_of"]


def content_of(file: "File[bytes]", *, most: int | None = None) -> bytes:
    """A file's content, and of one that is too long one byte more than it may have.

    Whoever looks it over refuses it by that byte; the rest never comes into memory.

    Parameters
    ----------
    most
        Bytes; what an attachment may have where nothing is said.
    """
    limit = settings.ATTACHMENT_MOST_BYTES if most is None else most
    content: bytes = file.read(limit + 1)
    return content
