"""What ``linli platform check`` looks at: settings, case types, routing, accounts, jobs."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text, catalogue, plain
from linli.web.foundation.accounts.names import alike
from linli.web.foundation.accounts.selectors import held_apart, holders, misplaced
from linli.web.foundation.audit.witness import breaks, read_witness
from linli.web.foundation.calendars.reading import calendar_of, missing_year
from linli.web.foundation.casework.routing import unroutable
from linli.web.foundation.casework.types.register import case_types
from linli.web.foundation.casework.types.versions import keep_types, standings
from linli.web.foundation.jobs.files import CHECKS
from linli.web.foundation.jobs.models import FileToDelete, MissingFile, Schedule
from linli.web.foundation.jobs.schedule import is_parked, registered
from linli.web.foundation.jobs.scrubbing import last_freed
from linli.web.foundation.jobs.timekeeping import clock_state
from linli.web.foundation.operations.backup.restoring import is_interrupted
from linli.web.foundation.operations.health import (
    damage_found,
    missing_tables,
    pending_migrations,
    workers_seen,
)
from linli.web.foundation.places.models import Deployment

__all__ = ["Checked", "checked", "moment"]

say = catalogue("linli.web.foundation.operations")
_of_calendars = catalogue("linli.web.foundation.calendars")

SHORTEST_KEY: Final = 50
NIGHTS: Final = dt.timedelta(days=3)
"""How long what was deleted may lie in the database's files before somebody is told."""
PATIENCE: Final = dt.timedelta(hours=1)
"""How long a file may wait to be deleted before somebody is told."""
_CHOICES: Final = frozenset({"security.W005", "security.W021"})
"""HSTS for subdomains and the browsers' preload list: for whoever owns the domain to decide."""


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at."""

    level: Literal["right", "note", "wrong"]
    text: Text


def checked(at: dt.datetime) -> Iterator[Checked]:
    """Everything, one after the other."""
    damage = damage_found()
    if damage:
        yield Checked("wrong", say("check.damaged", reason=damage))
        return
    pending = pending_migrations()
    if pending:
        # Nothing else can be asked of a database of another version.
        yield Checked("wrong", say("check.pending", count=len(pending), first=pending[0]))
        return
    yield Checked("right", say("check.migrated"))
    if is_interrupted():
        yield Checked("wrong", say("check.restore_interrupted"))
    missing = missing_tables()
    if missing:
        yield Checked("wrong", say("check.tables_missing", count=len(missing), first=missing[0]))
        return
    looks: tuple[Callable[[dt.datetime], Iterator[Checked]], ...] = (
        _settings,
        _files,
        _types,
        _deployment,
        _accounts,
        _jobs,
        _freed,
        _audit_log,
        _clock,
        _calendar,
    )
    for look in looks:
        yield from look(at)


def _calendar(at: dt.datetime) -> Iterator[Checked]:
    """From November on the next year's notice should be there: without it some deadlines move."""
    year = missing_year(at)
    if year is None:
        yield Checked("right", _of_calendars("check.right", year=calendar_of().known_until.year))
    else:
        yield Checked("note", _of_calendars("check.missing", year=year))


def _settings(at: dt.datetime) -> Iterator[Checked]:
    found = checks.run_checks(include_deployment_checks=settings.PRODUCTION)
    wrong = [
        message
        for message in found
        if message.level >= checks.WARNING and not message.is_silenced() and message.id not in _CHOICES
    ]
    for message in wrong:
        yield Checked("wrong", plain(f"{message.id}: {message.msg}"))
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield Checked("wrong", say("check.short_key", least=SHORTEST_KEY))
    if not settings.PRODUCTION:
        yield Checked("note", say("check.not_production"))
    elif str(settings.AUDIT_KEY).startswith("audit:"):
        yield Checked("note", say("check.one_key"))
    if not wrong:
        yield Checked("right", say("check.settings"))


