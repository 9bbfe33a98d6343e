"""Search without accents and case: on PostgreSQL a function, and indexes of parts of names by it.

It is `cells.names.plain` in SQL; SQLite is taught the same at each connection.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Of the root locale: what is upper case shall not depend on where the database was made.
ROOT_LOCALE = 'COLLATE "und-x-icu"'
HAS_ROOT_LOCALE = "SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"

PLAIN = r"""
CREATE OR REPLACE FUNCTION abm_plain(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(written) = char_length(written)
    THEN lower(written COLLATE "C") COLLATE "C"
    ELSE replace(replace(replace(replace(
        translate(
            lower(regexp_replace(normalize(written, NFKD), '[\u0300-\u036f]', '', 'g') {locale}),
            'øłđðħŧıς', 'olddhtiσ'
        ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') COLLATE "C"
    END
$$
"""

HAS_PARTS = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"
NEW_INDEXES = (
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS campaign_plain_name_parts ON budgets_campaign
    USING gin (abm_plain(name::text) gin_trgm_ops)""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS campaign_plain_id_parts ON budgets_campaign
    USING gin (abm_plain(external_id::text) gin_trgm_ops)""",
)
OLD_INDEXES = "DROP INDEX IF EXISTS campaign_name_parts, campaign_external_id_parts"
OLD_INDEXES_ANEW = (
    """CREATE INDEX IF NOT EXISTS campaign_name_parts ON budgets_campaign
    USING gin (upper(name::text) gin_trgm_ops)""",
    """CREATE INDEX IF NOT EXISTS campaign_external_id_parts ON budgets_campaign
    USING gin (upper(external_id::text) gin_trgm_ops)""",
)
UNDO = "DROP FUNCTION IF EXISTS abm_plain(text) CASCADE"


def add(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    locale = ROOT_LOCALE if is_there(schema_editor, HAS_ROOT_LOCALE) else ""
    schema_editor.execute(PLAIN.format(locale=locale))
    if is_there(schema_editor, HAS_PARTS):
        for index in NEW_INDEXES:
            schema_editor.execute(index)
    schema_editor.execute(OLD_INDEXES)


def remove(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    if is_there(schema_editor, HAS_PARTS):
        for index in OLD_INDEXES_ANEW:
            schema_editor.execute(index)
    schema_editor.execute(UNDO)


def is_there(schema_editor: BaseDatabaseSchemaEditor, question: str) -> bool:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() is not None


class Migration(migrations.Migration):
    atomic = False  # an index of a table in use is made beside its writers

    dependencies = [("budgets", "0014_sign_in")]

    operations = [migrations.RunPython(add, remove, elidable=False)]
