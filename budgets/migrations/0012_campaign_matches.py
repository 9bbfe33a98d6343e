"""Remember which campaign of a brand the reports of a source mean, as a person said it once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0011_late_while_closing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=50, verbose_name="source")),
                (
                    "identifier",
                    models.CharField(
                        help_text="The ID; where reports give none the name, in small letters.",
                        max_length=500,
                        verbose_name="ID or name in reports",
                    ),
                ),
                (
                    "is_name",
                    models.BooleanField(
                        help_text="Whether reports give no ID.", verbose_name="known by its name"
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=500, verbose_name="name in reports"),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="budgets.brand",
                        verbose_name="brand",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        help_text="Empty: its rows are left out.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="budgets.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign match",
                "verbose_name_plural": "campaign matches",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identifier", "source", "brand", "is_name"),
                        name="a_source_means_one_campaign_of_a_brand_by_an_identifier",
                    )
                ],
            },
        ),
    ]
