from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_owner_due")]

    operations = [
        migrations.AddField(model_name="feedback", name="recorded", field=models.BooleanField(default=False)),
    ]
