"""A subscription that a program made ends with the token that it was made with."""

import django.db.models.deletion
from django.db import migrations, models

from linli.web.foundation.online import AddFieldOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("exchange", "0005_subscription_epoch")]

    operations = [
        AddFieldOnline(
            "subscription",
            "token",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="subscriptions",
                to="exchange.token",
            ),
        ),
    ]
