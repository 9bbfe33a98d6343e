"""Heartbeats tell apart the instant a task worked for and the instant it had finished."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0005_keep_the_past")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="began_at",
            field=models.DateTimeField(null=True, verbose_name="began"),
        ),
        migrations.AlterField(
            model_name="heartbeat",
            name="at",
            field=models.DateTimeField(help_text="When it had finished.", verbose_name="last run"),
        ),
    ]
