"""Leave out the check of an entry's campaign: its day in Spend refers to the same campaign."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0010_search_and_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="campaign",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="budgets.campaign",
            ),
        ),
    ]
