"""Dates with other hours, of schedules and brands."""

import budgets.models.hours.exception_day
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0022_rollover"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExceptionDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(db_index=True)),
                ("quarters", models.BinaryField()),
                ("name", models.TextField(db_default="", default="")),
            ],
            options={
                "ordering": ["day", "id"],
            },
        ),
        migrations.RemoveIndex(
            model_name="schedule",
            name="schedule_hours_to_read",
        ),
        migrations.AddField(
            model_name="brand",
            name="exceptions",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A date a line: “2026-12-25 closed # Christmas Day”, “2026-12-31 open” for the whole day, or hours such as “2027-01-02 10:00-14:00, 16:00-18:00”.",
                validators=[budgets.models.hours.exception_day.validate_exceptions],
                verbose_name="dates with other hours",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="exceptions_read",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AddField(
            model_name="historicalbrand",
            name="exceptions",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A date a line: “2026-12-25 closed # Christmas Day”, “2026-12-31 open” for the whole day, or hours such as “2027-01-02 10:00-14:00, 16:00-18:00”.",
                validators=[budgets.models.hours.exception_day.validate_exceptions],
                verbose_name="dates with other hours",
            ),
        ),
        migrations.AddField(
            model_name="historicalschedule",
            name="exceptions",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A date a line: “2026-12-25 closed # Christmas Day”, “2026-12-31 open” for the whole day, or hours such as “2027-01-02 10:00-14:00, 16:00-18:00”.",
                validators=[budgets.models.hours.exception_day.validate_exceptions],
                verbose_name="dates with other hours",
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="exceptions",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A date a line: “2026-12-25 closed # Christmas Day”, “2026-12-31 open” for the whole day, or hours such as “2027-01-02 10:00-14:00, 16:00-18:00”.",
                validators=[budgets.models.hours.exception_day.validate_exceptions],
                verbose_name="dates with other hours",
            ),
        ),
        migrations.AddField(
            model_name="schedule",
            name="exceptions_read",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="schedule",
            index=models.Index(
                condition=models.Q(
                    ("exceptions", models.F("exceptions_read")),
                    ("hours", models.F("hours_read")),
                    _negated=True,
                ),
                fields=["id"],
                name="schedule_to_read",
            ),
        ),
        migrations.AddField(
            model_name="exceptionday",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exception_days",
                to="budgets.brand",
            ),
        ),
        migrations.AddField(
            model_name="exceptionday",
            name="schedule",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exception_days",
                to="budgets.schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptionday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("schedule__isnull", False)),
                fields=("schedule", "day"),
                name="a_schedule_has_one_exception_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptionday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("brand__isnull", False)),
                fields=("brand", "day"),
                name="a_brand_has_one_exception_a_day",
            ),
        ),
    ]
