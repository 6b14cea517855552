"""Whether this process can do its work: the database answers, is of this version, a worker works."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from linli.web.foundation.jobs.models import Schedule, Worker
from linli.web.foundation.jobs.timekeeping import BACK, clock_state

__all__ = ["Health", "damage_found", "health", "missing_tables", "pending_migrations", "workers_seen"]


@dataclass(frozen=True)
class Health:
    """What was found."""

    database: bool
    migrations: bool
    worker: bool
    clock: bool = True
    """What cannot be undone may be done: the clock goes as clocks do."""
    audit: bool = True
    """The audit log was as it was written when a worker last compared it with the heads kept outside."""

    @property
    def ready(self) -> bool:
        """Pages can be served. Without a worker they can: deadlines wait, residents need not."""
        return self.database and self.migrations

    @property
    def _whole(self) -> bool:
        return self.worker and self.clock and self.audit

    def as_dict(self) -> dict[str, object]:
        """For the answer."""
        status = "unavailable" if not self.ready else "ready" if self._whole else "degraded"
        return {"status": status, **asdict(self)}


def health(at: dt.datetime) -> Health:
    """Look now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _migrated_once()
        return Health(
            database=True,
            migrations=migrated,
            worker=migrated and workers_seen(at) > 0,
            clock=migrated and clock_state(at).trusted,
            audit=migrated and not Schedule.objects.filter(name="audit_heads", failures__gt=0).exists(),
        )
    except (DatabaseError, InterfaceError):
        connection.close()
        return Health(database=False, migrations=False, worker=False, clock=False, audit=False)


def workers_seen(at: dt.datetime) -> int:
    """How many workers have shown themselves lately."""
    since = at - dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
    return Worker.objects.filter(seen_at__range=(since, at + BACK)).count()


def pending_migrations() -> list[str]:
    """What ``linli platform migrate`` would do, by name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def damage_found() -> str:
    """What is wrong with the database's own file, read from end to end; nothing where it is whole.

    PostgreSQL looks after its files itself.
    """
    if connection.vendor != "sqlite":
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            said = str(cursor.fetchone()[0])
    except DatabaseError as reason:
        if isinstance(reason, OperationalError):
            raise
        connection.close()
        return str(reason)
    return "" if said == "ok" else " ".join(said.split())


def missing_tables() -> list[str]:
    """Tables of this version that the database does not have although it was migrated."""
    there = set(connection.introspection.table_names())
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and model._meta.db_table not in there
    )


def _migrated_once() -> bool:
    # Looked up until it holds: a process never sees newer migrations than those it was started with.
    if _MIGRATED.known:
        return True
    _MIGRATED.known = not pending_migrations()
    return _MIGRATED.known


@dataclass
class _Known:
    known: bool = False


_MIGRATED = _Known()