def _files(at: dt.datetime) -> Iterator[Checked]:
    try:
        name = default_storage.save(f"{CHECKS}/check.tmp", ContentFile(b""))
        default_storage.delete(name)
    except OSError as reason:
        yield Checked(
            "wrong", say("check.no_files", folder=settings.MEDIA_ROOT, reason=reason.strerror or reason)
        )
    else:
        yield Checked("right", say("check.files"))
    if Path(settings.DATA_DIR).is_dir() and Path(settings.DATA_DIR).stat().st_mode & 0o077:
        yield Checked("note", say("check.files_open", folder=settings.DATA_DIR))
    missing = MissingFile.objects.order_by("pk")
    first = missing.first()
    if first is not None:
        yield Checked(
            "wrong", say("check.files_missing", count=missing.count(), model=first.model, row=first.row)
        )
    waiting = FileToDelete.objects.filter(since__lt=at - PATIENCE).count()
    if waiting:
        yield Checked("wrong", say("check.files_left", count=waiting, folder=settings.MEDIA_ROOT))


def _types(at: dt.datetime) -> Iterator[Checked]:
    try:
        types = case_types()
    except LinliError as refusal:
        yield Checked("wrong", refusal.text)
        return
    yield Checked("right", say("check.types", count=len(types)))
    for spec in types.values():
        for number, code in unroutable(spec):
            yield Checked("wrong", say("check.unroutable", type=spec.name, number=number, code=code))
    yield from _cases_of_types()


def _cases_of_types() -> Iterator[Checked]:
    """Cases that do not stand under the file of today, by type and state."""
    keep_types()
    for kind, state, count, number, spec in standings():
        said = {"count": count, "number": number}
        if spec is None:
            yield Checked("wrong", say("check.type_lost", type=kind, state=state, **said))
        else:
            name = spec.state_by_id[state].name
            yield Checked("note", say("check.type_former", type=spec.name, state=name, **said))


def _deployment(at: dt.datetime) -> Iterator[Checked]:
    version = Deployment.objects.filter(status=Deployment.Status.IN_FORCE).first()
    if version is None:
        yield Checked("wrong", say("check.no_deployment"))
        return
    yield Checked("right", say("check.deployment", name=version.name, day=version.valid_from))


def _accounts(at: dt.datetime) -> Iterator[Checked]:
    administrators = len(holders({"administrator"}, at))
    yield Checked("right" if administrators else "wrong", say("check.administrators", count=administrators))
    if mixed := held_apart(at):
        # Given before the rule: nobody is given them together any more.
        yield Checked("wrong", say("check.held_apart", count=len(mixed), names="、".join(mixed[:20])))
    if wrongly := misplaced(at):
        yield Checked("wrong", say("check.misplaced", count=len(wrongly), names="、".join(wrongly[:20])))
    if twins := alike():
        yield Checked("wrong", say("check.alike", count=len(twins), names="、".join(twins[:20])))


def _jobs(at: dt.datetime) -> Iterator[Checked]:
    workers = workers_seen(at)
    yield Checked("right" if workers else "note", say("check.workers", count=workers))
    for row in Schedule.objects.filter(name__in=registered(), failures__gt=0):
        yield Checked("wrong", say("check.periodic", name=row.name, count=row.failures, error=row.error))
    for name, next_at in Schedule.objects.filter(name__in=registered()).values_list("name", "next_at"):
        if is_parked(registered()[name], next_at, at):
            yield Checked("wrong", say("check.parked", name=name, until=moment(next_at)))


def _freed(at: dt.datetime) -> Iterator[Checked]:
    """Words of what was shredded leave the database's files each night, whoever owns its tables."""
    since = last_freed(at)
    if since is None or at - since > NIGHTS:
        yield Checked("wrong", say("check.not_freed", since="—" if since is None else moment(since)))


def _audit_log(at: dt.datetime) -> Iterator[Checked]:
    """Its heads and the witnesses outside the database; ``linli audit verify`` reads every entry."""
    known = read_witness()
    broken = sum(1 for _ in breaks(known))
    if broken:
        yield Checked("wrong", say("check.audit_broken", count=broken))
    elif known.at is None:
        yield Checked("note", say("check.audit_unwitnessed"))
    else:
        yield Checked("right", say("check.audit", at=f"{timezone.localtime(known.at):%Y-%m-%d %H:%M}"))


def _clock(at: dt.datetime) -> Iterator[Checked]:
    found = clock_state(at)
    if found.trusted:
        yield Checked("right", say("check.clock"))
        return
    yield Checked(
        "wrong",
        say(
            f"check.clock_{found.state}",
            now=moment(at),
            seen=moment(found.seen_at),
            came=moment(found.leapt_from),
            until=moment(found.until),
        ),
    )


def moment(at: dt.datetime | None) -> str:
    """A moment as people read it, in the territory's zone."""
    return "—" if at is None else f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
