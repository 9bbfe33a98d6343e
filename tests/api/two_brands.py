"""Two brands with everything, and a program with a key for the first of them."""

from datetime import timedelta
from typing import Any

from django.core import serializers
from django.utils import timezone

from budgets.models import (
    Brand,
    Campaign,
    Change,
    DatedBudget,
    LedgerEntry,
    Schedule,
    Spend,
    Statement,
)
from budgets.operations.holds import hold, release
from tests.api.program import a_program
from tests.builders import a_brand, a_campaign, a_schedule, spend

SECRET = "Confidential"
REFERENCE = "confidential-7"

Operation = dict[str, Any]
"""An operation of the OpenAPI document."""


class World:
    """Two brands with everything, and a key for the first of them."""

    def __init__(self) -> None:
        now = timezone.now()
        self.mine = a_campaign(brand=a_brand(name="Open"), schedule=a_schedule(name="Open"))
        brand = a_brand(name=SECRET, daily="100")
        schedule = a_schedule("Mon-Sun 00:00-24:00", name=SECRET)
        self.other = a_campaign(brand=brand, name=SECRET, schedule=schedule, daily="50")
        Campaign.objects.filter(pk=self.other.pk).update(external_id=REFERENCE)
        spend(self.other, "50", at=now)
        hold(self.other, by=None, now=now, note=SECRET)
        release(self.other, by=None, now=now, note=SECRET)
        self.statements = {
            campaign.pk: Statement.objects.create(
                brand=campaign.brand,
                campaign=campaign,
                period="day",
                starts_on="2026-01-01",
                currency="USD",
                spent=50,
                spent_at_close=50,
                closed_at=now,
            )
            for campaign in (self.mine, self.other)
        }
        first = f"{now + timedelta(days=9):%Y-%m-%d}"
        self.dated = {
            campaign.pk: DatedBudget.objects.create(campaign=campaign, amount=5, starts_on=first)
            for campaign in (self.mine, self.other)
        }
        self.program = a_program(self.mine.brand)

    def foreign_ids(self) -> dict[str, Any]:
        return {
            "brand_id": self.other.brand_id,
            "campaign_id": self.other.pk,
            "schedule_id": self.other.schedule_id,
            "statement_id": self.statements[self.other.pk].pk,
            "dated_budget_id": self.dated[self.other.pk].pk,
        }

    def own_ids(self) -> dict[str, Any]:
        return {
            "brand_id": self.mine.brand_id,
            "campaign_id": self.mine.pk,
            "schedule_id": self.mine.schedule_id,
            "statement_id": self.statements[self.mine.pk].pk,
            "dated_budget_id": self.dated[self.mine.pk].pk,
        }

    def bodies(self, operation_id: str) -> list[Any]:
        """Return the bodies to try; an operation that is not listed fails the walk."""
        foreign, own = self.foreign_ids(), self.own_ids()
        campaign = {"name": "Taken", "external_id": "new"}
        row = {"source": "s", "currency": "USD"}
        now = timezone.now()
        entry = row | {"key": "k", "occurred_at": now.isoformat(), "amount": "1"}
        total = row | {"day": f"{now:%Y-%m-%d}", "total": "1", "as_of": now.isoformat()}
        by_id = {"campaign_id": foreign["campaign_id"]}
        by_reference = {"brand_id": foreign["brand_id"], "external_id": REFERENCE}
        both_ways = (by_id, by_reference)
        tomorrow = now + timedelta(days=2)
        bodies: dict[str, list[Any]] = {
            "report_spend": [{"entries": [entry | way for way in both_ways]}],
            "report_totals": [
                {"entries": [total | way | {"source": f"s{n}"} for n, way in enumerate(both_ways)]}
            ],
            "create_brand": [{"name": "Taken"}],
            "change_brand": [{"name": "Taken"}, {"daily_budget": None}],
            "hold_brand": [None, {"note": "x"}],
            "release_brand": [None],
            "create_schedule": [],
            "change_schedule": [{"name": "Taken"}],
            "create_campaign": [
                campaign | {"brand_id": foreign["brand_id"]},
                campaign | {"brand_id": own["brand_id"], "schedule_id": foreign["schedule_id"]},
            ],
            "change_campaign": [{"name": "Taken"}, {"schedule_id": foreign["schedule_id"]}],
            "plan_budget": [
                {"period": "day", "amount": "1", "starts_on": f"{tomorrow:%Y-%m-%d}"} | whose
                for whose in ({"brand_id": foreign["brand_id"]}, by_id)
            ],
            "change_dated_budget": [{"amount": "1"}],
            "delete_dated_budget": [None],
            "hold_campaign": [None],
            "release_campaign": [None],
        }
        return bodies[operation_id]

    def requests(self, method: str, path: str, operation: Operation) -> list[tuple[str, Any]]:
        """Return the requests that would reach the other brand if nothing stood in the way."""
        ids = self.foreign_ids()
        address = path.format(**ids)
        if method == "GET":
            return [
                (address, None),
                *((f"{address}?{each}", None) for each in self.queries(operation)),
            ]
        return [(address, body) for body in self.bodies(operation["operationId"])]

    def queries(self, operation: Operation) -> list[str]:
        """Return a query for each filter; a parameter that is not listed fails the walk."""
        values = self.foreign_ids() | {
            "name": SECRET,
            "external_id": REFERENCE,
            "currency": "USD",
            "is_held": "false",
            "is_planned": "true",
            "status": "paused",
            "reason": "DAILY_BUDGET",
            "period": "day",
            "from_day": "2026-01-01",
            "to_day": "2026-01-01",
            "limit": 200,
            "cursor": None,
            "after": None,
        }
        named = [p["name"] for p in operation["parameters"] if p["in"] == "query"]
        return [f"{name}={values[name]}" for name in named if values[name] is not None]

    def of_the_other_brand(self) -> str:
        """Return all that is stored of the other brand."""
        brand = self.other.brand_id
        rows = [
            *Brand.objects.filter(pk=brand),
            *Schedule.objects.filter(campaigns=self.other),
            *Campaign.objects.filter(brand=brand).order_by("pk"),
            *Change.objects.filter(campaign__brand=brand).order_by("pk"),
            *LedgerEntry.objects.filter(campaign__brand=brand).order_by("pk"),
            *Spend.objects.filter(campaign__brand=brand).order_by("pk"),
            *Statement.objects.filter(brand=brand).order_by("pk"),
            *DatedBudget.objects.filter(brand=brand).order_by("pk"),
        ]
        return str(serializers.serialize("json", rows))
