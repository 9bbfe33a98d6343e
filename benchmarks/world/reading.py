"""Reading an account of many campaigns: all of its totals are news, none is, one in twenty is."""

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
    pull.LONGEST_RUN = timedelta(hours=5)
    platform = Totals()
    CONNECTORS["totals"] = lambda: platform
    campaigns = totals // DAYS
    account = an_account(campaigns)
    speeds: dict[str, float] = {}
    for name, moved in (("every total is news", 0), ("none moved", 0), ("5 % moved", 1)):
        platform.moved = moved
        platform.now += timedelta(minutes=1)
        read = partial(pull.pull_account, account.pk, clock=lambda: platform.now)
        speeds[name] = campaigns * DAYS / timed(read)
        tidy()
    return speeds


def an_account(campaigns: int) -> PlatformAccount:
    """Save an account with so many linked campaigns."""
    call_command("migrate", verbosity=0)
    brand = Brand.objects.create(name="Large")
    account = PlatformAccount(
        brand=brand,
        name="totals",
        timezone="UTC",
        connector="totals",
        external_id="1",
        currency="USD",
        reads_from=NOW.date() - (DAYS - 1) * DAY,
    )
    account.credentials = {"token": "any"}
    account.save()
    rows = Campaign.objects.bulk_create(
        (Campaign(brand=brand, name=f"Campaign {number}") for number in range(campaigns)),
        batch_size=5_000,
    )
    LinkedCampaign.objects.bulk_create(
        (
            LinkedCampaign(
                campaign=row,
                account=account,
                external_id=str(row.pk),
                wanted="running",
                confirmed="running",
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    tidy()
    return account
