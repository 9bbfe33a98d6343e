"""A match that a person makes, and what keeps it from being made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from budgets.cells.names import folded
from budgets.cells.refusal import quoted
from budgets.models import Campaign
from budgets.models.ledger.campaign_match import LONGEST_IDENTIFIER
from budgets.operations.database import id_rows, text_rows
from budgets.operations.ingest.validation import (
    MAX_SOURCE_LENGTH,
    Refused,
    check_name,
    is_storable,
)
from budgets.operations.spend_file.campaigns.brand_names import BrandNames
from budgets.operations.spend_file.campaigns.reference import Identifier, identifier
from budgets.operations.spend_file.scratch import scratch_pad

Key = tuple[str, Identifier]
"""A source, and what that calls a campaign."""


class CannotMatch(ValueError):
    """A match that is not made; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a person says of a campaign that the reports of a source name."""

    source: str
    external_id: str
    """Empty where the reports give none."""
    name: str
    campaign_id: int | None
    """Ours; `None`: it is none of ours, and its rows are left out."""

    @property
    def key(self) -> Key:
        return self.source, identifier(self.external_id, self.name)

    def __str__(self) -> str:
        return quoted(self.external_id or self.name)


def refuse_unstorable(match: Match) -> None:
    """Refuse what could not be kept and found again. Raises `CannotMatch`."""
    try:
        check_name("source", match.source, MAX_SOURCE_LENGTH)
    except Refused as refusal:
        raise CannotMatch(str(refusal)) from None
    text = match.key[1].text
    if not 0 < len(text) <= LONGEST_IDENTIFIER or not is_storable(text + match.name):
        raise CannotMatch(
            f"{match} cannot be matched: an id or a name has 1 to {LONGEST_IDENTIFIER} characters."
        )


def campaigns_matched(
    matches: Collection[Match], *, brand_id: int, within: QuerySet[Campaign] | None
) -> dict[int, Campaign]:
    """Return the campaigns that are matched to. Raises `CannotMatch` for one of another brand."""
    ids = {match.campaign_id for match in matches if match.campaign_id is not None}
    of_brand = (Campaign.objects.all() if within is None else within).filter(brand=brand_id)
    if not of_brand.exists():
        raise CannotMatch(f"There is no brand {brand_id} with campaigns.")
    found = {row.pk: row for row in of_brand.filter(pk__in=id_rows(ids)).order_by()}
    for pk in sorted(ids - found.keys()):
        raise CannotMatch(f"The brand has no campaign {pk}; choose one of its campaigns.")
    return found


def refuse_ids_of_others(matches: Collection[Match], *, brand_id: int) -> None:
    """Refuse what is the very external ID of another campaign of the brand."""
    ids = text_rows({match.external_id for match in matches} - {""})
    rows = Campaign.objects.filter(brand=brand_id, external_id__in=ids).order_by()
    ours = {row.external_id: row for row in rows}
    for match in matches:
        other = ours.get(match.external_id)
        if other and other.pk != match.campaign_id:
            raise CannotMatch(
                f"{match} is the external ID of {quoted(other.name)}; match it to that campaign, "
                "or change its external ID first."
            )


def refuse_names_of_others(
    matches: Collection[Match], campaigns: Mapping[int, Campaign], *, brand_id: int
) -> None:
    """Refuse a name that is matched, where reports give no id, and is that of another campaign."""
    named = [match for match in matches if not match.external_id]
    if not named:
        return
    with scratch_pad() as scratch:
        names = BrandNames(scratch, Campaign.objects.all())
        names.read([brand_id])
        for match in named:
            others = names.called(brand_id, match.name)
            ours = campaigns[match.campaign_id].name if match.campaign_id else None
            if others and (ours is None or folded(ours) != folded(match.name)):
                raise CannotMatch(
                    f"{match} is the name of campaign {others[0]}; match it to that campaign, or "
                    "rename that first."
                )
