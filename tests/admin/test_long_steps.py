"""Holds, deletions and moves of many rows are made step by step by a worker, and resumed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.admin.confirm import long_holds
from budgets.admin.confirm.hold_rows import hold_row
from budgets.models import Brand, Campaign, Change, Job
from budgets.operations.jobs.run import run_job
from tests.admin.long_edits import confirm, select, two_campaigns, two_rows_are_many
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, spend

__all__ = ["two_rows_are_many"]
pytestmark = pytest.mark.usefixtures("two_rows_are_many")


def once_then_dies(work: Any) -> Any:
    """Return the work, after which, done once, the process dies."""
    done: list[int] = []

    def dies(*args: Any, **kwargs: Any) -> Any:
        if done:
            raise SystemExit
        done.append(1)
        return work(*args, **kwargs)

    return dies


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
