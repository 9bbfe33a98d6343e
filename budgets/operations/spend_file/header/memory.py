"""Remember which columns somebody chose, for every file with the same set of columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from budgets.models import ColumnMapping
from budgets.operations.database import text_rows
from budgets.operations.ingest.idempotency import digest
from budgets.operations.spend_file.header.names import heading_of
from budgets.sheets.records import Record, text_of


class Remembered(NamedTuple):
    """A choice of columns that was made with an earlier file."""

    columns: Mapping[str, str]
    """The header over each of our columns."""
    source: str
    currency: str
    by: str
    """Whose choice it was; empty where it was made on the command line."""
    at: datetime

    def __str__(self) -> str:
        who = self.by or "somebody at the command line"
        return f"read as {who} chose on {self.at:%Y-%m-%d}"


def remember_columns(
    header: Sequence[str],
    columns: Mapping[str, str],
    *,
    source: str = "",
    currency: str = "",
    by_id: Any = None,
    now: datetime,
) -> None:
    """Keep a choice for every file with this set of columns, in place of an earlier one."""
    ColumnMapping.objects.update_or_create(
        digest=digest_of(header),
        defaults={
            "columns": dict(columns),
            "source": source,
            "currency": currency,
            "chosen_by_id": by_id,
            "chosen_at": now,
        },
    )


def recalled(records: Sequence[Record]) -> Remembered | None:
    """Return what was chosen for the columns that one of these records names."""
    digests = {digest_of([text_of(field) for field in record.fields]) for record in records}
    mapping = (
        ColumnMapping.objects.filter(digest__in=text_rows(sorted(digests)))
        .select_related("chosen_by")
        .order_by("-chosen_at")
        .first()
    )
    if mapping is None:
        return None
    by = mapping.chosen_by.get_username() if mapping.chosen_by else ""
    return Remembered(mapping.columns, mapping.source, mapping.currency, by, mapping.chosen_at)


def digest_of(header: Sequence[str]) -> str:
    """Return what a set of columns is known by, in whatever order they stand."""
    return digest(*sorted({str(heading_of(text)) for text in header if text})).hex()
