"""Two-step sign-in: set up, asked for, demanded of roles, reset by owners."""

import time
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from budgets.access.roles import MANAGER, OWNER, VIEWER
from budgets.models import AccessEvent, AccessKind, ApiKey, BrandAccess, TwoStepRole
from budgets.operations.keys import new_secret
from tests.admin.pages import text_of
from tests.admin.people import browser_of
from tests.admin.test_sign_in import NOON, RIGHT, quick_hashes
from tests.builders import the_clock_at

pytestmark = pytest.mark.django_db

__all__ = ["quick_hashes"]

STEP = timedelta(seconds=30)
LOGIN, CODE = reverse("admin:login"), reverse("sign_in_code")


def a_member(role: str, name: str = "ada") -> User:
    user = User.objects.create_user(name, password=RIGHT, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=True)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def ada() -> User:
    return a_member(MANAGER)


def code_of(key: str) -> str:
    """Return what an app with the key shows at the clock's instant."""
    app = TOTP(bytes.fromhex(key))
    app.time = time.time()
    return f"{app.token():06d}"


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set two-step sign-in up as a person does; return the app's key and the recovery codes."""
    page = reverse("two_step_set_up")
    client.get(page)
    key = client.session["two_step_key"]
    answer = client.post(page, {"code": code_of(key)})
    return key, answer.context["codes"].split()


