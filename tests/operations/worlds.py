"""Worlds: brands with every combination of causes, and what the rules say about each campaign.

A world is drawn from a random source and written straight into the tables, past every save. What
should come out is computed in Python from the same draws, by `rules.decide()` alone.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from budgets.models import Brand, Campaign, Change, LinkedCampaign, PlatformAccount, Schedule, Spend
from budgets.models.hours.exception_day import read_exceptions
from budgets.rules.clock import LocalClock, UnknownZone, month_of, next_month_of
from budgets.rules.decision import Facts, Figures, decide
from budgets.rules.exceptions import parse_exceptions, with_exceptions
from budgets.rules.hours import WeekHours
from budgets.rules.money import to_micros, to_units
from budgets.rules.status import RunStatus
from tests.builders import an_instant

ONE_DAY = timedelta(days=1)

INSTANTS = [
    an_instant("2026-03-10 12:00"),
    an_instant("2026-03-31 23:50"),  # the month has turned in half of the zones
    an_instant("2026-01-01 05:07"),  # the year too
    an_instant("2026-10-25 00:30"),  # Paris is about to live 02:00-03:00 twice
    an_instant("2026-09-06 04:00"),  # Santiago has no midnight
    an_instant("2028-02-29 10:59:59.999999"),
]

ZONES = [
    "UTC",
    "America/New_York",
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Paris",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Mars/Olympus_Mons",  # typed into the database; runs on UTC
]

CENTS = 10_000
CAMPAIGNS_A_BRAND = 6

FIGURES = (
    *("day_spent", "daily_budget", "month_spent", "monthly_budget"),
    *("brand_day_spent", "brand_daily_budget", "brand_month_spent", "brand_monthly_budget"),
)

FEEDS = ("heard", "silent", "off")
"""Accounts whose spend is read, or was not for long; one of these is off."""

Row = tuple[int | None, ...]


@dataclass(slots=True, eq=False)
class Draw:
    """A campaign, the days it spent on in micros, and what the rules say about it."""

    campaign: Campaign
    spend_days: dict[date, int]
    feed: str = "heard"
    before: int = 0
    after: int = 0
    figures: tuple[int | None, ...] = ()


@dataclass(slots=True)
class World:
    """Brands at an instant, and the verdict that each of their campaigns should get."""

    now: datetime
    brands: list[Brand] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)

    def write(self) -> None:
        """Put the world into the tables, past every save."""
        Schedule.objects.bulk_create(self.schedules)
        Brand.objects.bulk_create(self.brands)
        Campaign.objects.bulk_create(draw.campaign for draw in self.draws)
        Schedule.objects.refresh_weeks()
        read_exceptions(Brand.objects.filter(pk__in=self.brand_ids), "brand")
        for brand in self.brands:
            self.link_to_platforms(brand)
        Spend.objects.bulk_create(
            Spend(campaign=draw.campaign, day=day, amount=to_units(micros))
            for draw in self.draws
            for day, micros in draw.spend_days.items()
        )

    @property
    def brand_ids(self) -> list[int]:
        return [brand.pk for brand in self.brands]

    def decisions(self) -> dict[int, int]:
        """The reasons each campaign should have, by its id."""
        return {draw.campaign.pk: draw.after for draw in self.draws}

    def link_to_platforms(self, brand: Brand) -> None:
        """Link the brand's campaigns to platforms that were told nothing yet."""
        accounts = {
            feed: PlatformAccount.objects.create(
                brand=brand,
                name=feed,
                timezone="UTC",
                connector="meta",
                reads_from=date(2026, 1, 1),
                is_on=feed != "off",
                silent_since=None if feed == "heard" else self.now,
            )
            for feed in FEEDS
        }
        LinkedCampaign.objects.bulk_create(
            LinkedCampaign(
                campaign=draw.campaign,
                account=accounts[draw.feed],
                external_id=str(draw.campaign.pk),
            )
            for draw in self.draws
            if draw.campaign.brand is brand
        )

    def changes(self) -> list[Row]:
        """What the history should hold: before, after, whether a platform is told, the figures."""
        return sorted(
            (d.campaign.pk, d.before, d.after, (d.before == 0) != (d.after == 0), *d.figures)
            for d in self.draws
            if d.before != d.after
        )


