"""What may be told of a request: by its code to whoever has it, and the listed ones to everybody."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from linli.kernel.texts import catalogue
from linli.web.foundation.actions.refusals import Missing
from linli.web.intake import limits
from linli.web.intake.codes import hashes, read_code
from linli.web.intake.models import Entry, Track

__all__ = ["Found", "entry_of", "find", "listed", "root_of", "takes_word"]

say = catalogue("linli.web.intake")


@dataclass(frozen=True)
class Found:
    """What a code leads to: the track of a case, or an entry that has not become one."""

    code: str
    track: Track | None
    entry: Entry | None


def find(text: str, *, at: dt.datetime, sender: str, own: str = "") -> Found:
    """What a code leads to. Wrong codes are counted, so that nobody can try them out.

    Parameters
    ----------
    own : str
        The digest of a code that was given to this very browser: others behind the same network, who have
        tried too many, do not hide it.

    Raises
    ------
    Missing
        There is no such code.
    TooMany
        Too many wrong ones.
    """
    code = read_code(text)
    known = hashes(code) if code else []
    if own not in known:
        limits.refuse_beyond("wrong_code", sender, at)
    track = Track.objects.select_related("merged_into").filter(code_hash__in=known).first()
    entry = entry_of(code) if code and track is None else None
    if track is None and entry is None:
        limits.count("wrong_code", sender, at)
        raise Missing(say("track.unknown"))
    return Found(code, track, entry)


def entry_of(code: str) -> Entry | None:
    """The request of a code as it was queued."""
    return Entry.objects.filter(code_hash__in=hashes(code), kind=Entry.Kind.REQUEST).first()


def root_of(track: Track) -> Track:
    """The track that a merged one goes on with; itself where it was not merged."""
    seen = {track.pk}
    while track.merged_into is not None and track.merged_into.pk not in seen:
        track = track.merged_into
        seen.add(track.pk)
    return track


def takes_word(own: Track, at: dt.datetime) -> bool:
    """Whether a person may say how it went, or that a merged one of theirs is not the same as the other.

    Of a merged one as long as the other is open, and after that as long as whoever sent the other may.
    """
    goes_on = root_of(own)
    if goes_on.pk != own.pk and goes_on.is_open:
        return own.reopen_until is not None
    return goes_on.takes_feedback(at)


def listed() -> QuerySet[Track]:
    """What everybody may see, newest first."""
    return Track.objects.filter(listed=True).order_by("-opened_at", "-id")
