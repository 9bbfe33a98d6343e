"""What became of a spend file, for people."""

from collections.abc import Iterable, Iterator

from budgets.models import Campaign
from budgets.operations.spend_file.facts import printable
from budgets.operations.spend_file.file_rows import RefusedRow
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.result import Result
from budgets.reports.words import money, reasons_in_words

CAMPAIGNS_LISTED = 200
REFUSED_LISTED = 20
REPLACED_LISTED = 20
OWN_TOTALS_LISTED = 5
DELIMITER_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def result_in_words(result: Result, *, name: str, dry_run: bool) -> str:
    return "\n".join(
        [
            f"{name}: {rows_in_words(result)}, {how_written(result)}.",
            *origin(result),
            *counts(result, dry_run=dry_run),
            *own_totals(result),
            *notes(result),
            *replaced(result, dry_run=dry_run),
            *refused(result),
            *campaigns(result, dry_run=dry_run),
            *(["Nothing was written."] if dry_run else []),
        ]
    )


def rows_in_words(result: Result) -> str:
    one = {FileKind.ENTRIES: "entry", FileKind.TOTALS: "row of day totals"}[result.layout.kind]
    many = {FileKind.ENTRIES: "entries", FileKind.TOTALS: "rows of day totals"}[result.layout.kind]
    return f"1 {one}" if result.rows == 1 else f"{result.rows:,} {many}"


def how_written(result: Result) -> str:
    comma = ", decimals after a comma" if result.writing.amounts.decimal == "," else ""
    if sheet := result.origin.sheet:
        return f"sheet “{printable(sheet)}”{comma}"
    separated = DELIMITER_WORDS.get(result.layout.delimiter, result.layout.delimiter)
    return f"separated by {separated}{comma}"


def counts(result: Result, *, dry_run: bool) -> Iterator[str]:
    sums = ", ".join(money(amount, currency) for currency, amount in result.amounts.items())
    would = "would be new" if dry_run else "new"
    yield f"  {result.accepted:,} {would}{': ' + sums if sums else ''}"
    yield f"  {result.duplicates:,} known before, counted once"
    yield f"  {result.refused:,} refused"


def origin(result: Result) -> Iterator[str]:
    """Say whose report it is and by what that was recognised, and what was chosen for it."""
    told = result.origin
    if told.platform:
        yield f"  A report of {told.platform.name}, recognised by {printable(told.platform.by)}."
        if result.writing.source != told.platform.source:
            yield f"  Source: {printable(result.writing.source)}."
    if told.remembered:
        yield f"  Columns {printable(str(told.remembered))}."
    if told.unread_sheets:
        yield f"  Sheets not read: {printable(', '.join(told.unread_sheets))}."
    if told.zone:
        yield f"  It dates by {printable(told.zone)}; its source's reporting zone should be that."


def own_totals(result: Result) -> Iterator[str]:
    """Say which rows are the report's own totals, and whether the others add up to them."""
    if not result.own_totals:
        return
    first = result.own_totals[:OWN_TOTALS_LISTED]
    lines = ", ".join(f"{each.label or 'the sum'} (line {each.line})" for each in first)
    more = ", …" if len(result.own_totals) > OWN_TOTALS_LISTED else ""
    verdict = "not compared with the rows"
    if result.off_by is not None:
        verdict = f"the rows are {result.off_by:f} off" if result.off_by else "the rows agree"
    yield f"  The file's own totals are left out: {printable(lines)}{more}; {verdict}."


def notes(result: Result) -> Iterator[str]:
    if result.on_brand_clock:
        yield f"  {result.on_brand_clock:,} without an offset: read on the clock of the brand."
    if result.layout.unused:
        yield f"  Columns not used: {', '.join(result.layout.unused)}."
    if result.totals and result.totals < result.accepted + result.duplicates:
        yield f"  Rows that share campaign, day and source were added up: {result.totals:,} totals."
    if n := len(result.found_by_name):
        yield f"  {n:,} {'campaign' if n == 1 else 'campaigns'} found by name."
    if result.left_out:
        yield f"  {left_out_in_words(result)}"
    if n := len(result.unmatched):
        words = "campaign is" if n == 1 else "campaigns are"
        brand = "; --brand may find some" if result.unmatched.lack_a_brand else ""
        yield f"  {n:,} {words} not known for certain{brand}."
    if result.too_large:
        yield "  Some total would be beyond the largest amount; those rows will be refused."


def left_out_in_words(result: Result) -> str:
    rows = "1 row" if result.left_out == 1 else f"{result.left_out:,} rows"
    n = len(result.left_out_campaigns)
    campaigns = "1 campaign that was" if n == 1 else f"{n:,} campaigns that were"
    return f"{rows} of {campaigns} chosen to be left out."


def replaced(result: Result, *, dry_run: bool) -> Iterator[str]:
    """Return a line a total that takes the place of another, and one for those not listed."""
    if not result.replaced:
        return
    yield f"  {result.replaced:,} {'would replace' if dry_run else 'replaced'} an earlier total:"
    for total in result.replaced_totals[:REPLACED_LISTED]:
        before, after = (money(each, total.currency) for each in (total.before, total.after))
        yield (
            f"  campaign {total.campaign_id} on {total.day} by {printable(total.source)}: "
            f"{before} becomes {after}"
        )
    if result.replaced > REPLACED_LISTED:
        yield f"  … and {result.replaced - REPLACED_LISTED:,} more."


def refused(result: Result) -> Iterator[str]:
    """Return a line a refused row, and one for those that are not listed."""
    yield from map(refused_line, result.refused_rows[:REFUSED_LISTED])
    left_out = result.refused - REFUSED_LISTED
    if left_out > 0:
        yield f"  … and {left_out:,} more; --refused FILE keeps them all."


def refused_line(row: RefusedRow) -> str:
    cell = f", {row.column} {row.shown_value}".rstrip() if row.column else ""
    return f"  line {row.line}{cell}: {row.message}"


def campaigns(result: Result, *, dry_run: bool) -> Iterator[str]:
    for stopping, verb in ((True, "stop"), (False, "start")):
        ids = result.campaigns(stopping=stopping)
        if ids:
            noun = "campaign" if len(ids) == 1 else "campaigns"
            will = "would" if dry_run else "must" if stopping else "may"
            yield f"{len(ids):,} {noun} {will} {verb}:"
            yield from campaign_lines(ids[:CAMPAIGNS_LISTED], result)
            if len(ids) > CAMPAIGNS_LISTED:
                yield f"  … and {len(ids) - CAMPAIGNS_LISTED:,} more."


def campaign_lines(ids: Iterable[int], result: Result) -> Iterator[str]:
    found = Campaign.objects.select_related("brand").in_bulk(list(ids))
    for pk, campaign in sorted(found.items()):
        why = ", ".join(reasons_in_words(result.transitions[pk].after)) or "runs"
        yield f"  {campaign.brand} / {campaign} ({pk}): {why}"