def a_world(random: Random, *, brands: int = 3) -> World:
    """Draw a world."""
    world = World(now=random.choice(INSTANTS))
    for _ in range(brands):
        add_brand(world, random)
    return world


def numbered_world(number: int, *, brands: int = 3) -> World:
    """Return the world of this number, the same one every time."""
    return a_world(Random(number), brands=brands)


def add_brand(world: World, random: Random) -> None:
    """Draw a brand with its campaigns, and decide them."""
    brand = Brand(name="Brand", timezone=random.choice(ZONES), is_held=random.random() < 0.1)
    brand.pauses_when_silent = random.random() < 0.5
    clock = clock_of(brand)
    today, slot = clock.day(world.now), clock.slot(world.now)
    if random.random() < 0.3:
        brand.exceptions = dates_around(today, slot, random)
    draws = [
        draw_campaign(brand, world, random, today=today, slot=slot)
        for _ in range(random.randint(1, CAMPAIGNS_A_BRAND))
    ]
    brand_day = sum(draw.spend_days.get(today, 0) for draw in draws)
    brand_month = sum(in_month_of(today, draw.spend_days) for draw in draws)
    brand.daily_budget = a_budget_near(brand_day, random)
    brand.monthly_budget = a_budget_near(brand_month, random)
    carried = a_carried_amount(brand, brand_month, random)
    if brand.monthly_budget is not None or random.random() < 0.5:
        brand.carried, brand.carried_month = to_units(carried), month_of(today)
    else:
        carried = 0
    for draw in draws:
        campaign = draw.campaign
        day, month = draw.spend_days.get(today, 0), in_month_of(today, draw.spend_days)
        campaign.daily_budget = a_budget_near(day, random)
        campaign.monthly_budget = a_budget_near(month, random)
        facts = Facts(
            is_held=campaign.is_held,
            brand_is_held=brand.is_held,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            hours=hours_of(campaign),
            daily=figures(day, campaign.daily_budget),
            monthly=figures(month, campaign.monthly_budget),
            brand_daily=figures(brand_day, brand.daily_budget),
            brand_monthly=replace(
                figures(brand_month, brand.monthly_budget), carried_micros=carried
            ),
            feed_is_silent=brand.pauses_when_silent and draw.feed == "silent",
        )
        draw.after = int(decide(facts, today=today, slot=slot))
        draw.before = draw.after if random.random() < 0.2 else random.randrange(256)
        draw.figures = flat(facts)
        campaign.reasons = draw.before
    world.brands.append(brand)
    world.draws += draws


def draw_campaign(brand: Brand, world: World, random: Random, *, today: date, slot: int) -> Draw:
    """Draw a campaign with flight, hours and spend around the local now; budgets come later."""
    edges = [None, None, today - ONE_DAY, today, today + ONE_DAY]
    starts_on, ends_on = random.choice(edges), random.choice(edges)
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    campaign = Campaign(
        brand=brand,
        name="Campaign",
        starts_on=starts_on,
        ends_on=ends_on,
        is_held=random.random() < 0.15,
        schedule=a_schedule_around(today, slot, world, random),
    )
    spend_days = {
        day: random.choice([random.randint(0, 500), -random.randint(1, 200)]) * CENTS
        for day in draw_days(today, random)
    }
    stand(campaign, spend_days)
    return Draw(campaign, spend_days, feed=random.choice(FEEDS))


def in_month_of(today: date, spend_days: dict[date, int]) -> int:
    """Sum the days of the month that the date is in."""
    return sum(micros for day, micros in spend_days.items() if month_of(day) == month_of(today))


def draw_days(today: date, random: Random) -> list[date]:
    """Draw days with spend: edges of this, the last and the next months, past and ahead."""
    month, following = month_of(today), next_month_of(today)
    past = [month - ONE_DAY, month, max(month, today - ONE_DAY), today]
    ahead = [today + ONE_DAY, following - ONE_DAY, following, next_month_of(following)]
    days = random.sample(past, random.randint(0, 4))
    if random.random() < 0.4:
        days += random.sample(ahead, random.randint(1, 4))
    return sorted(set(days))


def stand(campaign: Campaign, spend_days: dict[date, int]) -> None:
    """Set the campaign's totals as ingest leaves them: those of the newest day and month."""
    if spend_days:
        newest = max(spend_days)
        campaign.day, campaign.month = newest, month_of(newest)
        campaign.day_spent = to_units(spend_days[newest])
        campaign.month_spent = to_units(in_month_of(newest, spend_days))


