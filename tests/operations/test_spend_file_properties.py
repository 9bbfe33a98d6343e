"""Whatever is done to the rows of a report, it gives the same totals or says that it does not."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Campaign, Spend
from budgets.operations.spend_file.given import Question, Unanswered
from budgets.operations.spend_file.load import import_file
from budgets.sheets.records import BadFile
from tests.builders import a_brand, a_campaign, an_instant

pytestmark = pytest.mark.django_db

NOW = an_instant("2026-03-20 12:00")
NAMES = ("Autumn shoes", "Total sale", "Total")
"""What campaigns are called does not matter."""

Row = tuple[int, int, int]
reports = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 15), st.integers(-50_000, 5_000_000)),
    min_size=1,
    max_size=12,
)
tried = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def written(cents: int, style: str) -> str:
    """Write an amount as people of different languages do."""
    text = f"{Decimal(cents) / 100:,.2f}"
    swapped = text.replace(",", "_").replace(".", ",")
    return {"en": text, "de": swapped.replace("_", "."), "fr": swapped.replace("_", "\u202f")}[
        style
    ]


def a_report(path: Path, rows: Sequence[Row], style: str, *, total: int, at: int) -> Path:
    """Write a report of Google Ads with its own total somewhere among the rows."""
    lines = [
        [NAMES[number], str(100 + number), f"2026-03-{day:02}", "EUR", written(cents, style)]
        for number, day, cents in rows
    ]
    lines.insert(
        at % (len(lines) + 1), ["Total: Account", " --", " --", "EUR", written(total, style)]
    )
    with path.open("w", encoding="utf-16", newline="") as file:
        file.write("Campaign report\n")
        header = ["Campaign", "Campaign ID", "Day", "Currency code", "Cost"]
        csv.writer(file, delimiter="\t").writerows([header, *lines])
    return path


def three_campaigns() -> list[int]:
    brand = a_brand(currency="EUR")
    campaigns = [a_campaign(brand=brand, name=name) for name in NAMES]
    for number, campaign in enumerate(campaigns):
        Campaign.objects.filter(pk=campaign.pk).update(external_id=str(100 + number))
    return [campaign.pk for campaign in campaigns]


def sums(rows: Sequence[Row], pks: Sequence[int]) -> dict[tuple[int, date], Decimal]:
    found: dict[tuple[int, date], Decimal] = {}
    for number, day, cents in rows:
        key = pks[number], date(2026, 3, day)
        found[key] = found.get(key, Decimal(0)) + Decimal(cents) / 100
    return found


def recorded() -> dict[tuple[int, date], Decimal]:
    return {(row.campaign_id, row.day): row.amount for row in Spend.objects.all()}


@tried
@given(
    rows=reports,
    random=st.randoms(use_true_random=False),
    style=st.sampled_from(["en", "de", "fr"]),
    at=st.integers(0, 12),
    parts=st.integers(1, 3),
)
def test_any_order_and_any_split_by_days_gives_the_same_totals(
    rows: list[Row], random: Random, style: str, at: int, parts: int, tmp_path: Path
) -> None:
    with transaction.atomic():
        pks = three_campaigns()
        random.shuffle(rows)
        for part in range(parts):
            some = [row for row in rows if row[1] % parts == part]
            total = sum(cents for _, _, cents in some)
            path = a_report(tmp_path / "report.csv", some, style, total=total, at=at)
            for _ in range(2):
                result = import_file(path, clock=lambda: NOW)
            assert (result.refused, result.accepted) == (0, 0)
            assert result.off_by == 0
        found = recorded()
        assert {key: found.get(key, 0) for key in sums(rows, pks)} == sums(rows, pks)
        transaction.set_rollback(True)


@tried
@given(rows=reports, lost=st.integers(0, 11), again=st.booleans())
def test_a_row_that_is_lost_or_there_twice_is_told_by_the_reports_own_total(
    rows: list[Row], lost: int, again: bool, tmp_path: Path
) -> None:
    row = rows[lost % len(rows)]
    if abs(row[2]) <= len(rows):  # as little as rounding leaves
        return
    total = sum(cents for _, _, cents in rows)
    others = [*rows, row] if again else [each for each in rows if each is not row]
    path = a_report(tmp_path / "report.csv", others, "en", total=total, at=0)
    with transaction.atomic():
        three_campaigns()
        with pytest.raises(Unanswered) as asked:
            import_file(path, clock=lambda: NOW)
        assert asked.value.questions == {Question.TOTALS}
        assert not recorded()
        transaction.set_rollback(True)


@tried
@given(rows=reports, cut=st.integers(0, 400))
def test_a_report_that_was_cut_off_never_counts_something_else(
    rows: list[Row], cut: int, tmp_path: Path
) -> None:
    """What is taken of it are whole rows; the last may be refused, or the file as a whole."""
    total = sum(cents for _, _, cents in rows)
    path = a_report(tmp_path / "report.csv", rows, "en", total=total, at=len(rows))
    content = path.read_bytes()
    path.write_bytes(content[: max(4, len(content) - 2 * cut)])
    with transaction.atomic():
        pks = three_campaigns()
        try:
            result = import_file(path, clock=lambda: NOW)
        except BadFile:
            assert not recorded()
        else:
            whole = sums(rows[: result.rows], pks)
            found = recorded()
            cut_off = {key for key in found if found[key] != whole.get(key)}
            assert len(cut_off) <= 1
        transaction.set_rollback(True)
