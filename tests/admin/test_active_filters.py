"""What narrows a list down is named above it, with a way out."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from budgets.access.roles import MANAGER
from budgets.models import BrandAccess
from tests.admin.pages import address, text_of
from tests.admin.rows import a_row_of_each
from tests.builders import a_brand, a_campaign, a_person

pytestmark = pytest.mark.django_db


def ways_out(browser: Client, page: str, query: str) -> dict[str, str]:
    """Return the filters that a list names, each with the query without it."""
    html = browser.get(f"{address(page)}?{query}").content.decode()
    chips = re.findall(r'<a class="abm-chip" href="([^"]*)"[^>]*><span [^>]*>(.*?)<', html)
    return {unescape(words): unescape(href) for href, words in chips}


def test_a_list_that_shows_everything_names_no_filter(signed_in: Client) -> None:
    a_campaign()
    assert "Only shown" not in text_of(signed_in.get(address("campaign_changelist")))


def test_each_filter_is_named_and_can_be_removed_alone(signed_in: Client) -> None:
    brand = a_brand(name="Casa Verde")
    query = f"brand__id__exact={brand.pk}&status=paused&q=spring&main_reason=HELD"
    out = ways_out(signed_in, "campaign_changelist", query)
    assert list(out) == [
        "Search: spring",
        "Status: Paused",
        "Main reason: On hold",
        "Brand: Casa Verde",
    ]
    assert out["Brand: Casa Verde"] == "?main_reason=HELD&q=spring&status=paused"
    assert out["Search: spring"] == f"?brand__id__exact={brand.pk}&main_reason=HELD&status=paused"


def test_a_filter_is_left_from_the_first_page(signed_in: Client) -> None:
    out = ways_out(signed_in, "statement_changelist", "starts_on_from=2026-03-01&p=1&about=brands")
    assert set(out.values()) == {"?starts_on_from=2026-03-01", "?about=brands"}


def test_days_people_and_choices_are_named_in_words(signed_in: Client, owner: User) -> None:
    a_row_of_each(owner)
    ada = a_person("ada")
    march = "starts_on_from=2026-03-01&starts_on_to=2026-03-31"
    lists = {
        "statement_changelist": f"{march}&period__exact=day",
        "spend_changelist": "day_from=2026-03-01",
        "change_changelist": f"by__id__exact={ada.pk}&trigger__exact=spend",
        "brand_changelist": "currency=SAR&held=no",
        "job_changelist": "state__exact=done",
    }
    named = {page: list(ways_out(signed_in, page, query)) for page, query in lists.items()}
    assert named == {
        "statement_changelist": ["Period: day", "First day: Sun 1 Mar 2026 to Tue 31 Mar 2026"],
        "spend_changelist": ["Local day: from Sun 1 Mar 2026 on"],
        "change_changelist": ["Trigger: spend came in", "Person: ada"],
        "brand_changelist": ["Hold: Not on hold", "Currency: SAR"],
        "job_changelist": ["State: done"],
    }


def test_a_brand_out_of_scope_is_not_named(db: None) -> None:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    BrandAccess.objects.create(user=user).brands.add(a_brand(name="Own"))
    browser = Client()
    browser.force_login(user)
    hidden = a_brand(name="Hidden")
    out = ways_out(browser, "campaign_changelist", f"brand__id__exact={hidden.pk}")
    assert list(out) == ["Brand: a row that you may not see"]


@pytest.mark.parametrize("listed", ["change_changelist", "statement_changelist"])
def test_no_filter_is_called_by_itself(signed_in: Client, listed: str) -> None:
    text = text_of(signed_in.get(address(listed)))
    assert "By by" not in text
    assert "By about" not in text
