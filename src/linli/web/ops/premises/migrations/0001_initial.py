"""The first tables of premises and inspections."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_sign_in"),
        ("casework", "0003_emergency_justified"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmergencyPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dated", models.DateField()),
                ("filed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-dated", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("by_unit", models.BooleanField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("version", models.PositiveIntegerField()),
                ("items", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="one_checklist_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, unique=True)),
                ("station_code", models.CharField(max_length=32)),
                ("beat_code", models.CharField(blank=True, max_length=40)),
                ("kinds", models.JSONField()),
                ("drawn_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("attempt", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("seed", models.CharField(max_length=32)),
                ("frame", models.JSONField()),
                ("frame_digest", models.CharField(max_length=64)),
                ("chosen", models.JSONField()),
                ("drawn_by", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["-drawn_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("station_code", "beat_code", "kinds", "day", "attempt"),
                        name="one_premises_draw_an_attempt",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("participants", models.PositiveIntegerField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drills",
                        to="premises.emergencyplan",
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned_for", models.DateField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inspection",
                        to="casework.case",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="premises.checklist"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="premises.draw",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=3)),
                ("remark", models.CharField(blank=True, max_length=300)),
                ("fixed", models.BooleanField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="premises.inspection",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("schedule_class", models.CharField(max_length=8)),
                ("months", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "schedule_class"), name="one_interval_a_class")
                ],
            },
        ),
        migrations.AddField(
            model_name="emergencyplan",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="premises.keptfile"
            ),
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="premises.answer",
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="casework.attachment",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="premises.evidence",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Premises",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, null=True, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=160)),
                ("address", models.CharField(max_length=200)),
                ("address_code", models.CharField(blank=True, max_length=40)),
                ("station_code", models.CharField(blank=True, max_length=32)),
                ("beat_code", models.CharField(blank=True, max_length=40)),
                ("place_code", models.CharField(blank=True, max_length=32)),
                ("longitude", models.FloatField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("key_clause", models.CharField(blank=True, max_length=4)),
                ("basis", models.CharField(blank=True, max_length=8)),
                ("opening_hours", models.CharField(blank=True, max_length=120)),
                ("alarm_linked_on", models.DateField(null=True)),
                ("accepted_on", models.DateField(null=True)),
                ("inspected_on", models.DateField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("registered_at", models.DateTimeField()),
                ("closed_on", models.DateField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.deployment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, unique=True)),
                ("issued_on", models.DateField()),
                ("signed_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                (
                    "scan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="premises.keptfile",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="keptfile",
            name="premises",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="premises.premises"
            ),
        ),
        migrations.CreateModel(
            name="JointMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("subject", models.CharField(max_length=120)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="casework.case",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_meetings",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="inspection",
            name="premises",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspections",
                to="premises.premises",
            ),
        ),
        migrations.CreateModel(
            name="IncidentsTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("lines", models.JSONField(default=list)),
                ("advice", models.CharField(blank=True, max_length=500)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Honour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("awarded_on", models.DateField()),
                ("period_from", models.DateField(null=True)),
                ("period_until", models.DateField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("incidents", models.PositiveIntegerField(null=True)),
                ("withdrawn_on", models.DateField(null=True)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="honours",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-awarded_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Happening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("actor_name", models.CharField(blank=True, max_length=64)),
                ("detail", models.JSONField(default=dict)),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="happenings",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="emergencyplan",
            name="premises",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="premises.premises"
            ),
        ),
        migrations.CreateModel(
            name="DutyTelephone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=20)),
                ("set_at", models.DateTimeField()),
                ("keep_until", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "premises",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_telephone",
                        to="premises.premises",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CourtyardSurvey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("surveyed_on", models.DateField()),
                ("basis", models.CharField(max_length=8)),
                ("staffed", models.BooleanField()),
                ("volunteers", models.PositiveIntegerField()),
                ("doors", models.PositiveIntegerField()),
                ("security_doors", models.PositiveIntegerField()),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surveys",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["-surveyed_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, null=True, unique=True)),
                ("round", models.PositiveSmallIntegerField()),
                ("issued_on", models.DateField()),
                ("fix_by", models.DateField()),
                ("findings", models.JSONField()),
                ("served_on", models.DateField(null=True)),
                ("served_how", models.CharField(blank=True, max_length=12)),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="premises.inspection",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="evidence",
            name="rectification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="premises.rectification",
            ),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("subject_id", models.BigIntegerField()),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("told", models.PositiveIntegerField()),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="premises.premises",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SchoolPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("removed_on", models.DateField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="premises.premises",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("hour", models.CharField(max_length=8)),
                ("present", models.BooleanField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="premises.schoolpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "hour"],
            },
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("inspection", "item"), name="one_sheet_answer_an_item"
            ),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(fields=["station_code", "id"], name="premises_station"),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(fields=["beat_code", "id"], name="premises_beat"),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(fields=["place_code", "id"], name="premises_place"),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(fields=["kind", "id"], name="premises_kind"),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(fields=["organisation", "id"], name="premises_unit"),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)), fields=["due_on"], name="premises_due"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["premises", "-expires_on"], name="premises_letter_expiry"),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(fields=["premises", "-planned_for"], name="premises_inspection_day"),
        ),
        migrations.AddIndex(
            model_name="happening",
            index=models.Index(fields=["premises", "-at"], name="premises_happening_at"),
        ),
        migrations.AddConstraint(
            model_name="courtyardsurvey",
            constraint=models.CheckConstraint(
                condition=models.Q(("security_doors__lte", models.F("doors"))),
                name="no_more_security_doors_than_doors",
            ),
        ),
        migrations.AddIndex(
            model_name="rectification",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["fix_by"], name="premises_notice_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.UniqueConstraint(fields=("inspection", "round"), name="one_notice_a_round"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("kind", "subject_id", "due_on"), name="one_premises_reminder_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("point", "day", "hour"), name="one_presence_an_hour"),
        ),
    ]
