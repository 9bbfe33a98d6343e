"""A change is of the brand that its campaign had at the time, and may be the first of a new one."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

PRESENT_BRAND = """
UPDATE budgets_change SET brand_id = (
    SELECT brand_id FROM budgets_campaign WHERE id = budgets_change.campaign_id)
"""

# The history has a record of each row before its first edit, so the one before a change tells its
# brand; changes from before the first record are of the brand that this names.
FORMER_BRAND = """
UPDATE budgets_change SET brand_id = COALESCE(
    (SELECT h.brand_id FROM budgets_historicalcampaign h JOIN budgets_brand b ON b.id = h.brand_id
     WHERE h.id = budgets_change.campaign_id AND h.history_date <= budgets_change.at
     ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1),
    (SELECT h.brand_id FROM budgets_historicalcampaign h JOIN budgets_brand b ON b.id = h.brand_id
     WHERE h.id = budgets_change.campaign_id
     ORDER BY h.history_date, h.history_id LIMIT 1),
    brand_id)
WHERE campaign_id IN (
    SELECT id FROM budgets_historicalcampaign GROUP BY id HAVING COUNT(DISTINCT brand_id) > 1)
"""

BRAND: dict[str, Any] = {
    "to": "budgets.brand",
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "changes",
    "db_index": False,
    "db_constraint": False,
    "verbose_name": "brand",
    "help_text": "The campaign's at the time: its figures and words stay with it.",
}


TRIGGERS = [
    ("spend", "spend came in"),
    ("tick", "scheduled check"),
    ("edit", "an edit"),
    ("hold", "a person held it"),
    ("release", "a person released it"),
    ("period", "a day or month ended"),
    ("command", "a command"),
    ("new", "it is new"),
]


class Migration(migrations.Migration):
    dependencies = [("budgets", "0016_password_links")]

    operations = [
        migrations.AddField("change", "brand", models.ForeignKey(null=True, **BRAND)),
        migrations.RunSQL(PRESENT_BRAND, migrations.RunSQL.noop),
        migrations.RunSQL(FORMER_BRAND, migrations.RunSQL.noop),
        migrations.AlterField("change", "brand", models.ForeignKey(**BRAND)),
        migrations.AlterField(
            "change",
            "trigger",
            models.CharField(choices=TRIGGERS, max_length=10, verbose_name="trigger"),
        ),
        migrations.AddIndex(
            "change", models.Index(fields=["brand", "-id"], name="change_of_brand_newest")
        ),
    ]
