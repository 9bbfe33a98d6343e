"""Search text as people do: accents, case and width do not matter, on either database."""

from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField, Transform

from budgets.cells.names import plain

# Most text is ASCII, which SQLite knows by its bytes: only the rest asks Python.
ON_SQLITE = (
    "CASE WHEN LENGTH(%(expressions)s) = LENGTH(CAST(%(expressions)s AS BLOB)) "
    "THEN LOWER(%(expressions)s) ELSE %(function)s(%(expressions)s) END"
)


@CharField.register_lookup
@TextField.register_lookup
class Plain(Transform):
    """The text as searches compare it: `name__plain__contains=plain(word)`."""

    lookup_name = "plain"
    function = "abm_plain"  # of PostgreSQL since migration 0015
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, params = self.as_sql(compiler, connection, template=ON_SQLITE, **context)
        return sql, (*params, *params, *params, *params)


def teach_sqlite(connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(Plain.function, 1, plain_or_null, deterministic=True)


def plain_or_null(text: str | None) -> str | None:
    return None if text is None else plain(text)


connection_created.connect(teach_sqlite)
