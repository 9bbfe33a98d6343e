"""Who opens what: every address of the URL resolver, for every role, asked and sent to.

The matrix makes itself: a page that is added is in it at once. Where it cannot know what to put
into an address it fails, and says so; what strangers may open is declared here, with its reason.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver
from django_celery_beat.models import ClockedSchedule, SolarSchedule

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.access.scope import OF_A_PERSON, PATH_TO_BRAND
from budgets.models import ApiKey, Brand, BrandAccess, Campaign, DatedBudget, Schedule, Source
from tests.admin.people import browser_of
from tests.admin.test_scope import NOON, brand_a, brand_b  # noqa: F401  # fixtures
from tests.admin.walk import PLACE, fill
from tests.builders import a_link

OPEN = {
    "/admin/login/": "where one signs in",
    "/admin/password_reset/": "where who forgot their password asks for a link",
    "/admin/password_reset/sent/": "what they are told, whoever they are",
    "/admin/reset/<uidb64>/<token>/": "where a link leads; without a good one it says just that",
    "/healthz": "for monitors",
}
"""What a stranger may read."""

ELSEWHERE = {
    "/api/": "tests/api: its walk goes over the document of the API, for keys",
    "/static/": "files of the product, the same for all",
}

FOR_STAFF = (
    "/",
    "/admin/",
    "/admin/<url>",
    "/admin/<app_label>/",
    "/admin/autocomplete/",
    "/admin/holidays/",
    "/admin/jsi18n/",
    "/admin/login/",
    "/admin/login/code/",
    "/admin/logout/",
    "/admin/overview/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/password_reset/",
    "/admin/password_reset/sent/",
    "/admin/r/<content_type_id>/<object_id>/",
    "/admin/reset/<uidb64>/<token>/",
    "/admin/search/",
    "/admin/two-step/",
    "/admin/two-step/set-up/",
    "/favicon.ico",
    "/healthz",
)
"""What belongs to no model: everybody who works here may open it, and sees in it what is theirs."""

OTHER_PERMISSIONS = {
    "/admin/activity/": {"budgets.view_brand", "budgets.view_change"},
    "/admin/activity/csv/": {"budgets.view_brand", "budgets.view_change"},
    "/admin/recurring-tasks/": {"django_celery_beat.view_periodictask"},
    "/admin/recurring-tasks/<pk>/run/": {"django_celery_beat.change_periodictask"},
    "/admin/recurring-tasks/<pk>/switch/": {"django_celery_beat.change_periodictask"},
    "/admin/sign-in/": {"budgets.change_twosteprole"},
    "/admin/sign-in/demand/": {"budgets.change_twosteprole"},
    "/admin/sign-in/lift/": {"budgets.change_twosteprole"},
    "/admin/sign-in/reset/<pk>/": {"budgets.change_twosteprole"},
}
"""Pages that tell of several models: all of these are needed."""

QUESTIONS = {
    "/admin/holidays/": "?country=DE",
    "/admin/autocomplete/": "?app_label=budgets&model_name=campaign&field_name=brand",
}
"""Without which an address is refused to everybody."""

READ, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
PAGES = {
    "": READ,
    "<object_id>/change/": READ,
    "<object_id>/history/": READ,
    "<pk>/progress/": READ,
    "<pk>/confirm/": READ,
    "<pk>/file/": READ,
    "pick/": READ,
    "export/": READ,
    "add/": ADD,
    "<object_id>/delete/": DELETE,
}
"""What a page of a model asks for; any other one asks for the right to change or to add."""

ROLES = (VIEWER, FINANCE, MANAGER, OWNER)
Ids = dict[str, int]


def patterns() -> Iterator[str]:
    for _view, regex, _namespace, _name in extract_views_from_urlpatterns(
        get_resolver().url_patterns
    ):
        pattern = PLACE.sub(lambda place: f"<{place[1]}>", simplify_regex(str(regex)))
        if not pattern.startswith(tuple(ELSEWHERE)):
            yield pattern


def model_of(pattern: str) -> type[Model] | None:
    for model in admin.site._registry:
        meta = model._meta
        if pattern.startswith(f"/admin/{meta.app_label}/{meta.model_name}/"):
            return model
    return None


def is_old_address(pattern: str) -> bool:
    """Say whether it only sends on to a row's page, which is in the matrix itself."""
    return model_of(pattern) is not None and pattern.count("/") == 5 and "<object_id>" in pattern


