"""Dated budgets: planned ahead, or dated by an edit."""

import budgets.models.fields
import datetime
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0019_platform_budgets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="budgets_as_of",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="change",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("spend", "spend came in"),
                    ("tick", "scheduled check"),
                    ("edit", "an edit"),
                    ("hold", "a person held it"),
                    ("release", "a person released it"),
                    ("period", "a day or month ended"),
                    ("command", "a command"),
                    ("new", "it is new"),
                    ("planned", "a planned budget"),
                ],
                max_length=10,
                verbose_name="trigger",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalDatedBudget",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        db_default="edit", default="edit", max_length=10, verbose_name="trigger"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month")],
                        default="day",
                        max_length=5,
                        verbose_name="period",
                    ),
                ),
                (
                    "amount",
                    budgets.models.fields.BudgetField(
                        blank=True,
                        db_column="amount_micros",
                        help_text="In the brand's currency. Empty: no limit. 0: spend nothing.",
                        null=True,
                        verbose_name="budget",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(help_text="Local day, included.", verbose_name="from"),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Local day, included; then the budget before it counts again. Empty: no end.",
                        null=True,
                        verbose_name="to",
                    ),
                ),
                (
                    "history_change_reason",
                    models.TextField(db_default="", default="", verbose_name="note"),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="budgets.brand",
                        verbose_name="brand",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: for all campaigns of the brand together.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="budgets.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical dated budget",
                "verbose_name_plural": "historical budgets over time",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DatedBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month")],
                        default="day",
                        max_length=5,
                        verbose_name="period",
                    ),
                ),
                (
                    "amount",
                    budgets.models.fields.BudgetField(
                        blank=True,
                        db_column="amount_micros",
                        help_text="In the brand's currency. Empty: no limit. 0: spend nothing.",
                        null=True,
                        verbose_name="budget",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(help_text="Local day, included.", verbose_name="from"),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Local day, included; then the budget before it counts again. Empty: no end.",
                        null=True,
                        verbose_name="to",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        db_default=datetime.date(1, 1, 1),
                        default=datetime.date(1, 1, 1),
                        editable=False,
                        null=True,
                    ),
                ),
                (
                    "is_current",
                    models.BooleanField(db_default=False, default=False, editable=False),
                ),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dated_budgets",
                        to="budgets.brand",
                        verbose_name="brand",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Empty: for all campaigns of the brand together.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dated_budgets",
                        to="budgets.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "dated budget",
                "verbose_name_plural": "budgets over time",
                "ordering": ["-starts_on", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["brand", "due_on"],
                        name="dated_budget_is_due",
                    ),
                    models.Index(fields=["-starts_on", "-id"], name="dated_budget_newest_first"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", True)),
                        fields=("brand", "period", "starts_on"),
                        name="a_brand_has_one_budget_a_period_and_start",
                        violation_error_message="Another budget of it begins on that day; edit that.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", False)),
                        fields=("campaign", "period", "starts_on"),
                        name="a_campaign_has_one_budget_a_period_and_start",
                        violation_error_message="Another budget of it begins on that day; edit that.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="dated_budget_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="dated_budget_does_not_end_before_it_starts",
                        violation_error_message="It ends before it starts; move one of the two days.",
                    ),
                ],
            },
        ),
    ]
