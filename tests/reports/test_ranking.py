"""The order of the dashboard: live for most, half a minute old for a very large agency."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from budgets.models.brand_access import BrandAccess
from budgets.reports import ranking as module
from budgets.reports.dashboard import board
from budgets.reports.ranking import ranking
from tests.builders import a_brand, a_campaign, a_person, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
EVERYTHING = BrandAccess(all_brands=True)


@pytest.fixture
def large_agency(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An agency with more brands than are ranked at every look."""
    monkeypatch.setattr(module, "LIVE_BRANDS", 0)
    cache.clear()
    yield
    cache.clear()


def test_the_brand_nearest_to_a_limit_comes_first() -> None:
    calm, near = (a_campaign(brand=a_brand(daily="100")) for _ in range(2))
    spend(calm, "10", at=NOON)
    spend(near, "90", at=NOON)
    assert ranking(now=NOON, scope=EVERYTHING).brand_ids == [near.brand_id, calm.brand_id]


@pytest.mark.usefixtures("large_agency")
def test_a_large_agency_is_ranked_anew_after_half_a_minute_only() -> None:
    campaign = a_campaign(brand=a_brand(daily="100"))
    assert ranking(now=NOON, scope=EVERYTHING).campaigns == 1
    a_campaign()
    assert ranking(now=NOON, scope=EVERYTHING).brand_ids == [campaign.brand_id]


@pytest.mark.usefixtures("large_agency")
def test_the_figures_shown_are_of_the_instant_however_old_the_order() -> None:
    campaign = a_campaign(brand=a_brand(daily="100"))
    board(now=NOON, scope=EVERYTHING)
    spend(campaign, "40", at=NOON)
    (line,) = board(now=NOON, scope=EVERYTHING).lines
    assert line.figures.today.spent == 40


@pytest.mark.usefixtures("large_agency")
def test_what_is_kept_for_one_person_is_not_shown_to_another() -> None:
    mine, theirs = a_brand(), a_brand()
    users = [a_person(name) for name in ("ada", "bob")]
    scopes = [BrandAccess.objects.get_or_create(user=user)[0] for user in users]
    for scope, brand in zip(scopes, (mine, theirs), strict=True):
        scope.brands.set([brand])
    assert [ranking(now=NOON, scope=scope).brand_ids for scope in scopes] == [
        [mine.pk],
        [theirs.pk],
    ]
