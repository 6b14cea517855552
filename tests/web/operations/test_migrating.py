"""Migrations beside people at work: no long wait for a table, and indexes built while it is in use."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.sql import emit_pre_migrate_signal
from django.db import OperationalError, connection, models, transaction
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from linli.kernel.errors import LinliError
from linli.kernel.texts import Text
from linli.web.foundation.online import (
    AddConstraintOnline,
    AddFieldOnline,
    AddIndexOnline,
    RewriteOnline,
)
from linli.web.foundation.operations import migrating

LOCK = "LOCK TABLE jobs_worker IN ACCESS EXCLUSIVE MODE"


class Table:
    """A table of an earlier migration, and operations carried out on it one by one."""

    def __init__(self) -> None:
        self.state = ProjectState()
        self.apply(
            CreateModel(
                "Thing",
                [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=20))],
            )
        )

    def apply(self, operation: Any) -> list[str]:
        """The statements that it took."""
        after = self.state.clone()
        operation.state_forwards("jobs", after)
        with (
            CaptureQueriesContext(
                connection,
            ) as seen,
            connection.schema_editor(atomic=connection.vendor == "sqlite") as editor,
        ):
            operation.database_forwards("jobs", editor, self.state, after)
        self.state = after
        return [query["sql"] for query in seen.captured_queries]

    def again(self, operation: Any) -> None:
        """As after a run that was cut short: the database has it, Django does not know."""
        after = self.state.clone()
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("jobs", editor, self.state, after)


@pytest.fixture
def table(transactional_db: None) -> Iterator[Table]:
    made = Table()
    yield made
    with connection.schema_editor() as editor:
        editor.delete_model(made.state.apps.get_model("jobs", "Thing"))


INDEX = models.Index(fields=["title"], name="thing_title")
ONE = models.UniqueConstraint(fields=["title"], name="thing_one")
ONE_OPEN = models.UniqueConstraint(fields=["title"], condition=models.Q(title__gt=""), name="thing_one_open")
LONG = models.CheckConstraint(condition=models.Q(title__gt=""), name="thing_named")


def indexed() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "jobs_thing"))


# Guard E
@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (AddIndexOnline("thing", INDEX), "thing_title"),
        (AddConstraintOnline("thing", ONE), "thing_one"),
        (AddConstraintOnline("thing", ONE_OPEN), "thing_one_open"),
        (AddConstraintOnline("thing", LONG), "thing_named"),
    ],
    ids=["index", "unique", "unique where", "check"],
)
def test_an_index_is_built_beside_those_at_work(table: Table, operation: Any, name: str) -> None:
    statements = table.apply(operation)
    assert name in indexed()
    if connection.vendor == "postgresql":
        changes = [sql for sql in statements if sql.startswith(("CREATE", "ALTER"))]
        assert all(
            "CONCURRENTLY" in sql or "USING INDEX" in sql or "NOT VALID" in sql or "VALIDATE" in sql
            for sql in changes
            if "DROP CONSTRAINT IF EXISTS" not in sql
        ), changes
        # Run again, as after one that was cut short, it finds what it made.
        table.again(operation)
        assert name in indexed()


# Guard E
def test_a_field_comes_with_its_index_built_beside_those_at_work(table: Table) -> None:
    operation = AddFieldOnline(
        "thing", "code", models.CharField(max_length=9, db_index=True, default="", db_default="")
    )
    statements = table.apply(operation)
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "jobs_thing").values()
    assert any(one["index"] and one["columns"] == ["code"] for one in found)
    if connection.vendor == "postgresql":
        made = [sql for sql in statements if sql.startswith("CREATE INDEX")]
        assert made
        assert all("CONCURRENTLY" in sql for sql in made)
        table.again(operation)


# Guard E
def test_an_index_left_half_built_is_built_anew(table: Table) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite builds indexes inside the transaction")
    table.apply(AddIndexOnline("thing", INDEX))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'thing_title'::regclass")
    table.again(AddIndexOnline("thing", INDEX))
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'thing_title'::regclass")
        assert cursor.fetchone() == (True,)


# Mend 7
def test_rows_are_worked_out_anew_a_batch_at_a_time_and_the_rest_follows_after_a_cut(table: Table) -> None:
    """One that fails in the middle keeps the batches before it and holds no transaction around them."""
    thing = table.state.apps.get_model("jobs", "Thing")
    thing.objects.bulk_create(thing(title=f"ａ{number}") for number in range(7))
    seen: list[list[int]] = []

    def rewrite(_apps: Any, rows: Any) -> None:
        seen.append([row.pk for row in rows])
        for row in rows:
            row.title = row.title.replace("ａ", "a")
            row.save(update_fields=["title"])
        if len(seen) == 2:
            raise LinliError(Text(zh="断", en="cut"))

    def run() -> None:
        operation = RewriteOnline("thing", rewrite, batch=3)
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("jobs", editor, table.state, table.state)

    with pytest.raises(LinliError):
        run()
    assert thing.objects.filter(title__startswith="a").count() == 3
    run()
    assert thing.objects.filter(title__startswith="a").count() == 7
    assert [len(one) for one in seen] == [3, 3, 3, 3, 1]


@pytest.fixture
def busy(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A table that somebody is at until the event is set, and one migration that wants it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and no locks of tables")
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(LOCK)
                held.set()
                let_go.wait(timeout=60)
        finally:
            connection.close()

    def one_migration(*_names: object, **_options: object) -> None:
        emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)

    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(migrating, "call_command", one_migration)
    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(timeout=60)
    yield let_go
    let_go.set()
    thread.join()


# Guard E
def test_a_migration_steps_back_from_a_table_in_use_and_comes_again(busy: threading.Event) -> None:
    told: list[Text] = []

    def pause(seconds: float) -> None:
        if len(told) == 2:
            busy.set()

    migrating.migrate(told.append, pause=pause)
    assert len(told) >= 2
    assert "A table is in use" in told[0].en
    assert "正被使用" in told[0].zh
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


# Guard E
def test_a_table_in_use_for_ever_ends_in_a_sentence(busy: threading.Event) -> None:
    with pytest.raises(LinliError) as refused:
        migrating.migrate(pause=lambda seconds: None)
    assert "quiet hour" in refused.value.text.en


# Guard E
@pytest.mark.django_db
def test_another_failure_of_the_database_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def away(*_names: object, **_options: object) -> None:
        calls.append(1)
        raise OperationalError

    monkeypatch.setattr(migrating, "call_command", away)
    with pytest.raises(OperationalError):
        migrating.migrate(pause=lambda seconds: None)
    assert len(calls) == 1
