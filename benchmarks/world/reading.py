"""Reading accounts of many campaigns: all of their totals are news, none is, one in twenty is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.core.management import call_command

from benchmarks.world.measure import timed
from benchmarks.world.seed import tidy
from budgets.connectors.base import Capability, Connector, Limits, Login, ReportedDay
from budgets.connectors.registry import CONNECTORS
from budgets.models import Brand, Campaign, LinkedCampaign, PlatformAccount
from budgets.operations.platforms import pull
from budgets.rules.clock import DAY

DAYS = 4
NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
MOVED_ONE_IN = 20
CAMPAIGNS_AN_ACCOUNT = 1_000


class Totals(Connector):
    """A platform that answers at once: each campaign has the same total, or one unit more."""

    name = "totals"
    title = "Totals"
    capabilities = Capability.DAY_TOTALS
    limits = Limits(batch_size=500, calls_a_minute=10**9, timeout=timedelta(seconds=10))
    credential_fields = ()

    def __init__(self) -> None:
        self.now = NOW
        self.moved = 0

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterator[ReportedDay]:
        amounts = (Decimal("12.34"), Decimal("12.34") + self.moved)
        for number, campaign in enumerate(campaigns):
            amount = amounts[number % MOVED_ONE_IN == 0]
            for ahead in range((last - first).days + 1):
                yield ReportedDay(campaign, first + ahead * DAY, amount, login.currency, self.now)


def read_accounts(totals: int) -> dict[str, float]:
    """Return the totals a second of three readings."""
    platform = Totals()
    CONNECTORS["totals"] = lambda: platform
    call_command("migrate", verbosity=0)
    accounts = [an_account(n) for n in range(max(1, totals // DAYS // CAMPAIGNS_AN_ACCOUNT))]
    tidy()
    speeds: dict[str, float] = {}
    for name, moved in (("every total is news", 0), ("none moved", 0), ("5 % moved", 1)):
        platform.moved = moved
        platform.now += timedelta(minutes=1)
        seconds = timed(partial(read_all, accounts, platform))
        speeds[name] = len(accounts) * CAMPAIGNS_AN_ACCOUNT * DAYS / seconds
        tidy()
    return speeds


def read_all(accounts: Sequence[PlatformAccount], platform: Totals) -> None:
    for account in accounts:
        pull.pull_account(account.pk, clock=lambda: platform.now)


def an_account(number: int) -> PlatformAccount:
    """Save an account with its linked campaigns."""
    brand = Brand.objects.create(name=f"Brand {number}")
    account = PlatformAccount(
        brand=brand,
        name="totals",
        timezone="UTC",
        connector="totals",
        external_id=str(number),
        currency="USD",
        reads_from=NOW.date() - (DAYS - 1) * DAY,
    )
    account.credentials = {"token": "any"}
    account.save()
    rows = Campaign.objects.bulk_create(
        Campaign(brand=brand, name=f"Campaign {each}") for each in range(CAMPAIGNS_AN_ACCOUNT)
    )
    LinkedCampaign.objects.bulk_create(
        LinkedCampaign(
            campaign=row,
            account=account,
            external_id=str(row.pk),
            wanted="running",
            confirmed="running",
        )
        for row in rows
    )
    return account
