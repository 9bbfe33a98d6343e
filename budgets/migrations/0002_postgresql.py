"""What only PostgreSQL has: room on the pages of busy rows, and indexes on parts of names.

An update that finds room on its own page writes no index. Where the extension may not be installed,
a search by name reads all campaigns, which is slower and as right.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROOM_ON_PAGES = """
ALTER TABLE budgets_campaign SET (fillfactor = 90);
ALTER TABLE budgets_spend SET (fillfactor = 90)
"""

# The expressions are what `icontains` compares.
PARTS_OF_NAMES = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS campaign_name_parts ON budgets_campaign
        USING gin (upper(name::text) gin_trgm_ops);
    CREATE INDEX IF NOT EXISTS campaign_external_id_parts ON budgets_campaign
        USING gin (upper(external_id::text) gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not there: searching by name reads all campaigns';
END $$
"""

UNDO = """
DROP INDEX IF EXISTS campaign_name_parts, campaign_external_id_parts;
ALTER TABLE budgets_campaign RESET (fillfactor);
ALTER TABLE budgets_spend RESET (fillfactor)
"""


def add(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ROOM_ON_PAGES)
        schema_editor.execute(PARTS_OF_NAMES)


def remove(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNDO)


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
