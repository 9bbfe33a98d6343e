"""Spend sources in the admin: the reporting zone of an account, for the brands one may see."""

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Source
from tests.builders import a_brand

pytestmark = pytest.mark.django_db


def test_a_person_names_the_zone_of_an_account(admin_client: Client) -> None:
    brand = a_brand()
    facts = {"brand": brand.pk, "name": "meta", "timezone": "Asia/Tokyo"}
    admin_client.post(reverse("admin:budgets_source_add"), facts)
    assert Source.objects.get().clock.zone.key == "Asia/Tokyo"
    page = admin_client.get(reverse("admin:budgets_source_changelist")).content.decode()
    assert "Asia/Tokyo" in page


def test_a_zone_that_is_none_and_a_source_named_twice_are_refused(admin_client: Client) -> None:
    brand = a_brand()
    Source.objects.create(brand=brand, name="meta", timezone="Asia/Tokyo")
    address = reverse("admin:budgets_source_add")
    for name, zone, why in (("google", "Tokyo", "not a time zone"), ("meta", "UTC", "already")):
        answer = admin_client.post(address, {"brand": brand.pk, "name": name, "timezone": zone})
        assert why in answer.content.decode()
    assert Source.objects.count() == 1


def test_a_source_is_deleted(admin_client: Client) -> None:
    source = Source.objects.create(brand=a_brand(), name="meta", timezone="Asia/Tokyo")
    admin_client.post(reverse("admin:budgets_source_delete", args=[source.pk]), {"post": "yes"})
    assert not Source.objects.exists()
