"""Put what the ledger refused at its place in the file: line, column and cell."""

from datetime import datetime

from budgets.operations.ingest.types import DayTotal, Refusal
from budgets.operations.spend_file.rows import AnyRow, RefusedRow, Rows


def refused_by_ledger(batch: Rows, refusal: Refusal, *, now: datetime) -> RefusedRow:
    """Put what the ledger refused at its place in the file."""
    record, row = batch.records[refusal.index], batch.rows[refusal.index]
    column = column_of(refusal.code, row, now=now)
    return RefusedRow(
        line=record.line,
        column=column,
        value=batch.layout.cell(column, record.fields),
        code=refusal.code,
        message=refusal.message,
        fields=record.fields,
    )


COLUMNS = {
    "unknown_campaign": "campaign_id",
    "wrong_currency": "currency",
    "bad_source": "source",
    "bad_key": "key",
    "conflict": "key",
    "bad_day": "day",
}


def column_of(code: str, row: AnyRow, *, now: datetime) -> str:
    """Return the column that a refusal of the ledger is about."""
    if code in COLUMNS:
        return COLUMNS[code]
    if isinstance(row, DayTotal):
        about_instant = code == "bad_time" or (code == "future" and row.as_of > now)
        return "as_of" if about_instant else "day" if code == "future" else "total"
    return "occurred_at" if code in {"bad_time", "future"} else "amount"
