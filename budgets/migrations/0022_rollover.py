"""Rollover of months: what a brand says of it, and what each month was handed."""

import budgets.models.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0021_budgets_of_the_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="carried",
            field=budgets.models.fields.MoneyField(
                db_column="carried_micros", db_default=0, default=0, editable=False
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="carried_month",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="brand",
            name="rollover",
            field=models.CharField(
                choices=[
                    ("none", "nothing"),
                    ("unspent", "what is unspent"),
                    ("both", "what is unspent, or overspent"),
                ],
                db_default="none",
                default="none",
                help_text="To the next month's budget, from the end of this month on.",
                max_length=7,
                verbose_name="a month hands on",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="rollover_cap",
            field=budgets.models.fields.BudgetField(
                blank=True,
                db_column="rollover_cap_micros",
                help_text="Most that one month hands to the next, more or less. Empty: all of it.",
                null=True,
                verbose_name="hands on at most",
            ),
        ),
        migrations.AddField(
            model_name="historicalbrand",
            name="rollover",
            field=models.CharField(
                choices=[
                    ("none", "nothing"),
                    ("unspent", "what is unspent"),
                    ("both", "what is unspent, or overspent"),
                ],
                db_default="none",
                default="none",
                help_text="To the next month's budget, from the end of this month on.",
                max_length=7,
                verbose_name="a month hands on",
            ),
        ),
        migrations.AddField(
            model_name="historicalbrand",
            name="rollover_cap",
            field=budgets.models.fields.BudgetField(
                blank=True,
                db_column="rollover_cap_micros",
                help_text="Most that one month hands to the next, more or less. Empty: all of it.",
                null=True,
                verbose_name="hands on at most",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="carried",
            field=budgets.models.fields.MoneyField(
                db_column="carried_micros", null=True, verbose_name="carried over"
            ),
        ),
        migrations.CreateModel(
            name="RolledOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                (
                    "rollover",
                    models.CharField(
                        choices=[
                            ("none", "nothing"),
                            ("unspent", "what is unspent"),
                            ("both", "what is unspent, or overspent"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "rollover_cap",
                    budgets.models.fields.BudgetField(
                        blank=True, db_column="rollover_cap_micros", null=True
                    ),
                ),
                ("amount", budgets.models.fields.MoneyField(db_column="amount_micros", default=0)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="months_handed",
                        to="budgets.brand",
                    ),
                ),
            ],
            options={
                "ordering": ["month", "brand_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand", "month"), name="a_month_is_handed_over_once"
                    )
                ],
            },
        ),
    ]
