"""Check what comes in, once, at the edge: what may be booked and what is refused."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from budgets.models import Brand, Campaign
from budgets.operations.database import id_rows
from budgets.operations.ingest.types import CampaignFacts, Checked, Refusal, Row, SpendKind
from budgets.rules.clock import LocalClock, clock_of
from budgets.rules.money import AmountTooLarge, BadAmount, TooManyDecimals, to_micros

MAX_KEY_LENGTH = 200
MAX_SOURCE_LENGTH = 50
MAX_ID = 2**63 - 1

RESERVED_KEYS = "total/"
"""Keys of the entries that day totals become, refused from anybody else: the two never meet."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No ad platform reports older spend; a mistyped year must not open centuries of days to close."""


class Refused(Exception):
    """A row that is not taken, with the code programs read and the words people read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def validate_rows(
    rows: Sequence[Row], kind: SpendKind[Row, Checked], *, now: datetime, first_index: int = 0
) -> tuple[list[Checked], list[Refusal]]:
    """Check every row; return those that may be booked and those that may not."""
    facts = campaign_facts({row.campaign_id for row in rows})
    good: list[Checked] = []
    refused: list[Refusal] = []
    for index, row in enumerate(rows, start=first_index):
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
    ids = [pk for pk in campaign_ids if type(pk) is int and 0 < pk <= MAX_ID]
    found = Campaign.objects.filter(pk__in=id_rows(ids)).order_by()
    campaigns = dict(found.values_list("id", "brand_id"))
    brands = Brand.objects.filter(pk__in=id_rows(set(campaigns.values()))).order_by()
    facts = {
        pk: CampaignFacts(pk, currency, clock_of(zone))
        for pk, currency, zone in brands.values_list("id", "currency", "timezone")
    }
    return {pk: facts[brand_id] for pk, brand_id in campaigns.items() if brand_id in facts}


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
            "wrong_currency", f"The brand spends {campaign.currency}; {currency!r} is refused."
        )


def checked_instant(given: object, *, now: datetime) -> datetime:
    """Return the instant in UTC. Raises `Refused` for what is no instant or has not happened yet.

    Only instants in UTC compare as instants: within one zone Python compares the wall clocks, and
    a time that the clocks show twice equals no time of another zone.
    """
    if not isinstance(given, datetime) or given.utcoffset() is None:
        raise Refused("bad_time", f"{given!r} is no instant; give a time with its offset.")
    if given < EARLIEST:
        raise Refused("bad_time", f"{given.isoformat()} is before {EARLIEST:%Y}.")
    instant = given.astimezone(UTC)
    if instant > now:
        raise Refused("future", f"{given.isoformat()} is later than now, {now.isoformat()}.")
    return instant


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
