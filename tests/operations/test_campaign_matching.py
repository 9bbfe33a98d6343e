"""People match what reports call a campaign to one of ours, once and for all, and undo it."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand, Campaign, CampaignMatch
from budgets.operations.spend_file.campaigns import suggestions as module
from budgets.operations.spend_file.campaigns.match import CannotMatch, Match
from budgets.operations.spend_file.campaigns.matching import forget_matches, match_campaigns
from budgets.operations.spend_file.campaigns.suggestions import suggestions
from budgets.operations.spend_file.campaigns.unmatched import UnmatchedCampaign
from tests.builders import a_brand, a_campaign, a_person, an_instant

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def ada() -> User:
    return a_person("ada")


@pytest.fixture
def spring() -> Campaign:
    return a_campaign(brand=a_brand(name="Acme"), name="Spring")


def a_match(
    campaign: Campaign | None,
    *,
    external_id: str = "g-1",
    name: str = "Search | 01",
    source: str = "google",
) -> Match:
    pk = campaign.pk if campaign else None
    return Match(source=source, external_id=external_id, name=name, campaign_id=pk)


def kept() -> list[tuple[object, ...]]:
    rows = CampaignMatch.objects.order_by("identifier")
    return list(rows.values_list("source", "identifier", "is_name", "name", "campaign", "by"))


def test_a_match_is_kept_with_who_made_it_and_when(spring: Campaign, ada: User) -> None:
    matches = [a_match(spring), a_match(None, external_id="", name="Müller – A")]
    assert match_campaigns(matches, brand_id=spring.brand_id, by=ada, now=NOON) == 2
    assert kept() == [
        ("google", "g-1", False, "Search | 01", spring.pk, ada.pk),
        ("google", "müller - a", True, "Müller – A", None, ada.pk),
    ]
    assert {row.at for row in CampaignMatch.objects.all()} == {NOON}


def test_the_same_match_again_changes_nothing(spring: Campaign, ada: User) -> None:
    for expected in (1, 0):
        assert (
            match_campaigns([a_match(spring)], brand_id=spring.brand_id, by=ada, now=NOON)
            == expected
        )
    assert LogEntry.objects.count() == 1


def test_another_match_of_the_same_replaces_it_only_if_that_is_said(
    spring: Campaign, ada: User
) -> None:
    other = a_campaign(brand=spring.brand, name="Autumn")
    match_campaigns([a_match(spring)], brand_id=spring.brand_id, by=ada, now=NOON)
    with pytest.raises(CannotMatch, match=r"matched before: campaign “Spring”"):
        match_campaigns([a_match(other)], brand_id=spring.brand_id, by=ada, now=NOON)
    match_campaigns([a_match(other)], brand_id=spring.brand_id, by=ada, now=NOON, replace=True)
    assert CampaignMatch.objects.get().campaign == other
    told = LogEntry.objects.order_by("pk").values_list("action_flag", "change_message")
    assert list(told) == [
        (ADDITION, f"campaign “Spring” ({spring.pk})"),
        (CHANGE, f"campaign “Autumn” ({other.pk})"),
    ]


def test_a_match_whose_campaign_moved_to_another_brand_is_replaced(
    spring: Campaign, ada: User
) -> None:
    other = a_campaign(brand=spring.brand, name="Autumn")
    match_campaigns([a_match(spring)], brand_id=other.brand_id, by=ada, now=NOON)
    Campaign.objects.filter(pk=spring.pk).update(brand=a_brand(name="Beta"))
    match_campaigns([a_match(other)], brand_id=other.brand_id, by=ada, now=NOON)
    assert CampaignMatch.objects.get().campaign == other


def test_two_brands_match_the_same_apart(spring: Campaign, ada: User) -> None:
    beta = a_campaign(brand=a_brand(name="Beta"))
    for campaign in (spring, beta):
        match_campaigns([a_match(campaign)], brand_id=campaign.brand_id, by=ada, now=NOON)
    assert CampaignMatch.objects.count() == 2


def test_a_match_is_refused_as_a_whole_where_one_of_it_is(spring: Campaign, ada: User) -> None:
    matches = [a_match(spring), a_match(a_campaign(brand=a_brand(name="Beta")), external_id="g-2")]
    with pytest.raises(CannotMatch, match="The brand has no campaign"):
        match_campaigns(matches, brand_id=spring.brand_id, by=ada, now=NOON)
    assert not CampaignMatch.objects.exists()
    assert not LogEntry.objects.exists()


def test_what_one_may_not_know_of_cannot_be_matched(spring: Campaign, ada: User) -> None:
    within = Campaign.objects.exclude(brand=spring.brand)
    for match in (a_match(spring), a_match(None)):
        with pytest.raises(CannotMatch, match="There is no brand"):
            match_campaigns([match], brand_id=spring.brand_id, by=ada, now=NOON, within=within)


@pytest.mark.parametrize("leaves_out", [False, True])
def test_the_external_id_of_another_campaign_is_not_matched(
    spring: Campaign, ada: User, leaves_out: bool
) -> None:
    other = a_campaign(brand=spring.brand, name="Autumn")
    Campaign.objects.filter(pk=other.pk).update(external_id="g-1")
    with pytest.raises(CannotMatch, match="is the external ID of “Autumn”"):
        match_campaigns(
            [a_match(None if leaves_out else spring)], brand_id=other.brand_id, by=ada, now=NOON
        )


@pytest.mark.parametrize("leaves_out", [False, True])
def test_the_name_of_another_campaign_is_not_matched_where_reports_give_no_id(
    spring: Campaign, ada: User, leaves_out: bool
) -> None:
    other = a_campaign(brand=spring.brand, name="Search | 01")
    match = a_match(None if leaves_out else spring, external_id="", name="SEARCH | 01")
    with pytest.raises(CannotMatch, match=f"is the name of campaign {other.pk}"):
        match_campaigns([match], brand_id=other.brand_id, by=ada, now=NOON)


@pytest.mark.parametrize(
    "external_id, name, source",
    [("", "", "google"), ("", "\u200b", "google"), ("x" * 501, "", "google"), ("1", "", "")],
)
def test_what_could_not_be_found_again_is_not_matched(
    spring: Campaign, ada: User, external_id: str, name: str, source: str
) -> None:
    match = a_match(spring, external_id=external_id, name=name, source=source)
    with pytest.raises(CannotMatch, match="1 to"):
        match_campaigns([match], brand_id=spring.brand_id, by=ada, now=NOON)


def test_one_call_does_not_match_the_same_to_two(spring: Campaign, ada: User) -> None:
    with pytest.raises(CannotMatch, match="matched twice"):
        match_campaigns(
            [a_match(spring), a_match(None)], brand_id=spring.brand_id, by=ada, now=NOON
        )


def test_the_database_keeps_one_match_a_source_and_brand(spring: Campaign, ada: User) -> None:
    match_campaigns([a_match(spring)], brand_id=spring.brand_id, by=ada, now=NOON)
    again = CampaignMatch.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError):
        again.save(force_insert=True)


def test_a_match_is_undone_and_that_is_written_down(spring: Campaign, ada: User) -> None:
    match_campaigns([a_match(spring)], brand_id=spring.brand_id, by=ada, now=NOON)
    forget_matches(CampaignMatch.objects.all(), by=ada)
    assert not CampaignMatch.objects.exists()
    newest = LogEntry.objects.latest("pk")
    assert (newest.user, newest.action_flag) == (ada, DELETION)
    assert newest.change_message == f"campaign “Spring” ({spring.pk})"


def test_many_matches_take_as_many_queries_as_one(spring: Campaign, ada: User) -> None:
    LogEntry.objects.create(user=ada, action_flag=ADDITION)

    def queries(numbers: range) -> int:
        matches = [a_match(spring, external_id=f"g-{number}") for number in numbers]
        with CaptureQueriesContext(connection) as captured:
            match_campaigns(matches, brand_id=spring.brand_id, by=ada, now=NOON)
        return len(captured)

    queries(range(1))
    assert queries(range(1, 2)) == queries(range(2, 40))


# --- Suggestions --------------------------------------------------------------------------------


def unknown(
    *, name: str = "", external_id: str = "", candidates: tuple[int, ...] = ()
) -> UnmatchedCampaign:
    return UnmatchedCampaign(
        source="google",
        external_id=external_id,
        name=name,
        brand="",
        brand_id=1,
        candidates=candidates,
        first_line=2,
    )


def suggested(brand: Brand, each: UnmatchedCampaign) -> list[str]:
    (found,) = suggestions([each], brand_id=brand.pk, within=None)
    return [suggestion.name for suggestion in found]


def test_names_that_nearly_agree_are_suggested_the_closest_first() -> None:
    acme = a_brand()
    for name in ("Spring sale", "Spring sale DE", "Autumn", "Winter", "Sprung tale"):
        a_campaign(brand=acme, name=name)
    a_campaign(brand=a_brand(name="Beta"), name="SPRING SALE")
    assert suggested(acme, unknown(name="spring sal")) == [
        "Spring sale",
        "Spring sale DE",
        "Sprung tale",
    ]
    assert suggested(acme, unknown(name="Zzz")) == []
    assert suggested(acme, unknown()) == []


def test_an_id_that_is_a_part_of_another_is_suggested_first() -> None:
    acme = a_brand()
    other = a_campaign(brand=acme, name="Autumn")
    a_campaign(brand=acme, name="Spring")
    Campaign.objects.filter(pk=other.pk).update(external_id="google:123456")
    assert suggested(acme, unknown(name="Spring", external_id="123456")) == ["Autumn", "Spring"]


def test_what_a_row_may_be_is_suggested_before_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CAMPAIGNS_COMPARED", 1)
    acme = a_brand()
    oldest, _ = a_campaign(brand=acme, name="Old"), a_campaign(brand=acme, name="Spring")
    assert suggested(acme, unknown(name="Spring", candidates=(oldest.pk,))) == ["Old", "Spring"]


def test_campaigns_out_of_scope_are_not_suggested() -> None:
    campaign = a_campaign(name="Spring")
    each = unknown(name="Spring", candidates=(campaign.pk,))
    within = Campaign.objects.exclude(pk=campaign.pk)
    assert suggestions([each], brand_id=campaign.brand_id, within=within) == [[]]
