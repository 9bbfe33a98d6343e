"""A source and key counts once a brand, and a source has a reporting zone."""

from typing import Any

from django.db import migrations, models

import budgets.models.brand

BRAND_OF_ENTRIES = """
UPDATE budgets_ledgerentry SET brand_id = (
    SELECT brand_id FROM budgets_campaign WHERE id = budgets_ledgerentry.campaign_id)
"""


BRAND: dict[str, Any] = {
    "to": "budgets.brand",
    "on_delete": models.DO_NOTHING,
    "related_name": "+",
    "db_index": False,
    "db_constraint": False,
}


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_postgresql")]

    operations = [
        migrations.AddField("ledgerentry", "brand", models.ForeignKey(null=True, **BRAND)),
        migrations.RunSQL(BRAND_OF_ENTRIES, migrations.RunSQL.noop),
        migrations.AlterField("ledgerentry", "brand", models.ForeignKey(**BRAND)),
        migrations.RemoveConstraint("ledgerentry", "an_entry_counts_once_a_source_and_key"),
        migrations.AddConstraint(
            "ledgerentry",
            models.UniqueConstraint(
                "source", "key", "brand", name="an_entry_counts_once_a_source_and_key"
            ),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As it is given with the spend, such as google or meta.",
                        max_length=50,
                        verbose_name="name",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        help_text=(
                            "The time zone of the account: its days begin at midnight there."
                        ),
                        max_length=64,
                        validators=[budgets.models.brand.validate_zone],
                        verbose_name="reporting zone",
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="sources",
                        to="budgets.brand",
                        verbose_name="brand",
                    ),
                ),
            ],
            options={
                "verbose_name": "spend source",
                "verbose_name_plural": "spend sources",
                "ordering": ["brand", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand", "name"),
                        name="a_source_has_one_reporting_zone_a_brand",
                        violation_error_message="This brand has a source of that name already.",
                    )
                ],
            },
        ),
    ]
