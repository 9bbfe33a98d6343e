"""Our own id in a row: the strongest evidence there is, unless the row contradicts itself."""

from budgets.cells.names import folded
from budgets.cells.refusal import quoted
from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.campaigns.reference import Reference, number
from budgets.operations.spend_file.campaigns.stored import Stored
from budgets.operations.spend_file.campaigns.words import disagrees


def of_our_id(reference: Reference, stored: Stored) -> int:
    """Return our own id, unless something else in the row contradicts it. Raises `Refused`."""
    pk = number(reference.campaign_id)
    if pk not in stored.facts:
        raise Refused("unknown_campaign", f"There is no campaign {reference.campaign_id!r}.")
    refuse_other_id(reference, pk, stored)
    refuse_other_brand(reference, pk, stored)
    if not stored.is_called(pk, reference.campaign):
        raise Refused(
            "unknown_campaign",
            disagrees(stored.known_as(pk), "campaign", reference.campaign),
        )
    return pk


def refuse_other_id(reference: Reference, pk: int, stored: Stored) -> None:
    """Refuse a key of ours that is an id of another campaign elsewhere. Raises `Refused`."""
    if reference.external_id:
        brand_id = stored.facts[pk].brand_id
        ids = stored.by_external_id.get(reference.external_id, {})
        if pk not in (ids.get(brand_id), stored.matches_of(reference).get(brand_id)):
            raise Refused(
                "unknown_campaign",
                f"campaign_id {pk} and external_id {quoted(reference.external_id)} are two "
                "campaigns; leave one of them empty.",
            )
        return
    others = {*stored.by_external_id.get(reference.campaign_id, {}).values()} - {pk}
    if others:
        raise Refused(
            "unknown_campaign",
            f"campaign_id {pk} is our campaign {stored.name_of(pk)}, and the external ID of "
            f"{stored.name_of(min(others))}; name the column external_id if the ids are the "
            "platform's.",
        )


def refuse_other_brand(reference: Reference, pk: int, stored: Stored) -> None:
    """Refuse a row whose brand is not that of its campaign. Raises `Refused`."""
    if reference.brand and folded(reference.brand) != folded(stored.known_as(pk).brand):
        raise Refused("unknown_campaign", disagrees(stored.known_as(pk), "brand", reference.brand))
    brand_id = stored.facts[pk].brand_id
    if reference.brand_id and number(reference.brand_id) != brand_id:
        raise Refused(
            "unknown_campaign",
            f"The campaign with this id is of brand {brand_id}, and the row's brand_id is "
            f"{quoted(reference.brand_id)}.",
        )
