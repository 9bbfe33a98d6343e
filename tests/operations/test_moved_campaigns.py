"""What happened to a campaign under one brand stays that brand's once it is moved to another."""

from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.access.roles import MANAGER
from budgets.access.scope import within
from budgets.models import Brand, BrandAccess, Campaign, Change
from budgets.operations import edits
from budgets.operations.holds import hold, release
from budgets.reports.explain import explain
from budgets.reports.timeline import timeline
from budgets.rules.reasons import PauseReason
from tests.admin.pages import address, text_of
from tests.api.program import a_program
from tests.builders import a_brand, a_campaign, spend

pytestmark = pytest.mark.django_db

SECRET = "client is late paying"


def a_moved_campaign() -> Campaign:
    """Return a campaign that was held under Old, with a note, and is of New now, renamed."""
    old, new = a_brand(name="Old", daily="777.31"), a_brand(name="New")
    spend(a_campaign(brand=old), "321.79", at=timezone.now())
    campaign = a_campaign(brand=old, name="Summer")
    hold(campaign, by=None, now=timezone.now(), note=SECRET)
    campaign.refresh_from_db()
    campaign.brand = new
    campaign.name = "Launch of New"
    edits.save([campaign], by=None, now=timezone.now(), clock=timezone.now)
    release(campaign, by=None, now=timezone.now(), note="of the new brand")
    return Campaign.objects.select_related("brand").get(pk=campaign.pk)


def a_reader_of(name: str) -> Client:
    user = User.objects.create_user(f"reader of {name}", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    BrandAccess.objects.create(user=user).brands.set(Brand.objects.filter(name=name))
    client = Client()
    client.force_login(user)
    return client


def test_a_change_is_of_the_brand_at_the_time() -> None:
    campaign = a_moved_campaign()
    told = campaign.changes.order_by("id").values_list("brand__name", "after")
    assert list(told) == [("Old", PauseReason.HELD), ("New", 0)]


def test_each_brand_sees_its_own_changes_only() -> None:
    campaign = a_moved_campaign()
    for name in ("Old", "New"):
        scope = BrandAccess.objects.create(user=User.objects.create_user(name))
        scope.brands.set(Brand.objects.filter(name=name))
        seen = within(scope, Change.objects.filter(campaign=campaign))
        assert [change.brand.name for change in seen] == [name]


PAGES = ("change_changelist", "campaign_change", "campaign_history")


def test_the_new_brand_reads_nothing_of_the_old_one_on_any_page() -> None:
    campaign, reader = a_moved_campaign(), a_reader_of("New")
    addresses = [address("change_changelist"), reverse("activity"), reverse("activity_csv")]
    addresses += [address(page, campaign.pk) for page in PAGES[1:]]
    for each in addresses:
        response = reader.get(each)
        assert response.status_code == 200, each
        content = response.getvalue().decode() if response.streaming else response.content.decode()
        for words in (SECRET, "777.31", "321.79", "Old", "Summer"):
            assert words not in content, (each, words)


def test_the_old_brand_reads_its_changes_under_the_name_it_knew() -> None:
    a_moved_campaign()
    text = text_of(a_reader_of("Old").get(address("change_changelist")))
    assert SECRET in text
    assert "Summer Old" in text
    assert "Launch" not in text
    assert "New" not in text.replace("Newest", "")


# Its own transactions: the feed shows what no running one can still precede.
@pytest.mark.django_db(transaction=True)
def test_the_feed_names_the_brand_and_reference_of_the_time() -> None:
    campaign = a_moved_campaign()
    old = Change.objects.order_by("id").filter(campaign=campaign).values_list("brand", flat=True)[0]
    items = a_program(campaign.brand).get("/changes").json()["items"]
    assert [each["brand_id"] for each in items] == [campaign.brand_id]
    program = a_program(Brand.objects.get(pk=old))
    items = program.get("/changes", campaign_id=campaign.pk).json()["items"]
    assert [(each["brand_id"], each["note"]) for each in items] == [(old, SECRET)]


def test_its_page_tells_of_no_hold_before_it_came_here() -> None:
    campaign = a_moved_campaign()
    hold(campaign, by=None, now=timezone.now())
    assert SECRET not in explain(campaign, now=timezone.now()).sentence
    first = timeline(campaign, now=timezone.now())[-1].stretches[0].start
    moved = Campaign.history.filter(brand=campaign.brand).earliest("history_id").history_date
    assert first >= moved


def test_the_migration_gives_each_change_the_brand_of_its_time() -> None:
    campaign = a_moved_campaign()
    other = a_campaign(daily="0")
    right = dict(Change.objects.values_list("pk", "brand"))
    Change.objects.update(brand=other.brand)
    migration: Any = import_module("budgets.migrations.0017_brand_of_changes")
    with connection.cursor() as cursor:
        cursor.execute(migration.PRESENT_BRAND)
        cursor.execute(migration.FORMER_BRAND)
    assert dict(Change.objects.values_list("pk", "brand")) == right
    assert len({right[pk] for pk in campaign.changes.values_list("pk", flat=True)}) == 2


def test_a_campaign_with_spend_stays_with_its_brand() -> None:
    campaign, new = a_campaign(), a_brand()
    spend(campaign, "5", at=timezone.now())
    campaign.brand = new
    with pytest.raises(Exception, match="Its spend belongs to the old brand"):
        edits.save([campaign], by=None, now=timezone.now(), clock=timezone.now)
    assert Decimal(5) == campaign.spend_days.get().amount
