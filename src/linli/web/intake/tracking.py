"""What may be told of a request: by its code to whoever has it, and the listed ones to everybody."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Missing
from linli.web.intake import limits
from linli.web.intake.codes import read_code
from linli.web.intake.models import Entry, Track

__all__ = ["Found", "entry_of", "find", "listed", "root_of"]

say = catalogue("linli.web.intake")


@dataclass(frozen=True)
class Found:
    """What a code leads to: the track of a case, or an entry that has not become one."""

    code: str
    track: Track | None
    entry: Entry | None


def find(text: str, *, at: dt.datetime, sender: str) -> Found:
    """What a code leads to. Wrong codes are counted, so that nobody can try them out.

    Raises
    ------
    Missing
        There is no such code.
    TooMany
        Too many wrong ones.
    """
    limits.refuse_beyond("wrong_code", sender, at)
    code = read_code(text)
    track = Track.objects.select_related("merged_into").filter(code=code).first() if code else None
    entry = entry_of(code) if code and track is None else None
    if track is None and entry is None:
        limits.count("wrong_code", sender, at)
        raise Missing(say("track.unknown"))
    return Found(code, track, entry)


def entry_of(code: str) -> Entry | None:
    """The request of a code as it was queued."""
    return Entry.objects.filter(code=code, kind=Entry.Kind.REQUEST).first()


def root_of(track: Track) -> Track:
    """The track that a merged one goes on with; itself where it was not merged."""
    seen = {track.pk}
    while track.merged_into is not None and track.merged_into.pk not in seen:
        track = track.merged_into
        seen.add(track.pk)
    return track


def listed() -> QuerySet[Track]:
    """What everybody may see, newest first."""
    return Track.objects.filter(listed=True).order_by("-opened_at", "-id")
