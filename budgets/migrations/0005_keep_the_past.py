"""Changes keep their campaign from being deleted; a closing remembers the day that it is at."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0004_numbering_and_undecided_brands")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="budgets.campaign",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="closing_day",
            field=models.DateField(
                editable=False,
                help_text="A closed local day whose statements are still being written.",
                null=True,
                verbose_name="day being closed",
            ),
        ),
    ]
