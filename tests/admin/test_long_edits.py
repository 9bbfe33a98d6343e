"""Edits of many rows are previewed and made by a worker, with the same confirmation in front."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from budgets.access.roles import VIEWER
from budgets.models import Brand, BrandAccess, Campaign, Job
from budgets.operations.jobs.keep import ask_again
from budgets.operations.jobs.run import run_job
from tests.admin.long_edits import confirm, two_campaigns, two_rows_are_many
from tests.admin.pages import HiddenInputs, address, text_of
from tests.admin.people import a_manager_of

__all__ = ["two_rows_are_many"]
pytestmark = pytest.mark.usefixtures("two_rows_are_many")

NOTHING = {"daily_how": "keep", "daily_by": "", "monthly_how": "keep", "monthly_by": "", "note": ""}


def change_budgets(browser: Client, *rows: Brand | Campaign, **what: str) -> Any:
    page = f"{rows[0]._meta.model_name}_change_budgets"
    ids = ",".join(str(row.pk) for row in rows)
    return browser.post(address(page), NOTHING | {"ids": ids} | what, follow=True)


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


def test_who_lost_the_right_meanwhile_changes_nothing(db: None) -> None:
    campaigns = two_campaigns()
    browser = a_manager_of(campaigns[0].brand)
    page = change_budgets(browser, *campaigns, daily_how="set", daily_by="150")
    User.objects.get().groups.set([Group.objects.get(name=VIEWER)])
    assert "You may not do this any more." in text_of(confirm(browser, page))
    assert budgets() == {Decimal(100)}


def test_a_brand_out_of_scope_meanwhile_is_not_told_of(db: None) -> None:
    campaigns = two_campaigns()
    browser = a_manager_of(campaigns[0].brand)
    change_budgets(browser, *campaigns, daily_how="set", daily_by="150")
    job = address("job_change", Job.objects.get().pk)
    assert "Acme" in text_of(browser.get(job))
    BrandAccess.objects.get().brands.clear()
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


def test_what_was_never_shown_is_not_confirmed(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    Job.objects.update(state="failed", result=None)
    assert confirm(signed_in, page).redirect_chain
    assert Job.objects.get().state == "failed"
    assert budgets() == {Decimal(100)}


def test_the_list_tells_a_preview_from_what_was_done(signed_in: Client) -> None:
    page = change_budgets(signed_in, *two_campaigns(), daily_how="set", daily_by="150")
    jobs = address("job_changelist")
    assert "Preview: Change of budgets" in text_of(signed_in.get(jobs))
    confirm(signed_in, page)
    assert "Preview:" not in text_of(signed_in.get(jobs))
