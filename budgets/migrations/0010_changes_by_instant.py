"""Find changes made for an instant that is still to come on the clock of another machine."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0009_column_mappings")]

    operations = [
        migrations.AddIndex(
            "change",
            models.Index(fields=["at"], name="change_by_instant"),
        ),
    ]