def first_step(name: str = "ada", **data: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post(LOGIN, {"username": name, "password": RIGHT} | data)


def test_an_app_is_set_up_with_a_picture_a_secret_and_its_first_code(ada: User) -> None:
    with the_clock_at(NOON):
        client = browser_of(ada)
        page = client.get(reverse("two_step_set_up"))
        assert b"<svg" in page.content
        key, codes = set_up(client)
        assert len(set(codes)) == 10
        assert TOTPDevice.objects.get(user=ada).key == key
        assert client.get(reverse("admin:index")).status_code == 200
        assert "10 recovery codes are left" in text_of(client.get(reverse("two_step")))


def test_a_wrong_first_code_sets_nothing_up(ada: User) -> None:
    client = browser_of(ada)
    answer = client.post(reverse("two_step_set_up"), {"code": "000000"})
    assert "not the app's code" in text_of(answer)
    assert not TOTPDevice.objects.exists()


def test_the_secret_is_shown_no_more_once_it_is_set_up(ada: User) -> None:
    with the_clock_at(NOON):
        client = browser_of(ada)
        set_up(client)
        assert "two_step_key" not in client.session
        assert client.get(reverse("two_step_set_up"))["Location"] == reverse("two_step")


def test_after_the_password_a_code_is_asked_for(ada: User) -> None:
    with the_clock_at(NOON):
        key, _ = set_up(browser_of(ada))
    with the_clock_at(NOON + STEP):
        client, answer = first_step(next=reverse("two_step"))
        assert answer["Location"] == CODE
        assert client.get(reverse("admin:index")).status_code == 302
        assert client.get(CODE).status_code == 200
        answer = client.post(CODE, {"code": code_of(key)})
        assert answer["Location"] == reverse("two_step")
        assert client.get(reverse("admin:index")).status_code == 200


def test_a_code_counts_once(ada: User) -> None:
    with the_clock_at(NOON):
        key, _ = set_up(browser_of(ada))
    with the_clock_at(NOON + STEP):
        for status in (302, 200):
            client, _ = first_step()
            assert client.post(CODE, {"code": code_of(key)}).status_code == status


def test_a_recovery_code_counts_once_however_it_is_typed(ada: User) -> None:
    with the_clock_at(NOON):
        _, codes = set_up(browser_of(ada))
        typed = codes[0].upper().replace("-", " ")
        for status in (302, 200):
            client, _ = first_step()
            assert client.post(CODE, {"code": typed}).status_code == status
    used = AccessEvent.objects.get(kind=AccessKind.CODE_USED)
    assert (used.name, used.who, used.detail) == ("ada", "ada", "9 left")


def test_recovery_codes_are_kept_as_hashes_only(ada: User) -> None:
    with the_clock_at(NOON):
        _, codes = set_up(browser_of(ada))
    kept = " ".join(StaticToken.objects.values_list("token", flat=True))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_codes_are_guessed_no_more_often_than_passwords(ada: User) -> None:
    with the_clock_at(NOON):
        key, _ = set_up(browser_of(ada))
    with the_clock_at(NOON + STEP):
        for _ in range(5):
            # The right password again and again gives no new guesses at the code.
            client, _ = first_step()
            assert client.post(CODE, {"code": "000000"}).status_code == 200
        answer = client.post(CODE, {"code": code_of(key)})
        assert answer.status_code == 429
        assert first_step()[1].status_code == 429
    assert AccessEvent.objects.get(kind=AccessKind.WRONG_CODE).times == 5


def test_the_first_step_lasts_ten_minutes_and_ends_with_the_password(ada: User) -> None:
    with the_clock_at(NOON):
        set_up(browser_of(ada))
        late, _ = first_step()
        changed, _ = first_step()
        ada.set_password("another password")
        ada.save()
        assert changed.get(CODE)["Location"] == LOGIN
    with the_clock_at(NOON + timedelta(minutes=11)):
        assert late.get(CODE)["Location"] == LOGIN
    assert Client().get(CODE)["Location"] == LOGIN


def test_a_session_without_the_second_step_ends_when_it_is_set_up_elsewhere(ada: User) -> None:
    with the_clock_at(NOON):
        other, client = browser_of(ada), browser_of(ada)
        set_up(client)
        assert other.get(reverse("admin:index")).status_code == 302
        assert client.get(reverse("admin:index")).status_code == 200


def test_a_code_switches_it_off_or_makes_new_recovery_codes(ada: User) -> None:
    page = reverse("two_step")
    with the_clock_at(NOON):
        client = browser_of(ada)
        key, codes = set_up(client)
        client.post(page, {"off": "1", "code": "123456"})
        assert TOTPDevice.objects.filter(user=ada).exists()
    with the_clock_at(NOON + 4 * STEP):
        new = client.post(page, {"new_codes": "1", "code": code_of(key)}).context["codes"].split()
        assert not set(new) & set(codes)
        client.post(page, {"off": "1", "code": new[0]})
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()


def test_a_role_that_demands_it_lets_nobody_past_the_set_up(ada: User) -> None:
    TwoStepRole.objects.create(group=Group.objects.get(name=MANAGER))
    with the_clock_at(NOON):
        client, set_up_page = browser_of(ada), reverse("two_step_set_up")
        pages = ("admin:index", "activity", "activity_csv", "admin:budgets_job_changelist")
        for page in (*pages, "admin:password_change", "two_step"):
            for answer in (client.get(reverse(page)), client.post(reverse(page))):
                assert answer["Location"] == set_up_page, page
        assert client.get(set_up_page).status_code == 200
        set_up(client)
        assert client.get(reverse("admin:index")).status_code == 200
        assert client.post(reverse("admin:logout")).status_code == 200


def test_others_are_not_asked_and_superusers_count_as_owners(ada: User) -> None:
    TwoStepRole.objects.create(group=Group.objects.get(name=OWNER))
    root = User.objects.create_superuser("root")
    assert browser_of(ada).get(reverse("admin:index")).status_code == 200
    answer = browser_of(root).get(reverse("admin:index"))
    assert answer["Location"] == reverse("two_step_set_up")


def test_an_owner_says_which_roles_demand_it() -> None:
    client = browser_of(a_member(OWNER))
    manager = Group.objects.get(name=MANAGER)
    assert "Manager" in text_of(client.get(reverse("sign_in")))
    client.post(reverse("demand_two_step"), {"role": [str(manager.pk)]})
    assert [row.group for row in TwoStepRole.objects.all()] == [manager]
    client.post(reverse("demand_two_step"), {})
    assert not TwoStepRole.objects.exists()
    kinds = (AccessKind.TWO_STEP_REQUIRED, AccessKind.TWO_STEP_OPTIONAL)
    events = AccessEvent.objects.filter(kind__in=kinds).order_by("pk")
    assert [(each.kind, each.name, each.who) for each in events] == [
        (kind, MANAGER, "ada") for kind in kinds
    ]


def test_an_owner_resets_a_lost_phone_but_not_a_superusers(ada: User) -> None:
    root = User.objects.create_superuser("root")
    with the_clock_at(NOON):
        set_up(browser_of(ada))
        set_up(browser_of(root))
        client = browser_of(a_member(OWNER, "olga"))
        client.post(reverse("reset_two_step", args=[ada.pk]))
        assert client.post(reverse("reset_two_step", args=[root.pk])).status_code == 403
        assert first_step()[1]["Location"] == reverse("admin:index")
    assert [device.user for device in TOTPDevice.objects.all()] == [root]
    event = AccessEvent.objects.get(kind=AccessKind.TWO_STEP_RESET)
    assert (event.name, event.who) == ("ada", "olga")


@pytest.mark.parametrize("role", [MANAGER, VIEWER])
def test_nobody_but_owners_opens_the_owners_page(role: str) -> None:
    user = a_member(role)
    client = browser_of(user)
    assert client.get(reverse("sign_in")).status_code == 403
    for page, args in (("demand_two_step", []), ("lift_lock", []), ("reset_two_step", [user.pk])):
        assert client.post(reverse(page, args=args)).status_code == 403


def test_an_owner_lifts_a_lock(ada: User) -> None:
    owner = browser_of(a_member(OWNER, "olga"))
    for _ in range(5):
        Client().post(LOGIN, {"username": "ada", "password": "x"})
    assert first_step()[1].status_code == 429
    assert "“ada” from 127.0.0.1" in text_of(owner.get(reverse("sign_in")))
    owner.post(reverse("lift_lock"), {"name": "ada", "address": "127.0.0.1"})
    assert first_step()[1].status_code == 302
    assert AccessEvent.objects.get(kind=AccessKind.UNLOCKED).who == "olga"


def test_keys_are_asked_for_no_second_step() -> None:
    TwoStepRole.objects.create(group=Group.objects.get(name=OWNER))
    owner = User.objects.create_superuser("root")
    key = ApiKey.objects.create(name="Program", all_brands=True, created_by=owner)
    token = new_secret(key, now=timezone.now()).token
    answer = Client().get("/api/v1/brands", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_the_pages_of_django_otp_show_nobodys_secret() -> None:
    client = browser_of(User.objects.create_superuser("root"))
    for name in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert client.get(f"/admin/{name}/").status_code == 404


def test_nobody_resets_the_second_step_of_somebody_who_may_do_more() -> None:
    ada = a_member(OWNER)
    TOTPDevice.objects.create(user=ada, name="app", confirmed=True)
    desk = User.objects.create_user("desk", is_staff=True)
    desk.user_permissions.set(Permission.objects.filter(codename="change_twosteprole"))
    browser = browser_of(desk)
    assert browser.post(reverse("reset_two_step", args=[ada.pk])).status_code == 403
    assert TOTPDevice.objects.filter(user=ada).exists()


def test_a_role_that_is_no_number_demands_nothing() -> None:
    root = browser_of(User.objects.create_superuser("root"))
    assert root.post(reverse("demand_two_step"), {"role": ["9" * 5000, "x"]}).status_code == 302
    assert not TwoStepRole.objects.exists()


def test_an_owner_is_told_of_a_proxy_that_is_not_trusted(settings: Any) -> None:
    root = browser_of(User.objects.create_superuser("root"))
    through: Any = {"headers": {"X-Forwarded-For": "192.0.2.1"}}
    assert "TRUSTED_PROXIES" in text_of(root.get(reverse("sign_in"), **through))
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert "TRUSTED_PROXIES" not in text_of(root.get(reverse("sign_in"), **through))
