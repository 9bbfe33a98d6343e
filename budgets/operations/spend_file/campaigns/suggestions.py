"""Suggest which campaigns of a brand an unknown one may be: by ids and names that nearly agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db.models import QuerySet

from budgets.cells.names import folded
from budgets.models import Campaign
from budgets.operations.database import id_rows
from budgets.operations.spend_file.campaigns.unmatched import UnmatchedCampaign

CAMPAIGNS_COMPARED = 5_000
"""The newest of the brand's."""
COMPARED_CLOSELY = 20
"""Those that share the most triples of letters with a name."""
SUGGESTED = 3
ALIKE_ENOUGH = 0.6
SHORTEST_PART = 5
"""Characters that an id must have to count where it is a part of another."""


class Suggestion(NamedTuple):
    """A campaign that may be meant."""

    campaign_id: int
    name: str
    external_id: str


def suggestions(
    unmatched: Iterable[UnmatchedCampaign], *, brand_id: int, within: QuerySet[Campaign] | None
) -> list[list[Suggestion]]:
    """Return, for each unknown campaign, up to three of the brand's, the likeliest first.

    `within` are the campaigns that the person may know of. Two queries, whatever there is.
    """
    unmatched = list(unmatched)
    candidates = {pk for each in unmatched for pk in each.candidates}
    of_brand = (Campaign.objects.all() if within is None else within).filter(brand=brand_id)
    newest = of_brand.order_by("-id").values_list("id", "name", "external_id")
    rows = [*newest[:CAMPAIGNS_COMPARED], *newest.filter(pk__in=id_rows(candidates))]
    campaigns = {pk: Suggestion(pk, name, external_id or "") for pk, name, external_id in rows}
    nearby = Nearby(campaigns)
    return [nearby.to(each) for each in unmatched]


class Nearby:
    """The campaigns of a brand, to be found by the triples of letters in their names."""

    def __init__(self, campaigns: Mapping[int, Suggestion]) -> None:
        self.campaigns = campaigns
        self.names = {pk: folded(each.name) for pk, each in campaigns.items()}
        self.having: dict[str, list[int]] = defaultdict(list)
        for pk, name in self.names.items():
            for triple in triples(name):
                self.having[triple].append(pk)

    def to(self, unmatched: UnmatchedCampaign) -> list[Suggestion]:
        """Return the likeliest: what contradicts the row, then like ids, then like names."""
        ids = [pk for pk in unmatched.candidates if pk in self.campaigns]
        ids += self.with_id_like(unmatched.external_id)
        ids += self.called_like(folded(unmatched.name))
        return [self.campaigns[pk] for pk in list(dict.fromkeys(ids))[:SUGGESTED]]

    def with_id_like(self, external_id: str) -> list[int]:
        """Return the campaigns of which one id is a part of the other."""
        if len(external_id) < SHORTEST_PART:
            return []
        return [
            pk
            for pk, each in self.campaigns.items()
            if len(each.external_id) >= SHORTEST_PART
            and (each.external_id in external_id or external_id in each.external_id)
        ][:SUGGESTED]

    def called_like(self, name: str) -> list[int]:
        """Return the campaigns whose names are closest, if any is close."""
        shared = Counter(pk for triple in triples(name) for pk in self.having.get(triple, ()))
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(name)
        found = []
        for pk, _ in shared.most_common(COMPARED_CLOSELY):
            matcher.set_seq1(self.names[pk])
            if matcher.ratio() >= ALIKE_ENOUGH:
                found.append((-matcher.ratio(), pk))
        return [pk for _, pk in sorted(found)[:SUGGESTED]]


def triples(name: str) -> set[str]:
    """Return the runs of three characters, ends included, so that short names have some."""
    padded = f" {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
