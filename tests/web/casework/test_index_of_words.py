"""The index of words outlives migrations that make the table of cases anew (SQLite)."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate

from linli.web.foundation.accounts.actor import SYSTEM
from linli.web.foundation.actions.action import perform
from linli.web.foundation.casework.actions.opening import OpenCase
from linli.web.foundation.casework.models import Case
from linli.web.foundation.casework.searching import matching

TRIGGERS = {f"casework_case_search_{what}" for what in ("insert", "update", "delete")}


def _triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()} & TRIGGERS


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps its index through a change of columns"
)
def test_after_every_migration_the_triggers_are_there_and_what_was_missed_is_found(stage, now) -> None:
    assert _triggers() == TRIGGERS
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}")
    given = {"kind": "request", "category": "streetlight", "title": "边界路灯不亮"}
    case = perform(OpenCase(place=stage.place.code, **given), SYSTEM, now)
    assert not matching(Case.objects.all(), "路灯").exists()
    config = apps.get_app_config("casework")
    post_migrate.send(sender=config, app_config=config, verbosity=0, interactive=False, using="default")
    assert _triggers() == TRIGGERS
    assert matching(Case.objects.all(), "路灯").get() == case
