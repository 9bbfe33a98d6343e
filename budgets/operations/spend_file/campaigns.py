"""Which campaign a row means: by our id, or by the caller's own reference within a brand."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import QuerySet

from budgets.cells.refusal import quoted
from budgets.cells.writing import alike
from budgets.models import Brand, Campaign
from budgets.operations.database import id_rows, text_rows
from budgets.operations.ingest.types import CampaignFacts
from budgets.operations.ingest.validation import (
    MAX_ID,
    Refused,
    campaign_facts,
    is_storable,
)


class Reference(NamedTuple):
    """How a row names its campaign: the cells as they are written, empty where there is none."""

    campaign_id: str
    external_id: str
    brand_id: str
    brand: str
    campaign: str


class Names(NamedTuple):
    """What people call a campaign and its brand."""

    campaign: str
    brand: str


class CampaignLookup:
    """The campaigns that a batch of rows names, of those it may name."""

    def __init__(
        self, references: Collection[Reference], within: QuerySet[Campaign] | None = None
    ) -> None:
        self.within = within
        self.brands = self.find_brands({reference.brand for reference in references})
        self.by_external_id = self.find_campaigns(references)
        ids = {number(reference.campaign_id) for reference in references}
        ids |= {pk for found in self.by_external_id.values() for _, pk in found}
        among = Campaign.objects.all() if within is None else within
        rows = among.filter(pk__in=id_rows(ids)).order_by()
        self.names = {
            pk: Names(*names) for pk, *names in rows.values_list("pk", "name", "brand__name")
        }
        self.facts = campaign_facts(self.names)

    def find_brands(self, names: Collection[str]) -> dict[str, list[int]]:
        """Return the ids of the brands with each of the names."""
        found: dict[str, list[int]] = defaultdict(list)
        wanted = [name for name in names if name and is_storable(name)]
        if wanted:
            brands = Brand.objects.filter(name__in=text_rows(wanted))
            if self.within is not None:
                brands = brands.filter(pk__in=self.within.values("brand"))
            for name, pk in brands.values_list("name", "id").order_by():
                found[name].append(pk)
        return found

    def find_campaigns(self, references: Collection[Reference]) -> dict[str, list[tuple[int, int]]]:
        """Return brand and id of the campaigns with each of the external ids."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        external_ids = {r.external_id or r.campaign_id for r in references} - {""}
        if not external_ids:
            return found
        among = Campaign.objects.all() if self.within is None else self.within
        campaigns = among.filter(external_id__in=text_rows(filter(is_storable, external_ids)))
        rows = campaigns.order_by().values_list("external_id", "brand_id", "id")
        for external_id, brand_id, pk in rows:
            found[external_id or ""].append((brand_id, pk))
        return found

    def campaign(self, reference: Reference) -> tuple[int, CampaignFacts]:
        """Return the one campaign that is meant. Raises `Refused`."""
        pk = number(reference.campaign_id) if reference.campaign_id else self.referred_to(reference)
        facts = self.facts.get(pk)
        if facts is None:
            raise Refused("unknown_campaign", f"There is no campaign {reference.campaign_id!r}.")
        if reference.campaign_id:
            self.refuse_other_id(reference, pk)
        self.refuse_other_names(reference, pk, facts)
        return pk, facts

    def refuse_other_id(self, reference: Reference, pk: int) -> None:
        """Refuse a key of ours that is an id of another campaign elsewhere. Raises `Refused`."""
        if reference.external_id and self.referred_to(reference) != pk:
            raise Refused(
                "unknown_campaign",
                f"campaign_id {pk} and external_id {quoted(reference.external_id)} are two "
                "campaigns; leave one of them empty.",
            )
        others = {other for _, other in self.by_external_id.get(reference.campaign_id, [])} - {pk}
        if others and not reference.external_id:
            raise Refused(
                "unknown_campaign",
                f"campaign_id {pk} is our campaign {quoted(self.names[pk].campaign)}, and the "
                f"external ID of {quoted(self.names[min(others)].campaign)}; name the column "
                "external_id if the ids are the platform's.",
            )

    def refuse_other_names(self, reference: Reference, pk: int, facts: CampaignFacts) -> None:
        """Refuse a row whose name or brand is not that of its campaign. Raises `Refused`."""
        names = self.names[pk]
        for what, said, known in (
            ("campaign", reference.campaign, names.campaign),
            ("brand", reference.brand, names.brand),
        ):
            if said and alike(said).casefold() != alike(known).casefold():
                raise Refused(
                    "unknown_campaign",
                    f"The campaign with this id is {quoted(names.campaign)} of "
                    f"{quoted(names.brand)}, and the row's {what} is {quoted(said)}; put the id "
                    f"or the {what} right.{letters_lost(said)}",
                )
        if reference.brand_id and number(reference.brand_id) != facts.brand_id:
            raise Refused(
                "unknown_campaign",
                f"The campaign with this id is of brand {facts.brand_id}, and the row's brand_id "
                f"is {quoted(reference.brand_id)}.",
            )

    def referred_to(self, reference: Reference) -> int:
        """Return the id of the campaign with this external id. Raises `Refused`."""
        if not reference.external_id:
            raise Refused("unknown_campaign", "No campaign is named; give its id.")
        brand_id = self.brand_id(reference)
        found = [
            pk
            for brand, pk in self.by_external_id.get(reference.external_id, [])
            if brand_id in (None, brand)
        ]
        if len(found) == 1:
            return found[0]
        named = quoted(reference.external_id)
        if found:
            raise Refused(
                "unknown_campaign", f"{len(found)} brands have a campaign {named}; add brand_id."
            )
        of_brand = "" if brand_id is None else f" of brand {brand_id}"
        raise Refused(
            "unknown_campaign", f"There is no campaign with external_id {named}{of_brand}."
        )

    def brand_id(self, reference: Reference) -> int | None:
        """Return the id of the brand that the row names, if it names one. Raises `Refused`."""
        if reference.brand_id:
            return number(reference.brand_id)
        if not reference.brand:
            return None
        found = self.brands.get(reference.brand, [])
        if len(found) == 1:
            return found[0]
        several = "Several brands are" if found else "No brand is"
        raise Refused(
            "unknown_campaign",
            f"{several} named {quoted(reference.brand)}; give brand_id instead."
            f"{letters_lost(reference.brand)}",
        )


def letters_lost(name: str) -> str:
    """Say what a question mark inside a name may be, as more words for a refusal."""
    if "?" not in name and "\ufffd" not in name:
        return ""
    return (
        " A “?” in a name often stands for a letter that was lost when the file was saved in an "
        "encoding without it; export it in UTF-8."
    )


def number(text: str) -> int:
    """Return the id that the text is, 0 if it cannot be one."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MAX_ID)):
        return 0
    return int(text) if int(text) <= MAX_ID else 0
