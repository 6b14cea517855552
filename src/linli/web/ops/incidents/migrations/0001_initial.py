"""Units and dispatches."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("accounts", "0001_initial"),
        ("casework", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call_sign", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("patrol_car", "Patrol Car"),
                            ("foot_patrol", "Foot Patrol"),
                            ("post_team", "Post Team"),
                        ],
                        max_length=12,
                    ),
                ),
                ("capacity", models.PositiveSmallIntegerField(default=2)),
                ("station_code", models.CharField(blank=True, db_index=True, max_length=32)),
                ("beat_codes", models.JSONField(default=list)),
                ("on_duty", models.BooleanField(default=False)),
                ("shift_until", models.DateTimeField(null=True)),
                ("place_name", models.CharField(blank=True, max_length=200)),
                ("place_set_at", models.DateTimeField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["call_sign"],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dispatched_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("cleared_at", models.DateTimeField(null=True)),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("minutes", models.FloatField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dispatches",
                        to="casework.case",
                    ),
                ),
                (
                    "dispatched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="incidents.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["dispatched_at", "pk"],
                "indexes": [models.Index(fields=["case", "arrived_at"], name="dispatch_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at__isnull", True)),
                        fields=("unit",),
                        name="one_incident_a_unit",
                    )
                ],
            },
        ),
    ]
