"""Many rows, chosen and confirmed as a person does it."""

from typing import Any

import pytest
from django.test import Client

from budgets.admin.confirm import bulk_budgets, entries_to_move, long_deletes, long_holds
from budgets.models import Brand, Campaign, Job
from tests.admin.pages import HiddenInputs, address
from tests.builders import a_brand, a_campaign


@pytest.fixture
def two_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for page in (bulk_budgets, long_holds, long_deletes):
        monkeypatch.setattr(page, "MOST_IN_A_REQUEST", 1)
    monkeypatch.setattr(entries_to_move, "MOST_ENTRIES_IN_A_REQUEST", 0)


def confirm(browser: Client, page: Any, **more: str) -> Any:
    inputs = HiddenInputs()
    inputs.feed(page.content.decode())
    job = Job.objects.latest("pk")
    return browser.post(address("job_confirm", job.pk), inputs.values | more, follow=True)


def select(browser: Client, action: str, *rows: Brand | Campaign) -> Any:
    page = f"{rows[0]._meta.model_name}_changelist"
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(address(page), data, follow=True)


def two_campaigns() -> list[Campaign]:
    brand = a_brand()
    return [a_campaign(brand=brand, name=name, daily="100") for name in ("One", "Two")]
