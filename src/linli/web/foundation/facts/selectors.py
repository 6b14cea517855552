"""The only reads of an export, and they only read: columns that are facts, none that tells of a person.

No title, description, address, form entry, name, note or personal value is ever selected here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import Max

from linli.web.foundation.casework.models import Case, Event, Feedback, Tombstone

__all__ = [
    "PIECE",
    "case_columns",
    "changed_cases",
    "deleted_numbers",
    "events_of",
    "high_water",
    "opinions_of",
]

PIECE: Final = 2000
"""Cases that are read together."""
SETTLING: Final = dt.timedelta(hours=1)
"""Events of the last hour are read again next time: a transaction that began earlier may end later."""

CASE_COLUMNS: Final = (
    "pk", "number", "case_type", "category", "state", "confidentiality", "station_code", "beat_code",
    "place_code", "opened_at", "promised_at", "case_due_at", "remaining_seconds", "closed_at", "result",
    "merged_into_id",
)  # fmt: skip
EVENT_KINDS: Final = ("opened", "moved", "reopened", "escalated")


def high_water(at: dt.datetime) -> int:
    """The last event that is surely followed by none with a lower key."""
    found = Event.objects.filter(at__lte=at - SETTLING).aggregate(last=Max("pk"))["last"]
    return found or 0


def changed_cases(since: int | None, kinds: tuple[str, ...]) -> Iterator[Sequence[int]]:
    """Keys of the cases that something happened to after an event, or of all, in order and in pieces."""
    found = Case.objects.filter(number__isnull=False).order_by("pk")
    if kinds:
        found = found.filter(case_type__in=kinds)
    if since is not None:
        found = found.filter(pk__in=Event.objects.filter(pk__gt=since).values("case_id"))
    last = 0
    while piece := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:PIECE]):
        yield piece
        last = piece[-1]


def case_columns(keys: Sequence[int]) -> list[dict[str, Any]]:
    """What is exported of some cases, in order of key."""
    return list(Case.objects.filter(pk__in=keys).order_by("pk").values(*CASE_COLUMNS))


def events_of(keys: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The steps in the history of some cases: when, from which state to which, by which deadline."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Event.objects.filter(case_id__in=keys, kind__in=EVENT_KINDS).order_by("case_id", "sequence")
    columns = ("detail__from", "detail__to", "detail__due_at", "detail__clock")
    for row in rows.values("case_id", "sequence", "kind", "at", *columns):
        found[row["case_id"]].append(row)
    return found


def opinions_of(keys: Sequence[int]) -> Mapping[int, bool]:
    """The last answer to "is it solved?" of each case that has one; never the words.

    What staff took down is shown on the case and is no opinion here: a station does not mark itself.
    """
    rows = (
        Feedback.objects.filter(case_id__in=keys, recorded=False)
        .order_by("at", "pk")
        .values_list("case_id", "solved")
    )
    return dict(rows)


def deleted_numbers() -> set[str]:
    """Numbers of cases that were deleted as their result demands: their facts, which tell of nobody, stay."""
    return set(Tombstone.objects.values_list("number", flat=True))
