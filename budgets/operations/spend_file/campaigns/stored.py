"""What is stored of the campaigns that a batch of rows names, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from budgets.cells.names import folded
from budgets.cells.refusal import quoted
from budgets.models import Brand, Campaign, CampaignMatch
from budgets.operations.database import id_rows, text_rows
from budgets.operations.ingest.validation import Refused, campaign_facts, is_storable
from budgets.operations.spend_file.campaigns.brand_names import BrandNames
from budgets.operations.spend_file.campaigns.ids_of_names import IdsOfNames
from budgets.operations.spend_file.campaigns.reference import (
    Identifier,
    Known,
    Reference,
    number,
)

NO_BRAND = 0
"""The brand of a row whose brand is none of ours, or one of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the names in a file can mean."""

    within: QuerySet[Campaign] | None
    """The campaigns that rows may name; `None`: all."""
    brand_id: int | None
    """The brand of rows that name none."""
    source: str
    """Of rows that name none."""
    names: BrandNames
    ids_of_names: IdsOfNames

    @property
    def campaigns(self) -> QuerySet[Campaign]:
        return Campaign.objects.all() if self.within is None else self.within


class Stored:
    """Brands, campaigns and matches that a batch of rows names, of those it may name."""

    def __init__(self, references: Collection[Reference], naming: Naming) -> None:
        self.naming = naming
        self.brand_names = self.find_brands(references)
        self.brands: dict[str, list[int]] = defaultdict(list)
        for pk, name in self.brand_names.items():
            self.brands[name].append(pk)
        self.by_external_id = self.find_by_external_id(references)
        self.matches = self.find_matches(references)
        self.by_name = self.find_by_name(references)
        ids = {number(reference.campaign_id) for reference in references}
        ids |= {pk for found in self.by_external_id.values() for pk in found.values()}
        ids |= {pk for found in self.matches.values() for pk in found.values() if pk}
        ids |= {pk for found in self.by_name.values() for pk in found}
        rows = naming.campaigns.filter(pk__in=id_rows(ids)).order_by()
        self.known = {
            pk: Known(name, brand, external_id)
            for pk, name, brand, external_id in rows.values_list(
                "pk", "name", "brand__name", "external_id"
            )
        }
        self.facts = campaign_facts(self.known)

    def find_brands(self, references: Collection[Reference]) -> dict[int, str]:
        """Return the names of the brands that rows name, and of the one that was chosen."""
        names = {r.brand for r in references if r.brand and is_storable(r.brand)}
        ids = {number(r.brand_id) for r in references if r.brand_id}
        ids |= {self.naming.brand_id} - {None}  # type: ignore[arg-type]  # it takes None away
        if not names and not ids:
            return {}
        brands = Brand.objects.filter(Q(name__in=text_rows(names)) | Q(pk__in=id_rows(ids)))
        if self.naming.within is not None:
            brands = brands.filter(pk__in=self.naming.within.values("brand"))
        return dict(brands.order_by("pk").values_list("id", "name"))

    def brand_id(self, reference: Reference) -> int | None:
        """Return the brand that the row names, or the one that was chosen."""
        if reference.brand_id:
            pk = number(reference.brand_id)
        elif reference.brand:
            found = self.brands.get(reference.brand, [])
            pk = found[0] if len(found) == 1 else NO_BRAND
        elif self.naming.brand_id is None:
            return None
        else:
            pk = self.naming.brand_id
        return pk if pk in self.brand_names else NO_BRAND

    def find_by_external_id(self, references: Collection[Reference]) -> dict[str, dict[int, int]]:
        """Return, by brand, the campaigns with each of the external ids."""
        found: dict[str, dict[int, int]] = defaultdict(dict)
        external_ids = {r.external_id or r.campaign_id for r in references} - {""}
        if not external_ids:
            return found
        listed = text_rows(filter(is_storable, external_ids))
        rows = self.naming.campaigns.filter(external_id__in=listed).order_by()
        for external_id, brand_id, pk in rows.values_list("external_id", "brand_id", "id"):
            found[external_id or ""][brand_id] = pk
        return found

    def find_matches(
        self, references: Collection[Reference]
    ) -> dict[tuple[str, Identifier], dict[int, int | None]]:
        """Return, by brand, what people matched each identifier of a source to."""
        found: dict[tuple[str, Identifier], dict[int, int | None]] = defaultdict(dict)
        texts = {r.identifier.text for r in references if r.external_id or not r.campaign_id}
        if not texts - {""}:
            return found
        matches = CampaignMatch.objects.in_force().order_by()
        matches = matches.filter(identifier__in=text_rows(filter(is_storable, texts)))
        if (within := self.naming.within) is not None:
            is_ours = Q(campaign__in=within.values("pk"))
            matches = matches.filter(is_ours | Q(campaign=None, brand__in=within.values("brand")))
        for source, text, is_name, brand_id, pk in matches.values_list(
            "source", "identifier", "is_name", "brand_id", "campaign_id"
        ):
            found[source, Identifier(text, is_name)][brand_id] = pk
        return found

    def find_by_name(
        self, references: Collection[Reference]
    ) -> dict[tuple[int, str], tuple[int, ...]]:
        """Return the first campaigns of each brand and name, where the names must do."""
        named = {
            (brand_id, reference.campaign)
            for reference in references
            if reference.campaign
            and not reference.campaign_id
            and (brand_id := self.brand_id(reference))
            and not (reference.external_id and self.knows(reference, brand_id))
        }
        self.naming.names.read({brand_id for brand_id, _ in named})
        return {each: self.naming.names.called(*each) for each in named}

    def knows(self, reference: Reference, brand_id: int) -> bool:
        """Say whether the brand knows the external id, or a person matched it."""
        ids = self.by_external_id.get(reference.external_id, {})
        return brand_id in ids or brand_id in self.matches_of(reference)

    def called(self, reference: Reference, brand_id: int) -> tuple[int, ...]:
        """Return the first of the brand's campaigns that have the name of the row."""
        return self.by_name.get((brand_id, reference.campaign), ())

    def known_by(self, reference: Reference, brand_id: int) -> tuple[int, ...]:
        """Return the brand's campaigns with the row's id, or with its name where it has no id."""
        if not reference.external_id:
            return self.called(reference, brand_id)
        pk = self.by_external_id.get(reference.external_id, {}).get(brand_id)
        return (pk,) if pk else ()

    def matches_of(self, reference: Reference) -> dict[int, int | None]:
        """Return, by brand, what people matched to what the row calls its campaign."""
        if not self.matches:
            return {}
        return self.matches.get((self.source_of(reference), reference.identifier), {})

    def known_as(self, pk: int) -> Known:
        """Return what the campaign is called. Raises `Refused` if it was deleted just now."""
        known = self.known.get(pk)
        if known is None:
            raise gone(pk)
        return known

    def name_of(self, pk: int) -> str:
        return quoted(self.known_as(pk).campaign)

    def is_called(self, pk: int, name: str) -> bool:
        """Say whether the campaign has this name, if one is given."""
        if not name:
            return True
        ours = self.known_as(pk).campaign
        return name == ours or folded(name) == folded(ours)

    def is_known_by(self, pk: int, reference: Reference) -> bool:
        """Say whether the campaign has the row's id, or its name where it has no id."""
        if reference.external_id:
            return self.known_as(pk).external_id == reference.external_id
        return self.is_called(pk, reference.campaign)

    def source_of(self, reference: Reference) -> str:
        return reference.source or self.naming.source


def gone(pk: int) -> Refused:
    """Return the refusal of a campaign that was deleted while it was looked up."""
    return Refused("unknown_campaign", f"Campaign {pk} is not there any more.")
