from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_written_line")]

    operations = [
        migrations.AddField(
            model_name="writtenline",
            name="kind",
            field=models.CharField(default="heads", max_length=8),
        ),
    ]
