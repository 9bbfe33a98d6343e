"""How long pages take on an agency with a million campaigns.

script/bench reads --spend-rows 30m
"""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from benchmarks.world.measure import brief, note, print_table, statements_counted, timed
from benchmarks.world.scratch import DATABASES, in_a_process, scratch_database
from benchmarks.world.seed import Size, seed, tidy
from benchmarks.world.sizes import size_of
from budgets.models import ApiKey, Brand, Campaign
from budgets.operations.close import close_periods
from budgets.operations.keys import new_secret
from budgets.operations.reconcile import reconcile

TIMES = 20
ENOUGH_SECONDS = 30
"""A page that is slow is asked for less often."""

TARGET_MS = 200

EXPLANATION = f"""
Server time of a page in milliseconds, through Django's test client, DEBUG off: median, least and
most of {TIMES} after two that do not count (fewer of a page that takes seconds).
* marks what is above {TARGET_MS} ms.
"""

PAGES = {
    "dashboard": "/admin/",
    "brands": "/admin/budgets/brand/",
    "brands, searched": "/admin/budgets/brand/?q=Brand+{last_brand_number}",
    "brands, on hold": "/admin/budgets/brand/?held=yes",
    "brands, last page": "/admin/budgets/brand/?p=190",
    "one brand": "/admin/budgets/brand/{brand}/change/",
    "campaigns": "/admin/budgets/campaign/",
    "campaigns of a brand, by spend": "/admin/budgets/campaign/?brand__id__exact={brand}&o=-3",
    "campaigns, paused": "/admin/budgets/campaign/?status=paused",
    "campaigns, daily budget reached": "/admin/budgets/campaign/?reason=DAILY_BUDGET",
    "campaigns, held at month's budget": "/admin/budgets/campaign/?reason=MONTHLY_BUDGET&held=yes",
    "campaigns of a brand": "/admin/budgets/campaign/?brand__id__exact={brand}",
    "campaigns, flight over": "/admin/budgets/campaign/?flight=ended",
    "campaigns, searched by name": "/admin/budgets/campaign/?q=Campaign+{last_number}",
    "campaigns, searched by reference": "/admin/budgets/campaign/?q=ref-{last_number}",
    "campaigns, searched in vain": "/admin/budgets/campaign/?q=nobody+has+this+name",
    "one campaign": "/admin/budgets/campaign/{campaign}/change/",
    "spend": "/admin/budgets/spend/",
    "spend of a brand": "/admin/budgets/spend/?campaign__brand__id__exact={brand}",
    "spend of a day": "/admin/budgets/spend/?day_from={day}&day_to={day}",
    "spend, searched": "/admin/budgets/spend/?q=Campaign+{last_number}",
    "changes": "/admin/budgets/change/",
    "changes of a brand": "/admin/budgets/change/?brand__id__exact={brand}",
    "changes by trigger": "/admin/budgets/change/?trigger__exact=tick",
    "statements": "/admin/budgets/statement/",
    "statements of a brand": "/admin/budgets/statement/?brand__id__exact={brand}",
    "activity": "/admin/activity/",
    "API: brands": "/api/v1/brands",
    "API: campaigns": "/api/v1/campaigns",
    "API: campaigns of a brand": "/api/v1/campaigns?brand_id={brand}&limit=200",
    "API: campaigns, paused": "/api/v1/campaigns?status=paused",
    "API: campaigns by reference": "/api/v1/campaigns?external_id=ref-{last_number}",
    "API: campaigns, part of a name": "/api/v1/campaigns?name=campaign+{last_number}",
    "API: explain": "/api/v1/campaigns/{campaign}/explain",
    "API: changes from the start": "/api/v1/changes",
    "API: statements": "/api/v1/statements",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking for a page."""

    status: int
    milliseconds: list[float]
    statements: int

    def row(self, name: str) -> tuple[str, ...]:
        """Return it as a line of the table."""
        if self.status != 200:
            return (name, f"answers {self.status}", "", "", "")
        middle = median(self.milliseconds)
        mark = "*" if middle > TARGET_MS else ""
        least, most = min(self.milliseconds), max(self.milliseconds)
        return name, mark + brief(middle), brief(least), brief(most), str(self.statements)


def main() -> None:
    """Seed the agency, ask for every page and print a table."""
    parser = ArgumentParser(prog="script/bench reads", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="postgres")
    parser.add_argument("--campaigns", type=size_of, default=1_000_000, help="default: 1m")
    parser.add_argument("--spend-rows", type=size_of, default=3_000_000, help="default: 3m")
    asked = parser.parse_args()
    days = max(asked.spend_rows // asked.campaigns, 2)
    with scratch_database(asked.database):
        in_a_process(prepare, Size(campaigns=asked.campaigns, days=days))
        visits = in_a_process(visit_all)
    print(EXPLANATION.rstrip())
    title = f"Pages, {asked.database}, {asked.campaigns:,} campaigns, {days} days of spend of each"
    rows = [visit.row(name) for name, visit in visits.items()]
    print_table(title, ("", "ms", "least", "most", "SQL"), rows)


def prepare(size: Size) -> None:
    """Write the agency, decide it, and close its last day."""
    now = datetime.now(UTC)
    note(f"seeding {size.campaigns:,} campaigns and {size.days} days of spend")
    seed(size, now=now)
    reconcile(now=now)
    note("closing a day")
    for brand_ids in batches(list(Brand.objects.values_list("id", flat=True)), 1_000):
        brands = list(Brand.objects.filter(pk__in=brand_ids))
        for brand in brands:
            assert brand.closed_day
            brand.closed_day -= timedelta(days=1)
        Brand.objects.bulk_update(brands, ["closed_day"])
    close_periods(now=now)
    tidy()


def batches(ids: list[int], size: int) -> Iterator[list[int]]:
    """Cut the ids into lists of so many."""
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch


def visit_all() -> dict[str, Visit]:
    """Ask for every page, as a superuser or with a key for all brands."""
    person = get_user_model().objects.create_superuser("bench", "", "bench")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person)
    key = ApiKey.objects.create(
        name="benchmark", all_brands=True, requests_per_minute=1_000_000, created_by=person
    )
    token = new_secret(key, now=timezone.now()).token
    program = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
    places = known_places()
    visits = {}
    for name, address in PAGES.items():
        client = program if name.startswith("API") else browser
        visits[name] = visit(client, address.format(**places))
        note(" ".join(visits[name].row(name)))
    return visits


def known_places() -> dict[str, object]:
    """Return what the addresses are filled in with."""
    brands, campaigns = Brand.objects.count(), Campaign.objects.count()
    campaign = Campaign.objects.order_by("id")[campaigns // 2]
    return {
        "brand": campaign.brand_id,
        "campaign": campaign.pk,
        "last_number": campaigns - 17,
        "last_brand_number": brands - 1,
        "day": timezone.now().date() - timedelta(days=1),
    }


def visit(client: Client, address: str) -> Visit:
    """Ask for a page again and again."""

    def ask() -> int:
        return client.get(address, follow=False).status_code

    status = ask()
    with statements_counted() as statements:
        ask()
    sent = len(statements)
    return Visit(status, [1_000 * seconds for seconds in several(ask)], sent)


def several(ask: Callable[[], object]) -> list[float]:
    """Time it often, but not for ever."""
    seconds: list[float] = []
    while len(seconds) < TIMES and sum(seconds) < ENOUGH_SECONDS:
        seconds.append(timed(ask))
    return seconds


if __name__ == "__main__":
    main()
