"""Each subscription is a queue with a lease of its own, and its secret is encrypted."""

from typing import Any

from django.db import migrations, models

from linli.web.foundation.exchange.sealing import sealed, unsealed


def seal(apps: Any, schema_editor: Any) -> None:
    """Encrypt the secrets that there are."""
    for one in apps.get_model("exchange", "Subscription").objects.iterator():
        one.sealed_secret = sealed(one.secret)
        one.save(update_fields=["sealed_secret"])


def unseal(apps: Any, schema_editor: Any) -> None:
    """As before."""
    for one in apps.get_model("exchange", "Subscription").objects.iterator():
        one.secret = unsealed(one.sealed_secret)
        one.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_credentials")]

    operations = [
        migrations.AddField(
            "subscription", "sealed_secret", models.TextField(default=""), preserve_default=False
        ),
        migrations.AlterField("subscription", "secret", models.CharField(default="", max_length=64)),
        migrations.AddField("subscription", "claimed_until", models.DateTimeField(null=True)),
        migrations.AddField("subscription", "served_at", models.DateTimeField(null=True)),
        migrations.AddField("subscription", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("subscription", "paused_until", models.DateTimeField(null=True)),
        migrations.RunPython(seal, unseal),
    ]
