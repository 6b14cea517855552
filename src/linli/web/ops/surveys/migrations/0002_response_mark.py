from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="mark",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
        ),
    ]
