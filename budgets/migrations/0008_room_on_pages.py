"""Leave room on the pages of the rows that ingest updates all day.

On PostgreSQL an update that finds room on its own page writes no index. Concerns rows written from
now on; takes a lock that neither reads nor writes wait for.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ["budgets_campaign", "budgets_spend"]


def leave_room(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = 90)")


def fill_pages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("budgets", "0007_imported_batches")]

    operations = [migrations.RunPython(leave_room, fill_pages, elidable=False)]
