"""What must be true of the books when many processes have written them at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from benchmarks.world.pool import ENTRIES, STEP, TOTALS, Soak
from budgets.models import Campaign
from budgets.models.ledger.reported_total import ReportedTotal
from budgets.reports.diagnostics.audit import audit
from budgets.rules.decision import Facts, Figures, decide
from budgets.rules.money import to_micros

# Days as text, so that both databases answer alike.
SUMS = """
SELECT campaign_id, CAST(day AS text), CAST(SUM(amount_micros) AS bigint)
FROM budgets_ledgerentry {where} GROUP BY campaign_id, day
"""
DAYS = "SELECT campaign_id, CAST(day AS text), amount_micros FROM budgets_spend"
STANDINGS = """
SELECT id, CAST(day AS text), day_spent_micros, CAST(month AS text), month_spent_micros
FROM budgets_campaign
"""
STATEMENTS = """
SELECT brand_id, campaign_id, period, CAST(starts_on AS text), spent_micros FROM budgets_statement
"""
OWN = f"""
SELECT key, campaign_id, CAST(day AS text), amount_micros FROM budgets_ledgerentry
WHERE source = '{ENTRIES}'
"""
HISTORY = 'SELECT campaign_id, "before", "after" FROM budgets_change ORDER BY id'

Findings = dict[str, list[str]]
"""What is wrong, of each kind in sentences."""


class Books:
    """The entries, summed up anew in whole micros."""

    def __init__(self, soak: Soak) -> None:
        self.soak = soak
        self.days = {(pk, day): spent for pk, day, spent in ask(SUMS.format(where=""))}
        self.campaigns = list(Campaign.objects.select_related("brand").order_by("id"))
        self.brands = {campaign.pk: campaign.brand for campaign in self.campaigns}
        self.of: Counter[tuple[str, int, str]] = Counter()
        """Spend of a "campaign" or "brand", of a day as 2026-03-31 or a month as 2026-03."""
        for (pk, day), spent in self.days.items():
            for period in (day, day[:7]):
                self.of["campaign", pk, period] += spent
                self.of["brand", self.brands[pk].pk, period] += spent

    def findings(self, *, now: datetime) -> Findings:
        """Return what is wrong at the instant, which is after the soak."""
        return {
            "wrong day totals": list(self.wrong_days()),
            "wrong standings": list(self.wrong_standings()),
            "wrong statements": list(self.wrong_statements()),
            "entries lost, doubled or changed": list(self.wrong_entries()),
            "wrong reported totals": list(self.wrong_reports()),
            "broken histories": list(self.broken_histories()),
            "wrong statuses": list(self.wrong_statuses(now=now)),
            "midnights within": list(self.midnights(until=now)),
            "complaints of the audit": [found.first for found in audit()],
        }

    def wrong_days(self) -> Iterator[str]:
        """Compare the total of every campaign and day with its entries."""
        totals = {(pk, day): spent for pk, day, spent in ask(DAYS)}
        for pk, day in sorted(totals.keys() | self.days.keys()):
            said, true = totals.get((pk, day)), self.days.get((pk, day))
            if said != true:
                yield f"campaign {pk} on {day}: total {said}, sum of entries {true} micros"

    def wrong_standings(self) -> Iterator[str]:
        """Compare where every campaign stands with its newest day and month."""
        newest = dict(sorted(self.days))
        for pk, *said in ask(STANDINGS):
            true: list[Any] = [None, 0, None, 0]
            if day := newest.get(pk):
                spent, spent_in_month = (self.of["campaign", pk, each] for each in (day, day[:7]))
                true = [day, spent, f"{day[:7]}-01", spent_in_month]
            if said != true:
                yield f"campaign {pk}: stands at {said}, its entries say {true}"

    def wrong_statements(self) -> Iterator[str]:
        """Compare every statement with its entries; look for those that closed days lack."""
        stated = set()
        for brand, campaign, period, starts_on, spent in ask(STATEMENTS):
            whose = ("brand", brand) if campaign is None else ("campaign", campaign)
            key = (*whose, starts_on if period == "day" else starts_on[:7])
            stated.add(key)
            if spent != self.of[key]:
                yield f"{key}: the statement says {spent}, the entries {self.of[key]} micros"
        for pk, day in self.days:
            brand = self.brands[pk]
            is_closed = brand.closed_day is not None and day <= brand.closed_day.isoformat()
            if is_closed and not {("campaign", pk, day), ("brand", brand.pk, day)} <= stated:
                yield f"campaign {pk} on {day}: closed, without a statement of it or its brand"

    def wrong_entries(self) -> Iterator[str]:
        """Compare the ledger with what was sent and answered."""
        there: Counter[int] = Counter()
        for key, *said in ask(OWN):
            entry = self.soak.entry(int(key))
            zone = ZoneInfo(self.brands[entry.campaign_id].timezone)
            day = entry.occurred_at.astimezone(zone).date().isoformat()
            true = [entry.campaign_id, day, to_micros(entry.amount)]
            if said != true:
                yield f"entry {key}: sent {true}, booked {said}"
            there[int(key)] += 1
        batches = [(each, rows) for each, rows in self.soak.answered() if not each.has_totals]
        for number in {number for batch, _ in batches for number in batch.numbers} | there.keys():
            if there[number] != 1:
                yield f"entry {number} was answered and is there {there[number]} times"
        counted = sum(rows for _, rows in batches)
        # An answer that a kill kept from its writer says "known before" when it is asked for again.
        if counted > len(there) or (counted < len(there) and not self.soak.has_killer):
            yield f"{counted} entries were answered as new, {len(there)} are there"

    def wrong_reports(self) -> Iterator[str]:
        """Compare the newest report of every day with what was answered and with its entries."""
        answered: dict[tuple[int, str], int] = {}
        for number in sorted(n for b, _ in self.soak.answered() if b.has_totals for n in b.numbers):
            report = self.soak.total(number)
            answered[report.campaign_id, report.day.isoformat()] = number
        where = f"WHERE source = '{TOTALS}'"
        booked = {(pk, day): spent for pk, day, spent in ask(SUMS.format(where=where))}
        rows = {(row.campaign_id, row.day.isoformat()): row for row in ReportedTotal.objects.all()}
        for pk, day in sorted(answered.keys() | rows.keys()):
            row = rows.get((pk, day))
            number = (row.as_of - self.soak.total(0).as_of) // STEP if row else -1
            true = to_micros(self.soak.total(number).total)
            said = to_micros(row.total) if row else None
            if number < answered.get((pk, day), 0) or not said == true == booked.get((pk, day), 0):
                yield (
                    f"campaign {pk} on {day}: report {number} of {true}, known {said}, "
                    f"booked {booked.get((pk, day))} micros"
                )

    def broken_histories(self) -> Iterator[str]:
        """Follow the changes of every campaign from none to the reasons it has."""
        stands: Counter[int] = Counter()
        for pk, before, after in ask(HISTORY):
            if before != stands[pk]:
                yield f"campaign {pk}: a change from {before} follows one to {stands[pk]}"
            stands[pk] = after
        for campaign in self.campaigns:
            if campaign.reasons != stands[campaign.pk]:
                last = stands[campaign.pk]
                yield f"campaign {campaign.pk} has {campaign.reasons}, its last change is to {last}"

    def wrong_statuses(self, *, now: datetime) -> Iterator[str]:
        """Compare the reasons of every campaign with what `decide()` says of its entries."""
        for campaign in self.campaigns:
            today, slot = campaign.brand.clock.day(now), campaign.brand.clock.slot(now)
            true = decide(self.facts(campaign, today.isoformat()), today=today, slot=slot)
            if campaign.reasons != true:
                yield f"campaign {campaign.pk}: {campaign.pause_reasons!r}, the rules say {true!r}"

    def midnights(self, *, until: datetime) -> Iterator[str]:
        """Find the brands for which the soak began on another day: their statuses say nothing."""
        for brand in {brand.pk: brand for brand in self.brands.values()}.values():
            if brand.clock.day(until) != brand.clock.day(self.soak.start):
                yield f"brand {brand.pk} began a new day; start again"

    def facts(self, campaign: Campaign, today: str) -> Facts:
        """Return what the rules need to know, its spend summed up from the entries."""
        brand = campaign.brand
        own, whole = ("campaign", campaign.pk), ("brand", brand.pk)
        return Facts(
            is_held=campaign.is_held,
            brand_is_held=brand.is_held,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            hours=campaign.schedule.week_hours if campaign.schedule else None,
            daily=figures(self.of[*own, today], campaign.daily_budget),
            monthly=figures(self.of[*own, today[:7]], campaign.monthly_budget),
            brand_daily=figures(self.of[*whole, today], brand.daily_budget),
            brand_monthly=figures(self.of[*whole, today[:7]], brand.monthly_budget),
        )


def figures(spent_micros: int, budget: Decimal | None) -> Figures:
    """Return spend and budget as the rules take them."""
    return Figures(
        spent_micros=spent_micros, budget_micros=None if budget is None else to_micros(budget)
    )


def ask(query: str) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
