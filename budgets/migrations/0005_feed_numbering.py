"""Keep the feed of changes in order when a dump is restored into another cluster."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_postgresql")]

    operations = [
        migrations.CreateModel(
            name="FeedNumbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cluster", models.CharField(max_length=100)),
                ("added", models.BigIntegerField()),
            ],
        ),
    ]
