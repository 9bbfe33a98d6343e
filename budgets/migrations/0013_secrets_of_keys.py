"""A key has several secrets in turn, addresses it works from, and may be the house's."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import budgets.models.keys.api_key

MOVE_SECRETS = """
INSERT INTO budgets_keysecret (api_key_id, prefix, token_hash, made_at, last_used_at)
SELECT id, prefix, token_hash, created_at, last_used_at FROM budgets_apikey
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0012_campaign_matches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeySecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=16, unique=True, verbose_name="prefix")),
                ("token_hash", models.CharField(max_length=64)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at"),
                ),
                ("ends_at", models.DateTimeField(null=True, verbose_name="ends at")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used at")),
                (
                    "last_used_from",
                    models.GenericIPAddressField(null=True, verbose_name="last used from"),
                ),
                (
                    "api_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="budgets.apikey",
                    ),
                ),
            ],
            options={
                "verbose_name": "secret of an API key",
                "verbose_name_plural": "secrets of API keys",
                "ordering": ["-id"],
            },
        ),
        migrations.RunSQL(MOVE_SECRETS, migrations.RunSQL.noop),
        migrations.RemoveField("apikey", "prefix"),
        migrations.RemoveField("apikey", "token_hash"),
        migrations.RemoveField("apikey", "last_used_at"),
        migrations.AddField(
            "apikey",
            "addresses",
            models.TextField(
                blank=True,
                default="",
                help_text=(
                    "Addresses or networks it may be used from, one a line: 192.0.2.7, "
                    "10.0.0.0/8, 2001:db8::/32. Empty: from anywhere."
                ),
                validators=[budgets.models.keys.api_key.validate_addresses],
                verbose_name="only from",
            ),
        ),
        migrations.AddField(
            "apikey",
            "is_of_house",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Handed over by an owner: it works whatever becomes of who made it.",
                verbose_name="of the house",
            ),
        ),
        migrations.AlterField(
            "apikey",
            "created_by",
            models.ForeignKey(
                editable=False,
                help_text="What the program does is recorded under this person's name.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AlterField(
            "apikey",
            "expires_at",
            models.DateTimeField(
                blank=True,
                help_text="In UTC. Empty: works until it is revoked.",
                null=True,
                verbose_name="expires at",
            ),
        ),
    ]
