"""The one way in: what a resident sends is checked, limited and queued; it becomes a case elsewhere."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import IntegrityError, transaction

from linli.kernel.texts import Text, catalogue
from linli.privacy.files import CleanFile, LookedOver
from linli.web.foundation.actions.keys import keyed_digest
from linli.web.foundation.actions.refusals import Conflict, Invalid, Missing
from linli.web.intake import limits
from linli.web.intake.checking import wrong_values
from linli.web.intake.codes import code_of, hashed, hashes, new_code
from linli.web.intake.models import Entry, EntryFile, Track
from linli.web.intake.offers import Offer, category_of, villages
from linli.web.intake.receiving import tell_receivers
from linli.web.intake.tracking import takes_word

__all__ = ["MOST_FILES", "Feedback", "Request", "submit", "submit_feedback"]

say = catalogue("linli.web.intake")

MOST_FILES: Final = 3
Given = CleanFile | LookedOver
"""A file whose kind and size have been looked at; it is opened by a job once it is in the case."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a resident sends. ``values`` holds the public fields of the kind, personal ones among them."""

    service: str
    title: str = ""
    description: str = ""
    place: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    anonymous: bool = False
    channel: str = "public"
    files: tuple[Given, ...] = ()
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What a resident says of how it went."""

    code: str
    solved: bool
    rating: int | None = None
    comment: str = ""
    reopen: bool = False
    key: str = ""


def submit(given: Request, *, at: dt.datetime, sender: str) -> Entry:
    """Queue a request; the same sending twice is one entry.

    Parameters
    ----------
    sender : str
        The network address it came from. It is counted by a hash of the day and not kept.

    Raises
    ------
    TooMany, Invalid
        With what to do; nothing was queued.
    """
    purpose = "open311" if given.channel == "open311" else "request"
    key = _bound_key(given)
    code = new_code() if key is None else code_of(given.key, *_content(given))
    known = _sent_before(key, code)
    if known is not None:
        return known
    offer, category = _checked(given)
    personal = {one.id for one in offer.fields if one.why is not None}
    filled = {id_: value for id_, value in given.values.items() if str(value).strip()}
    entry = Entry(
        kind=Entry.Kind.REQUEST,
        code_hash=hashed(code),
        case_type=offer.kind,
        category=category,
        title=given.title.strip(),
        description=given.description.strip(),
        place_code=given.place,
        address=given.address.strip(),
        longitude=given.longitude,
        latitude=given.latitude,
        given={id_: value for id_, value in filled.items() if id_ not in personal},
        contact={} if given.anonymous else {i: str(v).strip() for i, v in filled.items() if i in personal},
        anonymous=given.anonymous,
        channel=given.channel,
        received_at=at,
        key=key,
    )
    entry.code = code
    return _queued(entry, given.files, purpose, sender, at)


def submit_feedback(given: Feedback, *, at: dt.datetime, sender: str) -> Entry:
    """Queue feedback on a request, and the wish to have it opened again.

    Raises
    ------
    TooMany, Invalid, Missing, Conflict
        With what to do; nothing was queued.
    """
    key = _bound_key(given)
    known = _sent_before(key)
    if known is not None:
        return known
    track = _checked_feedback(given, at)
    entry = Entry(
        kind=Entry.Kind.FEEDBACK,
        code_hash=track.code_hash or "",
        description=given.comment.strip(),
        given={"solved": given.solved, "rating": given.rating, "reopen": given.reopen},
        received_at=at,
        key=key,
    )
    return _queued(entry, (), "feedback", sender, at)


def _bound_key(given: Request | Feedback) -> str | None:
    """One sending is a key *with* its content: who knows another's key alone is not told what came of it."""
    if not given.key:
        return None
    return keyed_digest("intake", type(given).__name__, given.key, *_content(given))


