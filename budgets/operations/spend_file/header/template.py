"""Templates: files of spend with a header and example rows, to be filled in."""

import codecs
from datetime import date
from io import StringIO

from budgets.operations.spend_file.layout import FileKind
from budgets.sheets.written import CsvWriter

HEADERS = {
    FileKind.ENTRIES: ("external_id", "occurred_at", "amount", "currency", "source", "key"),
    FileKind.TOTALS: ("external_id", "day", "total", "currency", "source"),
}


def template_file(kind: FileKind, *, today: date, currency: str = "USD") -> bytes:
    """Return a CSV file in UTF-8, with the mark by which spreadsheets know it as such.

    Its rows are taken once their ids are those of campaigns, of brands in this currency.
    """
    examples: dict[FileKind, list[tuple[object, ...]]] = {
        FileKind.ENTRIES: [
            ("id-of-a-campaign", f"{today}T09:30:00+00:00", "12.50", currency, "agency", "click-1"),
            ("id-of-another", f"{today}T10:15:00+00:00", "-2.50", currency, "agency", "refund-1"),
        ],
        FileKind.TOTALS: [
            ("id-of-a-campaign", today, "1234.50", currency, "google"),
            ("id-of-another", today, "99.00", currency, "google"),
        ],
    }
    text = StringIO(newline="")
    writer = CsvWriter(text)
    for row in [HEADERS[kind], *examples[kind]]:
        writer.write_row(row)
    return codecs.BOM_UTF8 + text.getvalue().encode()
