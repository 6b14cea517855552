"""The dated norms of the pack in force: what is asked by which day, where it stands, which stations are late.

Pure. A norm is dated where its check falls due on a day, or where a value that it reads is given for later
days than the pack's first or changes (L2, L4, L5, L13). Where it stands is what the deployment's own check of
the clause says.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from linli.kernel.texts import Text
from linli.planning.deployment import ClauseCheck, Deployment
from linli.policy.model import Check, DatedValue, Pack
from linli.policy.wording import quantity_text

__all__ = ["Norm", "Progress", "Stood", "norms_of"]

Progress = Literal["met", "late", "in_time", "unknown"]
"""Met; not met and its day has passed; not met and its day is to come; not known from the deployment."""

WORD = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Stood:
    """How many rows of a check meet it, of those that were checked."""

    met: int
    checked: int
    value: float | None


@dataclass(frozen=True)
class Norm:
    """One dated norm of the pack; ``late`` are the codes of the stations that do not meet it.

    A deployment names the first twenty rows that fail a check: where there are more, ``complete`` is false
    and further stations may be late.
    """

    id: str
    clause: str
    title: Text
    asked: tuple[Text, ...]
    due: dt.date
    progress: Progress
    stood: Stood | None
    late: tuple[str, ...] = ()
    complete: bool = True


def norms_of(pack: Pack, deployment: Deployment, on: dt.date) -> tuple[Norm, ...]:
    """The dated norms by their day, the earliest first.

    Parameters
    ----------
    on : date
        The day by which a norm is late or in time.
    """
    checked = {check.id: check for check in deployment.checks if check.id}
    found = [
        _norm(check, values, pack, checked.get(str(check.id)), deployment, on)
        for check in pack.checks()
        if (values := _values(check, pack)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.clause, one.id)))


def _values(check: Check, pack: Pack) -> Sequence[DatedValue] | None:
    """The values that a dated check reads; ``None`` for a check that no day belongs to."""
    named = WORD.findall(check.rule)
    values = [value for id_, value in pack.values.items() if str(id_) in named and not value.assumed]
    dated = check.due is not None or check.start > pack.start
    dated = dated or any(len(v.entries) > 1 or v.entries[0].start > pack.start for v in values)
    return values if dated else None


def _norm(
    check: Check,
    values: Sequence[DatedValue],
    pack: Pack,
    found: ClauseCheck | None,
    deployment: Deployment,
    on: dt.date,
) -> Norm:
    due = check.due or _next_day(check, values, on)
    progress = _progress(found, due, on)
    late = _stations(found, deployment) if progress == "late" and found is not None else ()
    return Norm(
        id=str(check.id),
        clause=str(check.clause),
        title=check.title,
        asked=tuple(_asked(value, max(due, on)) for value in values),
        due=due,
        progress=progress,
        stood=None
        if found is None
        else Stood(found.met, found.met + found.not_met + found.unknown, found.value),
        late=late,
        complete=found is None or found.scope == "territory" or len(found.failing) >= found.not_met,
    )


def _next_day(check: Check, values: Sequence[DatedValue], on: dt.date) -> dt.date:
    """The last day from which a value holds: one that is to come, else the latest that has."""
    days = sorted({check.start, *(entry.start for value in values for entry in value.entries)})
    coming = [day for day in days if day > on]
    return coming[0] if coming else days[-1]


def _asked(value: DatedValue, on: dt.date) -> Text:
    number = value.on(on)
    if number is None:
        return value.title
    quantity = quantity_text(number, value.unit)
    return Text(f"{value.title.zh}：{quantity.zh}", f"{value.title.en}: {quantity.en}")


def _progress(found: ClauseCheck | None, due: dt.date, on: dt.date) -> Progress:
    if found is None or found.status not in ("met", "not_met", "not_yet_due"):
        return "unknown"
    if found.status == "met":
        return "met"
    return "late" if due <= on else "in_time"


def _stations(found: ClauseCheck, deployment: Deployment) -> tuple[str, ...]:
    """The stations of the rows that fail; all of them where the norm is one of the whole territory."""
    of_place: Mapping[str, str] = {str(one.code): str(one.station) for one in deployment.places}
    of_beat = {str(one.id): str(one.station) for one in deployment.beats}
    of_post = {str(one.id): of_place.get(str(one.place), "") for one in deployment.posts}
    own = {str(one.id): str(one.id) for one in deployment.stations}
    tables: Mapping[str, Mapping[str, str]] = {
        "place": of_place,
        "beat": of_beat,
        "post": of_post,
        "station": own,
    }
    if found.scope == "territory":
        return tuple(sorted(own))
    return _unique(tables[found.scope].get(row, "") for row in found.failing)


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({code for code in codes if code}))