def _content(given: Request | Feedback) -> list[str]:
    content = {name: value for name, value in vars(given).items() if name not in ("key", "files")}
    files = given.files if isinstance(given, Request) else ()
    parts = [part for one in files for part in (one.name, hashlib.sha256(one.content).hexdigest())]
    return [json.dumps(content, sort_keys=True, default=str), *parts]


def _sent_before(key: str | None, code: str = "") -> Entry | None:
    known = None if key is None else Entry.objects.filter(key=key).first()
    if known is not None:
        known.code = code
    return known


def _queued(entry: Entry, files: tuple[Given, ...], purpose: str, sender: str, at: dt.datetime) -> Entry:
    try:
        with transaction.atomic():
            # Counted in the transaction that takes it in: refused is what was not taken in, and nothing else.
            limits.take(purpose, sender, at)
            limits.take("file", sender, at, times=len(files))
            entry.save(force_insert=True)
            EntryFile.objects.bulk_create(
                EntryFile(
                    entry=entry,
                    name=one.name,
                    media_type=one.media_type,
                    content=one.content,
                    sender=limits.digest_of(sender, at),
                )
                for one in files
            )
            tell_receivers(at)
    except IntegrityError:
        # The same form came in twice at the same moment: the first one counts.
        known = _sent_before(entry.key, entry.code)
        if known is None:
            raise
        return known
    return entry


def _checked(given: Request) -> tuple[Offer, str]:
    wrong: dict[str, Text] = {}
    found = category_of(given.service)
    if found is None:
        raise Invalid(say("request.no_category"), {"service": say("request.no_category")})
    offer, category = found
    if not given.title.strip() or len(given.title.strip()) > 200 or "\x00" in given.title:
        wrong["title"] = say("request.no_title")
    if len(given.description) > 4000 or "\x00" in given.description:
        wrong["description"] = say("request.long_description")
    if len(given.address) > 200 or "\x00" in given.address:
        wrong["address"] = say("request.long_address")
    wrong.update(_wrong_place(given, offer))
    if len(given.files) > MOST_FILES:
        wrong["files"] = say("request.too_many_files", most=MOST_FILES)
    asked = [one for one in offer.fields if one.why is None or not given.anonymous]
    values = given.values if not given.anonymous else _without_personal(given.values, offer)
    wrong.update(wrong_values(asked, values))
    if wrong:
        raise Invalid(say("request.refused", count=len(wrong)), wrong)
    return offer, category.id


def _without_personal(values: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    personal = {one.id for one in offer.fields if one.why is not None}
    return {id_: value for id_, value in values.items() if id_ not in personal}


def _wrong_place(given: Request, offer: Offer) -> dict[str, Text]:
    x, y = given.longitude, given.latitude
    if (x is None) != (y is None) or (x is not None and y is not None and not _on_earth(x, y)):
        return {"position": say("request.no_position")}
    if given.place and given.place not in {village.code for village in villages()}:
        return {"place": say("request.no_village")}
    if offer.positioned and x is None and not given.place and not given.address.strip():
        return {"place": say("request.nowhere")}
    return {}


def _on_earth(longitude: float, latitude: float) -> bool:
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def _checked_feedback(given: Feedback, at: dt.datetime) -> Track:
    track = Track.objects.filter(code_hash__in=hashes(given.code)).first() if given.code else None
    if track is None:
        raise Missing(say("track.unknown"))
    if not takes_word(track, at):
        raise Conflict(say("feedback.not_now"))
    wrong: dict[str, Text] = {}
    if given.rating is not None and not 1 <= given.rating <= 5:
        wrong["rating"] = say("feedback.rating")
    if len(given.comment) > 2000 or "\x00" in given.comment:
        wrong["comment"] = say("feedback.long")
    if given.solved and given.reopen:
        wrong["reopen"] = say("feedback.solved_and_reopened")
    if wrong:
        raise Invalid(say("request.refused", count=len(wrong)), wrong)
    return track
