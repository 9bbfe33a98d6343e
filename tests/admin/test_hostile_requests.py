"""No value in any place of a request fails a page, or makes it ask the database without end.

Every list, page, form and action of the admin is walked, present and future. Together they take
a minute: it is some thousands of requests.
"""

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Field
from django.test import Client, RequestFactory

from budgets.admin.base.lists import MOST_ROWS_ADDED
from budgets.models import Brand
from tests.admin.hostile import (
    NUL,
    OF_ANY_LIST,
    OF_OTHER_PAGES,
    VALUES,
    address_of,
    faults_of,
    filters_of,
    hostile_forms,
    hostile_queries,
    registered,
)
from tests.admin.pages import A_BRAND, address
from tests.admin.people import a_manager_of
from tests.admin.test_access_matrix import PATTERNS, Ids, model_of, one_of_each  # noqa: F401  # a fixture
from tests.admin.test_scope import IDS_OF_B, brand_a, brand_b  # noqa: F401  # fixtures
from tests.admin.walk import PLACE, addresses
from tests.builders import a_brand

EACH = pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
LOOKUPS = ("regex", "iregex", "startswith", "in")
CHAINS = {
    "auth.User": ["groups__name__startswith", "logentry__change_message__regex"],
    "budgets.ApiKey": ["created_by__password__startswith"],
    "budgets.Change": ["by__password__startswith"],
    "budgets.Job": ["asked_by__password__startswith"],
    "budgets.Campaign": ["brand__name__regex", "spend_days__amount__gt"],
}


@EACH
def test_a_list_answers_whatever_its_parameters_hold(signed_in: Client, model: Any) -> None:
    path, names = address_of(model, "changelist"), [*OF_ANY_LIST, *filters_of(signed_in, model)]
    faults = []
    for query in hostile_queries(names):
        faults += faults_of(signed_in, f"{path}?{query}")
    assert faults == []


@EACH
def test_a_list_is_filtered_by_its_filters_alone(signed_in: Client, model: Any) -> None:
    path, declared = address_of(model, "changelist"), filters_of(signed_in, model)
    fields = [field for field in model._meta.get_fields() if isinstance(field, Field)]
    names = [field.name for field in fields]
    names += [f"{field.name}__{lookup}" for field in fields for lookup in LOOKUPS]
    names += CHAINS.get(model._meta.label, [])
    taken = {
        name: status
        for name in names
        if name not in declared
        and (status := signed_in.get(path, {name: "1"}).status_code) not in {302, 400}
    }
    assert taken == {}


@EACH
def test_an_action_answers_whatever_ids_are_sent(
    signed_in: Client,
    owner: User,
    one_of_each: Ids,  # noqa: F811  # a fixture
    model: Any,
) -> None:
    page, path = admin.site._registry[model], address_of(model, "changelist")
    request = RequestFactory().get(path)
    request.user = owner
    faults = []
    for action in page.get_actions(request):
        for value in VALUES:
            sent = {"action": action, "_selected_action": [value], "index": "0", "post": "yes"}
            faults += faults_of(signed_in, path, sent)
            faults += faults_of(signed_in, path, sent | {"index": value, "select_across": value})
    assert faults == []


@EACH
def test_a_form_answers_whatever_is_filled_in(
    signed_in: Client,
    one_of_each: Ids,  # noqa: F811  # a fixture
    model: Any,
) -> None:
    change = address_of(model, "change", one_of_each[model._meta.label])
    faults = []
    for path in (address_of(model, "add"), change):
        page = signed_in.get(path)
        if page.status_code == 200:
            for sent in hostile_forms(page.content.decode()):
                faults += faults_of(signed_in, path, sent)
    assert faults == []


def test_an_address_answers_whatever_ids_are_in_it(signed_in: Client) -> None:
    faults = []
    for pattern in (pattern for pattern in PATTERNS if PLACE.search(pattern)):
        for value in VALUES:
            path = PLACE.sub(quote(value, safe=""), pattern)
            faults += faults_of(signed_in, path)
            faults += faults_of(signed_in, path, {"post": "yes"}) if model_of(pattern) else []
    assert faults == []


def test_a_page_answers_whatever_its_parameters_hold(
    signed_in: Client,
    brand_a: Brand,  # noqa: F811  # a fixture
    brand_b: Brand,  # noqa: F811  # a fixture
) -> None:
    pages = [path for path in addresses(IDS_OF_B) if not path.endswith("/change/")]
    faults = []
    for path in pages:
        names = OF_OTHER_PAGES if path.count("/") <= 3 else ("campaign", "_changelist_filters")
        for query in hostile_queries(names):
            faults += faults_of(signed_in, f"{path}?{query}")
    assert faults == []


def test_a_cookie_with_the_character_0_is_refused(client: Client, db: None) -> None:
    client.cookies["sessionid"] = "12345678" + NUL
    assert client.get(address("brand_changelist")).status_code == 400


def test_a_search_of_many_words_searches_for_the_first_and_says_so(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    a_brand(name=" ".join(f"w{n}" for n in range(30)))
    many = " ".join(f"w{n}" for n in range(1_900))
    with django_assert_max_num_queries(12):
        page = signed_in.get(address("brand_changelist"), {"q": many})
    assert page.context["cl"].result_count == 1
    assert b"first 20 words" in page.content
    with django_assert_max_num_queries(12):
        signed_in.get(address("campaign_pick"), {"term": many})


def test_rows_without_end_are_not_even_made(signed_in: Client) -> None:
    sent = A_BRAND | {"campaigns-TOTAL_FORMS": "999999999"}
    page = signed_in.post(address("brand_add"), sent)
    rows = page.context["inline_admin_formsets"][0].formset.forms
    assert len(rows) == MOST_ROWS_ADDED


@pytest.mark.parametrize("pk", ["770001", "999999", "9" * 30, "x"])
def test_an_export_tells_nothing_of_ids_beyond_reach(
    brand_a: Brand,  # noqa: F811  # a fixture
    brand_b: Brand,  # noqa: F811  # a fixture
    pk: str,
) -> None:
    manager = a_manager_of(brand_a)
    sent = {"format": "0", "resource": "0", "export_items": [pk]}
    answer = manager.post(address("brand_export"), sent)
    told = str(answer.context["form"].errors["export_items"]).replace(
        f"choice. {pk} is", "choice. ID is"
    )
    assert "choice. ID is not one of the available choices" in told
