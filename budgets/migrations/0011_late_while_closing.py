"""Count on a brand what comes in late while the statements of its day are being written."""

from django.db import migrations

from budgets.models.fields import MoneyField


class Migration(migrations.Migration):
    dependencies = [("budgets", "0010_changes_by_instant")]

    operations = [
        migrations.AddField(
            "brand",
            "closing_day_late",
            MoneyField(
                db_column="closing_day_late_micros", default=0, db_default=0, editable=False
            ),
        ),
        migrations.AddField(
            "brand",
            "closing_month_late",
            MoneyField(
                db_column="closing_month_late_micros", default=0, db_default=0, editable=False
            ),
        ),
    ]