def needed(pattern: str) -> list[set[str]]:
    """Return the sets of permissions of which one opens the page; none where staff is enough."""
    if pattern in OTHER_PERMISSIONS:
        return [OTHER_PERMISSIONS[pattern]]
    model = model_of(pattern)
    if model is None:
        assert pattern in FOR_STAFF, (
            f"Say in {__name__} who may open {pattern}: in FOR_STAFF or OTHER_PERMISSIONS."
        )
        return []
    meta = model._meta
    page = pattern.removeprefix(f"/admin/{meta.app_label}/{meta.model_name}/")
    actions = [PAGES[page]] if page in PAGES else [ADD, CHANGE]
    if actions == [READ]:
        actions = [READ, CHANGE]  # who may change a row may see it
    return [{f"{meta.app_label}.{action}_{meta.model_name}"} for action in actions]


def filled(pattern: str, ids: Ids) -> str:
    places = set(PLACE.findall(pattern))
    model = model_of(pattern)
    known: dict[str, Any] = {"app_label": "budgets", "url": "nothing/", "kind": "entries"}
    known |= {"content_type_id": 1, "object_id": 1, "pk": 1, "uidb64": "MQ", "token": "a-b"}
    if model is not None:
        name = str(model._meta.label)
        assert name in ids, f"Have one_of_each in {__name__} make a {name}."
        known |= dict.fromkeys(("object_id", "id", "pk", "record_id"), ids[name])
    missing = places - known.keys()
    assert not missing, f"Tell {__name__}.filled what to put into {pattern}: {missing}."
    return fill(pattern, **known) + QUESTIONS.get(pattern, "")


PATTERNS = sorted({each for each in patterns() if not is_old_address(each)})


@pytest.fixture
def one_of_each(brand_a: Brand, brand_b: Brand) -> Ids:  # noqa: F811  # fixtures
    """Return the id of a row of each model of the admin; of brand B where it has one."""
    a_link(Campaign.objects.filter(brand=brand_b).order_by("pk")[0])
    Source.objects.create(brand=brand_b, name="google", timezone="UTC")
    DatedBudget.objects.create(brand=brand_b, amount=20, starts_on=NOON.date())
    ApiKey.objects.create(name="sync")
    SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2)
    ClockedSchedule.objects.create(clocked_time=NOON)
    ids = {}
    for model in admin.site._registry:
        rows = model._default_manager.order_by("pk")
        path = PATH_TO_BRAND.get(model)
        row = rows.filter(**{path: brand_b.pk}).last() if path else rows.last()
        if row is not None:
            ids[model._meta.label] = row.pk
    return ids


