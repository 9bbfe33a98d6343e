"""What keeps the feed in order after a restore, and the names of brands that cannot be decided."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0003_keys_of_a_brand")]

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
        migrations.CreateModel(
            name="UndecidedBrand",
            fields=[
                (
                    "brand",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="budgets.brand",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("error", models.TextField()),
            ],
            options={"ordering": ["brand"]},
        ),
    ]
