from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_further_tries")]

    operations = [
        migrations.CreateModel(
            name="WrittenLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mac", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