def a_person(role: str, *brands: Brand, all_brands: bool = True) -> User:
    person = User.objects.create_user(f"{role} of the matrix", is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    access = BrandAccess.objects.create(user=person, all_brands=all_brands)
    access.brands.set(brands)
    return User.objects.get(pk=person.pk)


def answers(client: Client, address: str) -> dict[str, int]:
    """Return the status of what is read and of what is sent; nothing that is sent stays."""
    found = {"GET": client.get(address).status_code}
    with transaction.atomic():
        found["POST"] = client.post(address, {"post": "yes"}).status_code
        transaction.set_rollback(True)
    return found


def test_every_address_has_somebody_who_may_open_it() -> None:
    """Where nobody is named, the matrix says what to add."""
    for pattern in PATTERNS:
        needed(pattern)


def test_a_stranger_opens_only_what_is_declared(one_of_each: Ids) -> None:
    stranger, opened = Client(), set()
    for pattern in PATTERNS:
        found = answers(stranger, filled(pattern, one_of_each))
        if 200 in found.values():
            opened.add(pattern)
        assert all(status < 500 for status in found.values()), (pattern, found)
    assert opened == set(OPEN)


def test_somebody_who_is_no_staff_opens_only_what_a_stranger_may(one_of_each: Ids) -> None:
    customer = User.objects.create_user("customer")
    browser = browser_of(customer)
    opened = {p for p in PATTERNS if 200 in answers(browser, filled(p, one_of_each)).values()}
    assert opened <= set(OPEN)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_nothing_that_its_permissions_do_not_say(role: str, one_of_each: Ids) -> None:
    """The permissions of the product's groups are the measure; docs/roles.md tells of them."""
    person = a_person(role)
    client, permissions = browser_of(person), person.get_all_permissions()
    refused = [p for p in PATTERNS if needed(p) and not any(a <= permissions for a in needed(p))]
    assert bool(refused) == (role != OWNER)
    met = {pattern: answers(client, filled(pattern, one_of_each)) for pattern in refused}
    assert {pattern: found for pattern, found in met.items() if not is_refused(found)} == {}


def is_refused(found: dict[str, int]) -> bool:
    """Say whether nothing was opened; an address for forms alone is not read by anybody."""
    return found["POST"] == 403 and found["GET"] in {403, 405}


def test_a_viewer_opens_what_belongs_to_no_model(one_of_each: Ids) -> None:
    viewer = browser_of(a_person(VIEWER))
    for_all = [pattern for pattern in PATTERNS if not needed(pattern)]
    met = {pattern: answers(viewer, filled(pattern, one_of_each)) for pattern in for_all}
    wrong = {p: found for p, found in met.items() if 403 in found.values()}
    assert wrong == {}


def test_a_superuser_opens_every_page_there_is(one_of_each: Ids) -> None:
    """The matrix would prove nothing with addresses that are refused to everybody."""
    root = browser_of(User.objects.create_superuser("root of the matrix"))
    met = {p: root.get(filled(p, one_of_each)).status_code for p in PATTERNS}
    refused = {p: status for p, status in met.items() if status not in {200, 301, 302}}
    assert refused == NOT_THERE


NOT_THERE = {
    "/admin/<url>": 404,
    "/admin/auth/group/<object_id>/delete/": 403,
    "/admin/auth/user/<pk>/link/": 405,
    "/admin/auth/user/<pk>/withdraw/": 405,
    "/admin/budgets/apikey/<object_id>/delete/": 403,
    "/admin/budgets/apikey/<object_id>/end-old/": 403,
    "/admin/budgets/campaignmatch/add/": 403,
    "/admin/budgets/change/<object_id>/delete/": 403,
    "/admin/budgets/change/add/": 403,
    "/admin/budgets/datedbudget/<object_id>/undo/<record_id>/": 404,
    "/admin/budgets/job/<object_id>/delete/": 403,
    "/admin/budgets/job/<pk>/confirm/": 404,
    "/admin/budgets/job/<pk>/file/": 404,
    "/admin/budgets/job/add/": 403,
    "/admin/budgets/spend/<object_id>/delete/": 403,
    "/admin/budgets/spend/import/<pk>/answer/": 404,
    "/admin/budgets/spend/import/<pk>/confirm/": 404,
    "/admin/budgets/spend/import/<pk>/match/": 404,
    "/admin/budgets/spend/import/<pk>/refused/": 404,
    "/admin/budgets/statement/<object_id>/delete/": 403,
    "/admin/budgets/statement/add/": 403,
    "/admin/logout/": 405,
    "/admin/r/<content_type_id>/<object_id>/": 404,
    "/admin/recurring-tasks/<pk>/run/": 405,
    "/admin/recurring-tasks/<pk>/switch/": 405,
    "/admin/sign-in/demand/": 405,
    "/admin/sign-in/lift/": 405,
    "/admin/sign-in/reset/<pk>/": 405,
}
"""What even a superuser does not get: rows nobody adds or deletes, jobs of others, forms alone."""


@pytest.mark.parametrize("role", ROLES)
def test_a_row_of_another_brand_is_not_there_for_any_role(
    role: str,
    one_of_each: Ids,
    brand_a: Brand,  # noqa: F811  # fixture
) -> None:
    limited = browser_of(a_person(role, brand_a, all_brands=False))
    with_a_brand = {*PATH_TO_BRAND, *OF_A_PERSON, Schedule}
    of_b = [p for p in PATTERNS if model_of(p) in with_a_brand and {*PLACE.findall(p)} - {"kind"}]
    met = {pattern: answers(limited, filled(pattern, one_of_each)) for pattern in of_b}
    wrong = {p: found for p, found in met.items() if not set(found.values()) <= {403, 404}}
    assert wrong == {}
