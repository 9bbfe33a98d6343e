"""Zones are offered once, by their present names, and found by city and country."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from budgets.admin.base.zones import BIG_CITIES, zone_choices
from budgets.models import Brand
from tests.admin.pages import A_BRAND, address
from tests.builders import a_brand, an_instant

NOON = an_instant("2026-03-10 12:00")


def found(text: str) -> list[str]:
    """Return the zones that the box finds for what was typed."""
    return [name for name, label in zone_choices(now=NOON) if text.casefold() in label.casefold()]


@pytest.mark.parametrize("typed", ["Mumbai", "delhi", "Kolkata", "India ·"])
def test_a_city_or_country_finds_its_zone(typed: str) -> None:
    assert found(typed) == ["Asia/Kolkata"]


def test_a_label_names_cities_country_and_offset() -> None:
    labels = dict(zone_choices(now=NOON))
    assert labels["Europe/Kyiv"] == "Europe/Kyiv · Kyiv · Ukraine · UTC+02:00"
    assert labels["UTC"] == "UTC · Universal time · UTC+00:00"
    with override("de"):
        assert dict(zone_choices(now=NOON))["Asia/Tokyo"].startswith("Asia/Tokyo · Tokio, Osaka")


@pytest.mark.parametrize(
    "old", ["Asia/Calcutta", "Europe/Kiev", "Asia/Saigon", "US/Eastern", "Etc/GMT+5", "GB"]
)
def test_a_name_that_is_out_of_date_is_not_offered(old: str) -> None:
    assert old not in dict(zone_choices(now=NOON))


def test_the_big_cities_lie_in_zones_that_are_offered() -> None:
    assert BIG_CITIES.keys() <= dict(zone_choices(now=NOON)).keys()


@pytest.mark.django_db
def test_a_stored_name_that_is_out_of_date_is_kept(signed_in: Client) -> None:
    brand = a_brand(zone="Asia/Calcutta")
    page: Any = signed_in.get(address("brand_change", brand.pk))
    assert '<option value="Asia/Calcutta" selected' in page.content.decode()
    edited = A_BRAND | {"timezone": "Asia/Calcutta", "name": "Chai"}
    assert signed_in.post(address("brand_change", brand.pk), edited).status_code == 302
    assert Brand.objects.get().timezone == "Asia/Calcutta"
