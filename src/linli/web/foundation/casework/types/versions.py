"""Cases keep the version of their type that they were opened under.

Each version that a case was opened under is kept in the database, by the hash of what it says. A case whose
version differs from the file of today moves on to that by itself where nothing that it may have used is gone
(every state, field, category and result); else its own version goes on being used, and so does that of a type
whose file is gone. So a file that was changed or taken away under open cases stops none of them: they are
listed, shown, worked on and closed as before, new ones follow the new file, and ``linli platform check``
says which cases stand under which version.
"""

import logging
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from pydantic import ValidationError

from linli.web.foundation.actions.refusals import Missing
from linli.web.foundation.casework.models import Case, TypeVersion
from linli.web.foundation.casework.types.loading import say
from linli.web.foundation.casework.types.model import TypeSpec
from linli.web.foundation.casework.types.register import set_retired, shipped_types

__all__ = [
    "Kept",
    "Standing",
    "forget",
    "keep",
    "keep_once",
    "keep_types",
    "spec_of",
    "spec_or_none",
    "standings",
]

log = logging.getLogger("linli.casework")

_BY_HASH: Final[dict[str, TypeSpec | None]] = {}
_BY_STATE: Final[dict[tuple[str, str], TypeSpec | None]] = {}
Standing = tuple[str, str, int, str, TypeSpec | None]
"""Type, state, how many cases, the first one's number, and what they stand under; ``None`` for nothing."""


def forget() -> None:
    """Ask the database anew; what was remembered belongs to another one."""
    _BY_HASH.clear()
    _BY_STATE.clear()


def keep_types() -> None:
    """Keep today's versions, and call back the types whose file is gone while there are cases of them.

    Called when a process starts to serve, to work or to check.
    """
    forget()
    current = shipped_types()
    known = dict(TypeVersion.objects.order_by("pk").values_list("digest", "case_type"))
    for spec in current.values():
        if spec.digest not in known:
            keep(spec)
    retired = {}
    for id_ in sorted(set(known.values()) - set(current)):
        newest = _newest(id_)
        if newest is not None and Case.objects.filter(case_type=id_).exists():
            retired[id_] = newest
    set_retired(retired)


def keep(spec: TypeSpec) -> None:
    """Keep a version, unless it is kept."""
    row = TypeVersion(case_type=spec.id, digest=spec.digest, definition=spec.model_dump(mode="json"))
    TypeVersion.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: _BY_HASH.__setitem__(spec.digest, spec))


def keep_once(spec: TypeSpec) -> None:
    """Keep the version that a case is opened under; asks the database once a process."""
    if _BY_HASH.get(spec.digest) is None:
        keep(spec)


def spec_of(case: Case) -> TypeSpec:
    """The type of a case in the version that it stands under.

    Raises
    ------
    Missing
        No version that is known has the state that the case is in.
    """
    found = spec_or_none(case)
    if found is None:
        raise Missing(say("type.lost", id=case.case_type, state=case.state, number=case.number or case.pk))
    return found


def spec_or_none(case: Case) -> TypeSpec | None:
    """As ``spec_of``, for lists: ``None`` where no version has the state. No query once it was read."""
    return _standing(case.case_type, case.type_hash, case.state)


def _standing(kind: str, digest: str, state: str) -> TypeSpec | None:
    current = shipped_types().get(kind)
    own = None if current is not None and digest == current.digest else _kept(digest)
    if current is not None and state in current.state_by_id and (own is None or current.covers(own)):
        return current
    if own is not None and state in own.state_by_id:
        return own
    return _with_state(kind, state)


def standings() -> list[Standing]:
    """All cases by type and state, where they do not stand under the file of today."""
    found: list[Standing] = []
    grouped = Case.objects.order_by("case_type", "state").values_list("case_type", "type_hash", "state")
    for kind, digest, state, count, first in grouped.annotate(n=Count("pk"), first=Min("number")):
        spec = _standing(kind, digest, state)
        if spec is None or spec != shipped_types().get(kind):
            found.append((kind, state, count, first or "", spec))
    return found


def _kept(digest: str) -> TypeSpec | None:
    if not digest:
        return None
    if digest not in _BY_HASH:
        row = TypeVersion.objects.filter(digest=digest).first()
        _BY_HASH[digest] = None if row is None else _read(row)
    return _BY_HASH[digest]


def _with_state(kind: str, state: str) -> TypeSpec | None:
    if (kind, state) not in _BY_STATE:
        specs = (_read(row) for row in TypeVersion.objects.filter(case_type=kind).order_by("-pk"))
        _BY_STATE[kind, state] = next((s for s in specs if s is not None and state in s.state_by_id), None)
    return _BY_STATE[kind, state]


def _newest(kind: str) -> TypeSpec | None:
    specs = (_read(row) for row in TypeVersion.objects.filter(case_type=kind).order_by("-pk"))
    return next((spec for spec in specs if spec is not None), None)


def _read(row: TypeVersion) -> TypeSpec | None:
    try:
        return TypeSpec.model_validate(row.definition)
    except ValidationError:
        log.exception(
            "Version %s of the case type %s cannot be read by this Linli.", row.digest, row.case_type
        )
        return None


class Kept:
    """Whether this process has kept its types; tried again until the database takes them."""

    done = False

    @classmethod
    def once(cls) -> None:
        """Keep them, once a process."""
        if cls.done:
            return
        try:
            keep_types()
            cls.done = True
        except DatabaseError as reason:
            log.warning("The case types could not be kept (%s); trying again.", type(reason).__name__)
