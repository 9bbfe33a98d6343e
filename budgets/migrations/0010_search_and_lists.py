"""Find campaigns by a part of their name, and what a list asks for, without reading them all."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The expressions are what `icontains` compares. Where the extension may not be installed, searching
# reads all campaigns, which is slower and as right.
ADD = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX campaign_name_parts ON budgets_campaign
        USING gin (upper(name::text) gin_trgm_ops);
    CREATE INDEX campaign_external_id_parts ON budgets_campaign
        USING gin (upper(external_id::text) gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not there: searching by name reads all campaigns';
END $$
"""

REMOVE = "DROP INDEX IF EXISTS campaign_name_parts, campaign_external_id_parts"


def add(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Index the parts of names where the database knows how."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def remove(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the indexes; the extension may serve others."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("budgets", "0009_folded_keys")]

    operations = [
        migrations.RunPython(add, remove),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                fields=["ends_on"],
                name="campaign_flight_end",
                condition=models.Q(ends_on__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                fields=["brand", "-starts_on", "-id"], name="statement_of_brand_newest"
            ),
        ),
    ]
