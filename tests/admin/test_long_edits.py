"""Edits of many rows are previewed and made by a worker, with the same confirmation in front."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from budgets.access.roles import MANAGER, VIEWER
from budgets.admin.confirm import bulk_budgets, entries_to_move, long_deletes, long_holds
from budgets.admin.confirm.hold_rows import hold_row
from budgets.models import Brand, BrandAccess, Campaign, Change, Job
from budgets.operations.jobs.keep import ask_again
from budgets.operations.jobs.run import run_job
from tests.admin.pages import HiddenInputs, address, text_of
from tests.builders import a_brand, a_campaign, spend

NOTHING = {"daily_how": "keep", "daily_by": "", "monthly_how": "keep", "monthly_by": "", "note": ""}


@pytest.fixture(autouse=True)
def two_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for page in (bulk_budgets, long_holds, long_deletes):
        monkeypatch.setattr(page, "MOST_IN_A_REQUEST", 1)
    monkeypatch.setattr(entries_to_move, "MOST_ENTRIES_IN_A_REQUEST", 0)


def confirm(browser: Client, page: Any, **more: str) -> Any:
    inputs = HiddenInputs()
    inputs.feed(page.content.decode())
    job = Job.objects.latest("pk")
    return browser.post(address("job_confirm", job.pk), inputs.values | more, follow=True)


def change_budgets(browser: Client, *rows: Brand | Campaign, **what: str) -> Any:
    page = f"{rows[0]._meta.model_name}_change_budgets"
    ids = ",".join(str(row.pk) for row in rows)
    return browser.post(address(page), NOTHING | {"ids": ids} | what, follow=True)


def select(browser: Client, action: str, *rows: Brand | Campaign) -> Any:
    page = f"{rows[0]._meta.model_name}_changelist"
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(address(page), data, follow=True)


def two_campaigns() -> list[Campaign]:
    brand = a_brand()
    return [a_campaign(brand=brand, name=name, daily="100") for name in ("One", "Two")]


def budgets() -> set[Any]:
    return set(Campaign.objects.values_list("daily_budget", flat=True))


def test_many_budgets_are_shown_before_anything_is_saved(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    text = text_of(page)
    assert "Nothing is saved yet." in text
    assert "Two · Acme daily budget $100.00 $150.00" in text
    assert budgets() == {Decimal(100)}


def test_many_budgets_are_saved_as_they_were_shown(signed_in: Client, owner: User) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="0", note="Why")
    page = confirm(signed_in, page, _meant="1")
    assert "2 have new budgets." in text_of(page)
    assert "2 campaigns stopped" in text_of(page)
    assert budgets() == {Decimal(0)}
    record = Campaign.objects.first().history.first()  # type: ignore[union-attr]  # it exists
    assert (record.history_user, record.history_change_reason) == (owner, "Why")


def test_what_changed_meanwhile_is_shown_again(signed_in: Client) -> None:
    campaigns = two_campaigns()
    page = change_budgets(signed_in, *campaigns, daily_how="set", daily_by="150")
    Campaign.objects.filter(pk=campaigns[0].pk).update(daily_budget=Decimal(120))
    again = confirm(signed_in, page)
    assert "Things have changed since you looked." in text_of(again)
    assert Decimal(150) not in budgets()
    confirm(signed_in, again)
    assert budgets() == {Decimal(150)}


def test_a_jump_of_many_has_to_be_meant(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="9999")
    page = confirm(signed_in, page)
    assert "Tick the box" in text_of(page)
    confirm(signed_in, page, _meant="1")
    assert budgets() == {Decimal(9999)}


def test_confirming_twice_changes_once(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="raise_by_amount", daily_by="10")
    confirm(signed_in, page)
    assert "2 have new budgets." in text_of(confirm(signed_in, page))
    assert budgets() == {Decimal(110)}


def test_another_person_cannot_confirm(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    other = Client()
    other.force_login(User.objects.create_superuser("eve"))
    assert confirm(other, page).status_code == 404
    assert budgets() == {Decimal(100)}


def a_manager(*brands: Brand) -> tuple[User, Client]:
    """Return somebody who manages these brands, and their browser."""
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    BrandAccess.objects.create(user=user).brands.set(brands)
    browser = Client()
    browser.force_login(user)
    return user, browser


def test_who_lost_the_right_meanwhile_changes_nothing(db: None) -> None:
    campaigns = two_campaigns()
    person, browser = a_manager(campaigns[0].brand)
    page = change_budgets(browser, *campaigns, daily_how="set", daily_by="150")
    person.groups.set([Group.objects.get(name=VIEWER)])
    assert "You may not do this any more." in text_of(confirm(browser, page))
    assert budgets() == {Decimal(100)}


def test_a_brand_out_of_scope_meanwhile_is_not_told_of(db: None) -> None:
    campaigns = two_campaigns()
    person, browser = a_manager(campaigns[0].brand)
    change_budgets(browser, *campaigns, daily_how="set", daily_by="150")
    job = address("job_change", Job.objects.get().pk)
    assert "Acme" in text_of(browser.get(job))
    BrandAccess.objects.get(user=person).brands.clear()
    assert browser.get(job).status_code == 403


def test_somebody_who_may_not_sign_in_any_more_changes_nothing(
    signed_in: Client, owner: User
) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    job = Job.objects.get()
    confirmed = HiddenInputs()
    confirmed.feed(page.content.decode())
    ask_again(
        job,
        kind="campaign_budgets",
        arguments={"sent": urlencode(confirmed.values, doseq=True)},
        now=timezone.now(),
    )
    User.objects.filter(pk=owner.pk).update(is_active=False)
    run_job(job.pk, clock=timezone.now)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Who asked for this may not sign in any more.")
    assert budgets() == {Decimal(100)}


def test_one_can_go_back_and_choose_otherwise(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    assert address("campaign_change_budgets") in page.content.decode()
    inputs = HiddenInputs()
    inputs.feed(page.content.decode())
    form = signed_in.post(address("campaign_change_budgets"), inputs.values | {"_revise": "1"})
    assert "Budgets of 2 selected" in text_of(form)


def test_many_are_held_after_a_confirmation(signed_in: Client, owner: User) -> None:
    campaigns = two_campaigns()
    page = select(signed_in, "hold_selected", *campaigns)
    assert "2 campaigns stop" in text_of(page)
    assert not Campaign.objects.filter(is_held=True).exists()
    text = text_of(confirm(signed_in, page, note="Strike"))
    assert "2 are on hold now." in text
    assert "2 campaigns stopped" in text
    assert set(Change.objects.values_list("by", "note")) == {(owner.pk, "Strike")}
    assert LogEntry.objects.filter(change_message="Held: Strike").count() == 2


def test_a_hold_that_was_interrupted_goes_on_and_tells_all_of_it(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = select(signed_in, "hold_selected", *two_campaigns())
    with monkeypatch.context() as patched:
        patched.setattr(long_holds, "hold_row", once_then_dies(hold_row))
        with pytest.raises(SystemExit):
            confirm(signed_in, page)
    assert Campaign.objects.filter(is_held=True).count() == 1
    job = Job.objects.get()
    run_job(job.pk, clock=lambda: timezone.now() + timedelta(minutes=2))
    text = text_of(signed_in.get(address("job_change", job.pk)))
    assert "2 campaigns stopped" in text
    assert LogEntry.objects.count() == 2


def once_then_dies(work: Any) -> Any:
    """Return the work, after which, done once, the process dies."""
    done: list[int] = []

    def dies(*args: Any, **kwargs: Any) -> Any:
        if done:
            raise SystemExit
        done.append(1)
        return work(*args, **kwargs)

    return dies


def test_many_brands_are_released(signed_in: Client) -> None:
    brands = [a_brand(), a_brand()]
    Brand.objects.update(is_held=True)
    page = select(signed_in, "release_selected", *brands)
    assert "2 holds were released." in text_of(confirm(signed_in, page))
    assert not Brand.objects.filter(is_held=True).exists()


def test_many_are_deleted_after_a_confirmation(signed_in: Client) -> None:
    page = select(signed_in, "delete_selected", *two_campaigns())
    assert "Nothing is deleted yet." in text_of(page)
    assert Campaign.objects.count() == 2
    assert "2 were deleted." in text_of(confirm(signed_in, page))
    assert not Campaign.objects.exists()
    assert LogEntry.objects.count() == 2


def test_many_are_not_deleted_where_one_has_a_past(signed_in: Client) -> None:
    campaigns = two_campaigns()
    spend(campaigns[0], "1", at=timezone.now())
    text = text_of(select(signed_in, "delete_selected", *campaigns))
    assert "They cannot be deleted together; nothing was." in text
    assert "“One”" in text
    assert "Delete 2 " not in text.replace("Delete 2 campaigns", "")


def test_what_gets_a_past_meanwhile_stays_and_is_named(signed_in: Client) -> None:
    campaigns = two_campaigns()
    page = select(signed_in, "delete_selected", *campaigns)
    spend(campaigns[0], "1", at=timezone.now())
    text = text_of(confirm(signed_in, page))
    assert "1 was deleted." in text
    assert "Left as they are" in text
    assert Campaign.objects.get() == campaigns[0]


def test_a_brand_with_many_entries_is_moved_by_a_worker(signed_in: Client) -> None:
    campaign = a_campaign()
    spend(campaign, "1", at=timezone.now())
    form = {"timezone": "Asia/Tokyo", "note": ""}
    page = signed_in.post(address("brand_move_zone", campaign.brand_id), form, follow=True)
    assert "Nothing is saved yet." in text_of(page)
    assert Brand.objects.get().timezone == "UTC"
    assert "is in Asia/Tokyo now." in text_of(confirm(signed_in, page))
    assert Brand.objects.get().timezone == "Asia/Tokyo"
