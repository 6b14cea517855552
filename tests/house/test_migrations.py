"""A migration of a table that people use does not keep them waiting: indexes are built beside them."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterUniqueTogether,
    CreateModel,
    Migration,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader

from linli.web.foundation.online import (
    ONLINE,
    AddConstraintOnline,
    AddFieldOnline,
    AddIndexOnline,
    RewriteOnline,
)

EXEMPT = {
    # They write every row anew in the transaction that swaps a column: the platform is stopped for them.
    "casework.0007_tracking_code_hash",
    "intake.0002_code_hash",
    # From before the rule.
    "accounts.0002_sign_in",
    "audit.0002_indexes",
    "casework.0004_due_index",
    "casework.0005_open_cases",
    "equipment.0002_kept_post",
}
REMEDY = (
    "use AddIndexOnline, AddConstraintOnline or AddFieldOnline of linli.web.foundation.online, in a "
    "migration of its own with atomic = False"
)


def ours() -> list[Migration]:
    labels = {app.label for app in apps.get_app_configs() if app.name.startswith("linli.")}
    found = MigrationLoader(None).disk_migrations
    return [found[key] for key in sorted(found) if key[0] in labels]


def name_of(migration: Migration) -> str:
    return f"{migration.app_label}.{migration.name}"


def faults(migration: Migration) -> Iterator[str]:
    """What in a migration would keep others waiting."""
    created = {one.name.lower() for one in migration.operations if isinstance(one, CreateModel)}
    for one in migration.operations:
        table = str(getattr(one, "model_name", getattr(one, "name", ""))).lower()
        if isinstance(one, ONLINE):
            if migration.atomic:
                yield f"{one.describe()}: atomic = False is missing"
            if isinstance(one, AddFieldOnline) and one.field.unique:
                yield f"{one.describe()}: add the field without unique, then AddConstraintOnline"
        elif table not in created and _builds_an_index(one):
            yield f"{one.describe()}: {REMEDY}"
    if not migration.atomic and not all(isinstance(one, ONLINE) for one in migration.operations):
        yield "atomic = False with operations that would be left half done: split the migration"


def _builds_an_index(operation: object) -> bool:
    if isinstance(operation, AddIndex | AddConstraint):
        return True
    if isinstance(operation, AlterUniqueTogether):
        return bool(operation.option_value)
    if isinstance(operation, AddField):
        return _indexed(operation.field)
    # Django says of an altered field only what it becomes; one that had its index is in the list above.
    if isinstance(operation, AlterField):
        return _indexed(operation.field) and not operation.field.is_relation
    return isinstance(operation, RunSQL) and "INDEX" in str(operation.sql).upper()


def _indexed(field: models.Field) -> bool:  # type: ignore[type-arg]
    return bool(field.db_index or field.unique) and not field.many_to_many


@pytest.mark.any_database
# Guard E
def test_no_migration_from_today_on_builds_an_index_while_others_wait() -> None:
    found = {
        name_of(one): list(faults(one)) for one in ours() if name_of(one) not in EXEMPT and not one.initial
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.any_database
# Guard E
def test_the_list_of_those_before_the_rule_names_migrations_that_are_there() -> None:
    assert {name_of(one) for one in ours()} >= EXEMPT


def migration(*operations: object, atomic: bool = True) -> Migration:
    made = Migration("0099_made_up", "casework")
    made.operations, made.atomic = list(operations), atomic  # type: ignore[assignment]
    return made


INDEX = models.Index(fields=["title"], name="made_up")
UNIQUE = models.UniqueConstraint(fields=["title"], name="made_up")


@pytest.mark.any_database
# Guard E
@pytest.mark.parametrize(
    "operation",
    [
        AddIndex("case", INDEX),
        AddConstraint("case", UNIQUE),
        AlterUniqueTogether("case", {("title", "state")}),
        AddField("case", "second", models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT)),
        AlterField("case", "title", models.CharField(max_length=200, unique=True)),
        RunSQL("CREATE INDEX made_up ON casework_case (title)"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_plain_one_on_an_earlier_table_is_refused(operation: object) -> None:
    assert len(list(faults(migration(operation)))) == 1


@pytest.mark.any_database
# Guard E
def test_those_beside_the_others_and_those_of_a_new_table_pass() -> None:
    field = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT)
    online = [
        AddIndexOnline("case", INDEX),
        AddConstraintOnline("case", UNIQUE),
        AddFieldOnline("case", "x", field),
        RewriteOnline("case", lambda _apps, _rows: None),
    ]
    assert list(faults(migration(*online, atomic=False))) == []
    fresh = CreateModel("fresh", [("id", models.BigAutoField(primary_key=True))])
    assert list(faults(migration(fresh, AddIndex("fresh", INDEX)))) == []


@pytest.mark.any_database
# Guard E
def test_one_inside_a_transaction_or_beside_other_operations_is_refused() -> None:
    assert list(faults(migration(AddIndexOnline("case", INDEX))))
    mixed = (AddIndexOnline("case", INDEX), AddField("case", "y", models.TextField(default="")))
    assert list(faults(migration(*mixed, atomic=False)))
