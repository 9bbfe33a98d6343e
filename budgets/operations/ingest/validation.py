"""Check what comes in, once, at the edge: what may be booked and what is refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from budgets.cells.refusal import quoted
from budgets.models import Brand, Campaign, Source
from budgets.operations.database import id_rows
from budgets.operations.ingest.types import (
    CampaignFacts,
    Checked,
    NumberedRow,
    Refusal,
    Row,
    SpendKind,
)
from budgets.rules.clock import LocalClock, clock_of
from budgets.rules.money import AmountTooLarge, BadAmount, TooManyDecimals, to_micros

MAX_KEY_LENGTH = 200
MAX_SOURCE_LENGTH = 50
MAX_ID = 2**63 - 1

RESERVED_KEYS = "total/"
"""Keys of the entries that day totals become, refused from anybody else: the two never meet."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before it an instant is taken for a mistake of whoever wrote it."""


class Refused(Exception):
    """A row that is not taken, with the code programs read and the words people read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def validate_rows(
    rows: Sequence[NumberedRow[Row]],
    kind: SpendKind[Row, Checked],
    facts: Mapping[int, CampaignFacts],
    *,
    now: datetime,
) -> tuple[list[Checked], list[Refusal]]:
    """Check every row against its campaign; return those that may be booked and those not."""
    good: list[Checked] = []
    refused: list[Refusal] = []
    for index, row in rows:
        try:
            campaign = facts.get(row.campaign_id)
            if campaign is None:
                raise Refused("unknown_campaign", f"There is no campaign {row.campaign_id!r}.")
            check_name("source", row.source, MAX_SOURCE_LENGTH)
            check_currency(row.currency, campaign)
            good.append(kind.validate(row, index, campaign, now=now))
        except Refused as error:
            refused.append(Refusal(index, error.code, str(error)))
    return good, refused


def campaign_facts(campaign_ids: Iterable[object]) -> dict[int, CampaignFacts]:
    """Look up the campaigns that exist among the ids; those of a brand share its facts."""
    campaigns = brands_of(campaign_ids)
    brand_ids = set(campaigns.values())
    brands = Brand.objects.filter(pk__in=id_rows(brand_ids)).order_by()
    clocks = source_clocks(brand_ids)
    facts = {
        pk: CampaignFacts(pk, currency, clock_of(zone), clocks.get(pk, {}))
        for pk, currency, zone in brands.values_list("id", "currency", "timezone")
    }
    return {pk: facts[brand_id] for pk, brand_id in campaigns.items() if brand_id in facts}


def brands_of(campaign_ids: Iterable[object]) -> dict[int, int]:
    """Return the brand of each campaign that exists among the ids."""
    ids = [pk for pk in campaign_ids if type(pk) is int and 0 < pk <= MAX_ID]
    found = Campaign.objects.filter(pk__in=id_rows(ids)).order_by()
    return dict(found.values_list("id", "brand_id"))


def source_clocks(brand_ids: Iterable[int]) -> dict[int, dict[str, LocalClock]]:
    """Return the clocks of the sources of these brands that have a reporting zone."""
    clocks: dict[int, dict[str, LocalClock]] = defaultdict(dict)
    sources = Source.objects.filter(brand__in=id_rows(brand_ids)).order_by()
    for brand_id, name, zone in sources.values_list("brand_id", "name", "timezone"):
        clocks[brand_id][name] = clock_of(zone)
    return clocks


def check_name(what: str, text: object, limit: int) -> None:
    """Refuse a source or key that could not be stored and found again."""
    if not isinstance(text, str) or not 0 < len(text) <= limit or not is_storable(text):
        raise Refused(f"bad_{what}", f"The {what} must be text of 1 to {limit} characters.")


def is_storable(text: str) -> bool:
    """Say whether every database takes the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or text.encode(errors="ignore").decode() == text)


def check_currency(currency: object, campaign: CampaignFacts) -> None:
    """Refuse money in another currency than the brand's: nothing is converted here."""
    if currency != campaign.currency:
        raise Refused(
            "wrong_currency",
            f"The brand spends {campaign.currency}; {quoted(str(currency))} is refused.",
        )


def checked_instant(given: object, *, now: datetime) -> datetime:
    """Return the instant in UTC. Raises `Refused` for what is no instant or has not happened yet.

    Only instants in UTC compare as instants: within one zone Python compares the wall clocks, and
    a time that the clocks show twice equals no time of another zone.
    """
    if not isinstance(given, datetime) or given.utcoffset() is None:
        raise Refused("bad_time", f"{given!r} is no instant; give a time with its offset.")
    if given < EARLIEST:
        raise Refused("bad_time", f"{given.day} {given:%b} {given.year} is before {EARLIEST:%Y}.")
    instant = given.astimezone(UTC)
    if instant - now > most_ahead():
        raise Refused(
            "future",
            f"{utc_text(instant)} is in the future: this server's time is {utc_text(now)}. "
            f"Up to {most_ahead().total_seconds():.0f} seconds ahead count as now; is the clock "
            "of the sender right?",
        )
    return instant


def utc_text(instant: datetime) -> str:
    """Return the instant as refusals tell it, in UTC."""
    at = instant.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M:%S} (UTC)"


def most_ahead() -> timedelta:
    """Return how far ahead of our clock the clock of a sender may be."""
    return timedelta(seconds=settings.SPEND_MAX_AHEAD_SECONDS)


def check_age(day: date, clock: LocalClock, *, now: datetime) -> None:
    """Refuse a day further back than spend is taken: a mistyped year opens years to close."""
    earliest = clock.day(now) - timedelta(days=settings.SPEND_MAX_AGE_DAYS)
    if day < earliest:
        raise Refused(
            "too_old",
            f"{day} is more than {settings.SPEND_MAX_AGE_DAYS} days back, before {earliest}; is "
            "the year right? SPEND_MAX_AGE_DAYS lets in older spend.",
        )


def checked_micros(amount: Decimal | int | str) -> int:
    """Return the amount in micros. Raises `Refused`."""
    try:
        return to_micros(amount)
    except AmountTooLarge as error:
        raise Refused("overflow", str(error)) from None
    except TooManyDecimals as error:
        raise Refused("too_many_decimals", str(error)) from None
    except BadAmount as error:
        raise Refused("bad_amount", str(error)) from None


def moved_into_day(instant: datetime, day: date, clock: LocalClock) -> datetime:
    """Return the instant, or the nearest one that lies in the local day."""
    starts, ends = clock.day_bounds(day)
    return min(max(instant, starts), ends - timedelta(microseconds=1))
