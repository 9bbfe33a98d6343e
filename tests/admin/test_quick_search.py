"""Ctrl-K finds brands, campaigns, ids and pages, within reach of who asks."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from budgets.models import Brand, Campaign, CampaignMatch
from budgets.reports.found import MOST_BRANDS, MOST_CAMPAIGNS
from tests.admin.pages import address, text_of
from tests.admin.people import a_manager_of
from tests.builders import a_brand, a_campaign, an_instant

NOON = an_instant("2026-03-10 12:00")


def found(client: Client, text: str) -> Any:
    return client.get("/admin/search/", {"extended": "1", "s": text})


def first_link(response: Any) -> str:
    """Return what Enter opens."""
    text: str = response.content.decode()
    return text.partition('href="')[2].partition('"')[0]


@pytest.fixture
def lumiere(db: None) -> Campaign:
    return a_campaign(brand=a_brand(name="Maison Lumière"), name="Printemps")


def test_a_brand_comes_before_its_campaigns(signed_in: Client, lumiere: Campaign) -> None:
    answer = found(signed_in, "lumiere")
    assert first_link(answer) == address("brand_change", lumiere.brand_id)
    assert f"Campaign {lumiere.pk} of Maison Lumière" in text_of(answer)


def test_an_id_finds_its_campaign(signed_in: Client, lumiere: Campaign) -> None:
    Campaign.objects.filter(pk=lumiere.pk).update(external_id="G-77")
    for text in (str(lumiere.pk), "G-77"):
        assert address("campaign_change", lumiere.pk) in found(signed_in, text).content.decode()


def test_the_id_of_a_platform_finds_the_campaign_it_was_matched_to(
    signed_in: Client, lumiere: Campaign
) -> None:
    CampaignMatch.objects.create(
        brand=lumiere.brand,
        source="google",
        identifier="23851234567890123",
        is_name=False,
        campaign=lumiere,
        at=NOON,
    )
    assert first_link(found(signed_in, "23851234567890123")) == address(
        "campaign_change", lumiere.pk
    )


def test_pages_are_found_by_their_titles(signed_in: Client) -> None:
    assert first_link(found(signed_in, "activ")) == "/admin/activity/"


def test_nothing_of_another_brand_is_found(lumiere: Campaign) -> None:
    mine = a_brand(name="Mine")
    manager = a_manager_of(mine)
    for text in ("lumiere", "printemps", str(lumiere.pk)):
        answer = found(manager, text).content.decode()
        assert address("campaign_change", lumiere.pk) not in answer
        assert "Lumi\u00e8re" not in answer


def test_a_brand_that_is_taken_away_is_gone_at_once(lumiere: Campaign) -> None:
    manager = a_manager_of(lumiere.brand)
    assert first_link(found(manager, "lumiere"))
    manager.get("/admin/").context["user"].brand_access.brands.clear()
    assert not first_link(found(manager, "lumiere"))


def test_pages_that_one_may_not_open_are_not_offered(lumiere: Campaign) -> None:
    assert not first_link(found(a_manager_of(lumiere.brand), "users"))


def test_what_is_not_there_is_said(signed_in: Client) -> None:
    assert (
        escape("Nothing is called “<Zebulon>”.") in found(signed_in, "<Zebulon>").content.decode()
    )


def test_the_answer_is_bounded(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    brands = Brand.objects.bulk_create(Brand(name=f"Acme {number}") for number in range(30))
    Campaign.objects.bulk_create(Campaign(brand=brands[0], name=f"Acme {n}") for n in range(30))
    with django_assert_max_num_queries(10):
        answer = found(signed_in, "acme")
    assert answer.content.decode().count("<li") == MOST_BRANDS + MOST_CAMPAIGNS
