"""Which campaign a row of spend means, as far as the key covers."""

from collections.abc import Iterable
from dataclasses import dataclass

from budgets.api.scope import campaigns_of
from budgets.api.spend.rows import Row
from budgets.models import ApiKey
from budgets.operations.ingest.validation import MAX_ID, Refused, is_storable

Reference = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns that rows may name. `ids` is None where the key covers every campaign."""

    ids: frozenset[int] | None
    by_reference: dict[Reference, int]

    def id_for(self, row: Row) -> int:
        """Return the id of the row's campaign.

        Raises `Refused`, in the same words whether there is none or the key must not know of it.
        An unlimited key's ids are looked up where the rows are checked, not twice.
        """
        if row.campaign_id is not None:
            if row.brand_id is not None or row.external_id is not None:
                raise Refused("bad_row", "Name the campaign in one way, not in two.")
            if self.ids is not None and row.campaign_id not in self.ids:
                raise Refused("unknown_campaign", f"There is no campaign {row.campaign_id!r}.")
            return row.campaign_id
        if row.brand_id is None or row.external_id is None:
            raise Refused("bad_row", "Give campaign_id, or brand_id and external_id.")
        found = self.by_reference.get((row.brand_id, row.external_id))
        if found is None:
            raise Refused(
                "unknown_campaign",
                f"There is no campaign {row.external_id!r} of brand {row.brand_id}.",
            )
        return found


def campaigns_named(rows: Iterable[Row], key: ApiKey) -> Campaigns:
    """Look up the campaigns of all rows, two queries at most."""
    ids: set[int] = set()
    references: set[Reference] = set()
    for row in rows:
        if row.campaign_id is not None:
            ids.add(row.campaign_id)
        elif row.brand_id is not None and row.external_id is not None:
            references.add((row.brand_id, row.external_id))
    return Campaigns(None if key.all_brands else reached(ids, key), found_by(references, key))


def reached(ids: Iterable[int], key: ApiKey) -> frozenset[int]:
    """Return those of the ids that are of campaigns the key covers."""
    possible = [pk for pk in ids if 0 < pk <= MAX_ID]
    if not possible:
        return frozenset()
    return frozenset(campaigns_of(key).filter(pk__in=possible).values_list("pk", flat=True))


def found_by(references: Iterable[Reference], key: ApiKey) -> dict[Reference, int]:
    """Return the campaigns of these references that the key covers."""
    possible = [
        (brand, text) for brand, text in references if 0 < brand <= MAX_ID and is_storable(text)
    ]
    if not possible:
        return {}
    # More than was asked for when brands share references; the pairs are told apart here.
    rows = campaigns_of(key).filter(
        brand__in={brand for brand, _ in possible}, external_id__in={text for _, text in possible}
    )
    return {
        (brand, str(text)): pk
        for brand, text, pk in rows.values_list("brand_id", "external_id", "pk")
    }
