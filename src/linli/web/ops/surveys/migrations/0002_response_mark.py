"""A response keeps a mark by which a household's own answers are told from those entered for it."""

from django.db import migrations, models

from linli.web.foundation.online import AddFieldOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0001_initial")]

    operations = [
        AddFieldOnline(
            model_name="response",
            name="mark",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        ),
    ]
