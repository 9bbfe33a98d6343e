"""Matches of campaigns in the admin: read, and deleted by those who may record spend."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from budgets.access.roles import FINANCE, MANAGER
from budgets.models import BrandAccess, Campaign, CampaignMatch
from budgets.operations.spend_file.campaigns.match import Match
from budgets.operations.spend_file.campaigns.matching import match_campaigns
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, a_person, an_instant

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def spring() -> Campaign:
    return a_campaign(brand=a_brand(name="Acme"), name="Spring")


@pytest.fixture
def match(spring: Campaign) -> CampaignMatch:
    said = Match(source="google", external_id="g-1", name="Search", campaign_id=spring.pk)
    left_out = Match(source="meta", external_id="", name="Retarget", campaign_id=None)
    match_campaigns([said, left_out], brand_id=spring.brand_id, by=a_person("ada"), now=NOON)
    return CampaignMatch.objects.get(campaign=spring)


def signed_in_as(role: str, spring: Campaign) -> Client:
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user).brands.add(spring.brand)
    client = Client()
    client.force_login(user)
    return client


def test_the_list_says_what_reports_mean_and_who_said_so(
    viewer: Client, match: CampaignMatch
) -> None:
    page = text_of(viewer.get(address("campaignmatch_changelist")))
    assert "Search g-1 google Spring Acme ada" in page
    assert "Retarget meta Left out Acme ada" in page


def test_a_match_is_not_made_or_changed_here(signed_in: Client, match: CampaignMatch) -> None:
    assert signed_in.get(address("campaignmatch_add")).status_code == 403
    page = address("campaignmatch_change", match.pk)
    assert signed_in.get(page).status_code == 200
    assert signed_in.post(page, {"source": "meta"}).status_code == 403


def test_who_may_record_spend_of_the_brand_deletes_a_match(
    spring: Campaign, match: CampaignMatch
) -> None:
    finance = signed_in_as(FINANCE, spring)
    finance.post(address("campaignmatch_delete", match.pk), {"post": "yes"})
    assert not CampaignMatch.objects.filter(pk=match.pk).exists()
    (logged,) = LogEntry.objects.filter(action_flag=DELETION)
    assert logged.change_message == f"campaign “Spring” ({spring.pk})"


def test_several_are_deleted_at_once(signed_in: Client, match: CampaignMatch) -> None:
    rows = [str(pk) for pk in CampaignMatch.objects.values_list("pk", flat=True)]
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    signed_in.post(address("campaignmatch_changelist"), chosen)
    assert not CampaignMatch.objects.exists()
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 2


def test_a_viewer_deletes_none(viewer: Client, match: CampaignMatch) -> None:
    page = address("campaignmatch_delete", match.pk)
    assert viewer.post(page, {"post": "yes"}).status_code == 403


def test_a_match_whose_campaign_went_to_another_brand_is_not_shown(
    spring: Campaign, match: CampaignMatch
) -> None:
    finance = signed_in_as(FINANCE, spring)
    Campaign.objects.filter(pk=spring.pk).update(brand=a_brand(name="Beta"), name="Secret")
    page = finance.get(address("campaignmatch_changelist"))
    assert "Secret" not in text_of(page)
    assert finance.get(address("campaignmatch_change", match.pk)).status_code == 404


def test_a_manager_deletes_a_campaign_with_its_matches(
    spring: Campaign, match: CampaignMatch
) -> None:
    manager = signed_in_as(MANAGER, spring)
    manager.post(address("campaign_delete", spring.pk), {"post": "yes", "confirmed": "1"})
    assert not Campaign.objects.filter(pk=spring.pk).exists()
    assert CampaignMatch.objects.filter(campaign=None).count() == 1
