"""What somebody looks for by a word or an id: brands and campaigns within their scope."""

from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from budgets.access.scope import within
from budgets.cells.identifiers import number_in
from budgets.models import Brand, Campaign, CampaignMatch
from budgets.models.brand_scope import BrandScope
from budgets.models.lookups.search import having_word, words_in

MOST_BRANDS = 5
MOST_CAMPAIGNS = 12


def brands_found(scope: BrandScope, text: str) -> list[Brand]:
    """Return the first brands with this id, or with each of the words in their name."""
    has_words = Q()
    for word in words_in(text):
        has_words &= having_word(word, "name")
    found = within(scope, Brand.objects.filter(has_words | Q(pk=number_in(text))))
    return list(found.order_by("name", "id")[:MOST_BRANDS])


def campaigns_found(scope: BrandScope, text: str) -> list[Campaign]:
    """Return the first campaigns, those with just this id before those with the words."""
    campaigns = within(scope, Campaign.objects.select_related("brand"))
    called = campaigns.called(text)  # type: ignore[attr-defined]  # a CampaignQuerySet
    by_id = campaigns.filter(pk__in=ids_meant(scope, text)).order_by("id")[:MOST_CAMPAIGNS]
    by_words = called.order_by("-id")[:MOST_CAMPAIGNS]
    each_once = dict.fromkeys([*by_id, *by_words])
    return list(islice(each_once, MOST_CAMPAIGNS))


def ids_meant(scope: BrandScope, text: str) -> list[Any]:
    """Return the ids of the campaigns that we, their brands or a platform know by the text."""
    ours = within(scope, Campaign.objects.filter(Q(pk=number_in(text)) | Q(external_id=text)))
    matches: QuerySet[CampaignMatch] = CampaignMatch.objects.in_force()
    matched = within(scope, matches.filter(identifier=text, is_name=False).exclude(campaign=None))
    known = ours.order_by().values_list("pk").union(matched.order_by().values_list("campaign"))
    return [pk for (pk,) in known[:MOST_CAMPAIGNS]]