def hours_of(campaign: Campaign) -> WeekHours | None:
    """Return when it may run: dates of the brand before those of the schedule, before the week."""
    schedule = campaign.schedule
    of_schedule = parse_exceptions(schedule.exceptions) if schedule else []
    dates = [*of_schedule, *parse_exceptions(campaign.brand.exceptions)]
    hours = WeekHours.parse(schedule.hours) if schedule else None
    return with_exceptions(hours, {each.day: each.quarters for each in dates})


def dates_around(today: date, slot: int, random: Random) -> str:
    """Draw dates with other hours, as people write them, whose edges lie at this quarter."""
    days = {month_of(today), today - ONE_DAY, today, today + ONE_DAY}
    lines = []
    for day in random.sample(sorted(days), random.randint(1, len(days))):
        start = min(max(slot % 96 + random.randint(-1, 1), 0), 95)
        end = min(start + random.choice([1, 2, 50]), 96)
        hours = f"{start // 4:02}:{start % 4 * 15:02}-{end // 4:02}:{end % 4 * 15:02}"
        lines.append(f"{day} {random.choice(['closed', 'open', hours])} # drawn")
    return "\n".join(lines)


def a_schedule_around(today: date, slot: int, world: World, random: Random) -> Schedule | None:
    """Draw no schedule, or one whose edges lie at this quarter; some serve several campaigns."""
    if random.random() < 0.4:
        return None
    if world.schedules and random.random() < 0.3:
        return random.choice(world.schedules)
    start, length = slot + random.randint(-1, 1), random.choice([1, 2, 95, 671])
    week = bytearray(672)
    for quarter in range(start, start + length):
        week[quarter % 672] = 1
    schedule = Schedule(name="Hours", hours=WeekHours(week=bytes(week)).format())
    if random.random() < 0.3:
        schedule.exceptions = dates_around(today, slot, random)
    world.schedules.append(schedule)
    return schedule


def a_budget_near(spent_micros: int, random: Random) -> Decimal | None:
    """Draw no budget, nothing, or one within a micro of what was spent."""
    if random.random() < 0.25:
        return None
    near = random.choice([0, spent_micros - 1, spent_micros, spent_micros + 1, 100 * CENTS])
    return to_units(max(near, 0))


def a_carried_amount(brand: Brand, spent_micros: int, random: Random) -> int:
    """Draw what a month was handed: often nothing, else what brings its limit near the spend."""
    if random.random() < 0.5:
        return 0
    brand.rollover = random.choice(["none", "unspent", "both"])
    budget = 0 if brand.monthly_budget is None else to_micros(brand.monthly_budget)
    return random.choice([-1, 0, 1, -100 * CENTS, 100 * CENTS]) + spent_micros - budget


def figures(spent_micros: int, budget: Decimal | None) -> Figures:
    """Return spend and budget as the rules take them."""
    return Figures(
        spent_micros=spent_micros, budget_micros=None if budget is None else to_micros(budget)
    )


def flat(facts: Facts) -> tuple[int | None, ...]:
    """Return the figures in the order of a `Change`."""
    pairs = (facts.daily, facts.monthly, facts.brand_daily, facts.brand_monthly)
    return tuple(n for pair in pairs for n in (pair.spent_micros, pair.limit_micros))


def clock_of(brand: Brand) -> LocalClock:
    """Return the brand's clock; UTC where the zone is broken."""
    try:
        return LocalClock.of(brand.timezone)
    except UnknownZone:
        return LocalClock.of("UTC")


def written_changes(world: World) -> list[Row]:
    """Return what the history holds of the world, in the shape of `World.changes`."""
    rows = Change.objects.filter(campaign__brand__in=world.brands).order_by("campaign_id")
    return [
        (campaign_id, before, after, wanted == told_of(after), *map(micros_of, amounts))
        for campaign_id, before, after, wanted, *amounts in rows.values_list(
            "campaign_id", "before", "after", "campaign__links__wanted", *FIGURES
        )
    ]


def told_of(reasons: int) -> RunStatus:
    return RunStatus.PAUSED if reasons else RunStatus.RUNNING


def micros_of(amount: Decimal | None) -> int | None:
    """Return the amount in micros, nothing for nothing."""
    return None if amount is None else to_micros(amount)
