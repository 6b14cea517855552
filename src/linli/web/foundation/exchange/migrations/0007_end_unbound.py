"""Subscriptions that programs made before it was kept with which token end, and are made anew.

The audit log says which were made so, but not by which token: any of them may have ended since.
"""

from typing import Any

from django.db import migrations


def end_unbound(apps: Any, schema_editor: Any) -> None:
    """End what the log says a program made."""
    entries = apps.get_model("audit", "Entry").objects.filter(action="webhook.subscribe", via="api")
    made = [int(name) for name in entries.values_list("subject_id", flat=True) if name.isdecimal()]
    unbound = apps.get_model("exchange", "Subscription").objects.filter(token__isnull=True, active=True)
    unbound.filter(pk__in=made).update(active=False)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_subscription_token"), ("audit", "0006_written_line")]

    operations = [migrations.RunPython(end_unbound, migrations.RunPython.noop)]
