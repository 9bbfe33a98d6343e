"""Find campaigns by their external IDs alone: files of spend name them without a brand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0006_heartbeat_began_at")]

    operations = [
        migrations.AddIndex(
            "campaign",
            models.Index(
                fields=["external_id"],
                name="campaign_of_external_id",
                condition=models.Q(external_id__isnull=False),
            ),
        ),
    ]
