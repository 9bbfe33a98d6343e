"""Which campaign a row means, by the strongest evidence there is; what contradicts is refused.

Our own id is the strongest, then the external id, then what a person said once, then the name;
all but our own id within one brand.
"""

from collections.abc import Collection
from contextlib import suppress

from budgets.cells.refusal import quoted
from budgets.operations.ingest.types import CampaignFacts
from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.campaigns.our_id import of_our_id
from budgets.operations.spend_file.campaigns.reference import (
    LeftOut,
    Reference,
    Unmatched,
    number,
)
from budgets.operations.spend_file.campaigns.stored import NO_BRAND, Naming, Stored, gone
from budgets.operations.spend_file.campaigns.words import (
    disagrees,
    letters_lost,
    namesakes,
    no_brand,
    no_campaign,
)


class CampaignLookup:
    """The campaigns that a batch of rows names, of those it may name."""

    def __init__(self, references: Collection[Reference], naming: Naming) -> None:
        self.stored = Stored(references, naming)
        self.found_by_name: set[int] = set()

    def campaign(self, reference: Reference) -> tuple[int, CampaignFacts]:
        """Return the one campaign that is meant. Raises `Refused` and `LeftOut`."""
        pk = (
            of_our_id(reference, self.stored) if reference.campaign_id else self.reported(reference)
        )
        facts = self.stored.facts.get(pk)
        if facts is None:
            raise gone(pk)
        return pk, facts

    def with_id_of(self, reference: Reference) -> set[int]:
        """Return the campaigns that have an id of the row, whatever else it says."""
        ours = number(reference.campaign_id)
        found = {*self.stored.by_external_id.get(reference.external_id, {}).values(), ours}
        return found & self.stored.facts.keys()

    def may_mean(self, reference: Reference) -> set[int]:
        """Return the campaigns that a row may be of which cannot be read for certain."""
        found = self.with_id_of(reference)
        if not found and reference.campaign:
            with suppress(Refused):
                brand_id = self.brand_id(reference)
                found = {*self.stored.called(reference, brand_id)} if brand_id else set()
        return found

    def reported(self, reference: Reference) -> int:
        """Return the campaign that a report means. Raises `Refused` and `LeftOut`."""
        if not reference.external_id and not reference.campaign:
            raise Refused("unknown_campaign", "No campaign is named; give its id or its name.")
        brand_id = self.brand_id(reference)
        if brand_id is None:
            raise Unmatched(no_brand(reference), brand_id=None)
        return (
            self.matched(reference, brand_id)
            or self.by_id(reference, brand_id)
            or self.by_name(reference, brand_id)
        )

    def brand_id(self, reference: Reference) -> int | None:
        """Return the brand that the row is of, said or proved by its external id.

        Raises `Refused`.
        """
        brand_id = self.stored.brand_id(reference)
        if brand_id is None:
            return self.brand_that_knows(reference)
        if brand_id != NO_BRAND:
            return brand_id
        if reference.brand_id or not reference.brand:
            said = quoted(reference.brand_id or self.stored.naming.brand_id)
            raise Refused("unknown_campaign", f"There is no brand {said} with campaigns.")
        several = "Several brands are" if self.stored.brands.get(reference.brand) else "No brand is"
        raise Refused(
            "unknown_campaign",
            f"{several} named {quoted(reference.brand)}; give brand_id instead."
            f"{letters_lost(reference.brand)}",
        )

    def brand_that_knows(self, reference: Reference) -> int | None:
        """Return the only brand with a campaign of this external id. Raises `Unmatched`."""
        if not reference.external_id:
            return None
        brand_ids = [*self.stored.by_external_id.get(reference.external_id, {})]
        for brand_id, pk in self.stored.matches_of(reference).items():
            # That a brand leaves it out says nothing about the others.
            if pk and brand_id not in brand_ids:
                brand_ids.append(brand_id)
        if len(brand_ids) > 1:
            raise Unmatched(
                f"{len(brand_ids)} brands have a campaign {quoted(reference.external_id)}; choose "
                "the brand, or add brand_id.",
                brand_id=None,
            )
        return brand_ids[0] if brand_ids else None

    def matched(self, reference: Reference, brand_id: int) -> int | None:
        """Return the campaign that a person matched. Raises `LeftOut` and `Unmatched`."""
        matches = self.stored.matches_of(reference)
        if brand_id not in matches:
            return None
        pk, ours = matches[brand_id], self.stored.known_by(reference, brand_id)
        if ours and not (pk and self.stored.is_known_by(pk, reference)):
            said = (
                f"was matched to {self.stored.name_of(pk)}" if pk else "was chosen to be left out"
            )
            raise Unmatched(
                f"{quoted(reference.external_id or reference.campaign)} {said}, and is what we "
                f"call {self.stored.name_of(ours[0])}; match it anew, or rename ours.",
                brand_id=brand_id,
                candidates=ours if pk is None else (*ours, pk),
            )
        if pk is None:
            raise LeftOut(brand_id, self.stored.source_of(reference), reference.identifier)
        return pk

    def by_id(self, reference: Reference, brand_id: int) -> int | None:
        """Return the brand's campaign with the external id. Raises `Unmatched`."""
        pk = self.stored.by_external_id.get(reference.external_id, {}).get(brand_id)
        if pk and not self.stored.is_called(pk, reference.campaign):
            words = disagrees(self.stored.known_as(pk), "campaign", reference.campaign)
            raise Unmatched(words, brand_id=brand_id, candidates=(pk,))
        return pk

    def by_name(self, reference: Reference, brand_id: int) -> int:
        """Return the brand's only campaign of this name. Raises `Unmatched`."""
        named = self.stored.called(reference, brand_id)
        brand = self.stored.brand_names[brand_id]
        if not named:
            raise Unmatched(no_campaign(reference, brand), brand_id=brand_id)
        if len(named) > 1:
            words = namesakes(reference, brand, named)
            raise Unmatched(words, brand_id=brand_id, candidates=named)
        if reference.external_id and (why := self.why_not_by_name(reference, named[0])):
            raise Unmatched(f"{why} Match this id once.", brand_id=brand_id, candidates=named)
        self.found_by_name.add(named[0])
        return named[0]

    def why_not_by_name(self, reference: Reference, pk: int) -> str:
        """Say why the campaign may not be the one of this id, though it has the name."""
        known, said = self.stored.known_as(pk), quoted(reference.external_id)
        if known.external_id:
            return (
                f"The campaign {quoted(known.campaign)} has the external ID "
                f"{quoted(known.external_id)}, and the row's is {said}."
            )
        others = self.stored.by_external_id.get(reference.external_id, {})
        if others:
            other = self.stored.known_as(min(others.values()))
            return (
                f"{said} is the external ID of {quoted(other.campaign)} of {quoted(other.brand)}, "
                f"and {quoted(known.brand)} has a campaign of the row's name."
            )
        if self.stored.naming.ids_of_names.has_several(
            reference.campaign, reference.source, reference.brand_id, reference.brand
        ):
            return f"The file has several ids of campaigns named {quoted(reference.campaign)}."
        return ""
