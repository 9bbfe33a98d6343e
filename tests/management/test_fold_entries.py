"""`manage.py fold_entries` folds what is older than the setting, and says how much."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from budgets.models import LedgerEntry
from tests.builders import a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture(autouse=True)
def old_entries(db: None) -> None:
    campaign = a_campaign()
    for hours in range(3):
        spend(campaign, "1", at=NOON - timedelta(days=40, hours=hours), now=NOON)


def the_command(*words: str) -> str:
    out = StringIO()
    with the_clock_at(NOON):
        call_command("fold_entries", *words, stdout=out)
    return out.getvalue()


def test_without_a_setting_nothing_is_folded() -> None:
    assert "entries are kept for ever" in the_command()
    assert LedgerEntry.objects.count() == 3


def test_the_setting_says_how_old_entries_may_become(settings: Any) -> None:
    settings.ENTRY_RETENTION_DAYS = 30
    assert the_command() == (
        "Folded 3 entries of days before 2026-02-08 into 1. Keys kept: 3, forgotten: 0.\n"
    )


def test_keys_are_kept_as_long_as_the_setting_says(settings: Any) -> None:
    settings.KEY_RETENTION_DAYS = 30
    LedgerEntry.objects.update(recorded_at=NOON - timedelta(days=31))
    assert "forgotten: 3" in the_command("--older-than", "30")


def test_a_dry_run_counts_and_writes_nothing() -> None:
    said = the_command("--older-than", "30", "--dry-run")
    assert said.startswith("Would fold 3 entries of days before 2026-02-08 into 1.")
    assert LedgerEntry.objects.count() == 3


def test_json_answers_with_the_numbers() -> None:
    facts = json.loads(the_command("--older-than", "30", "--json"))
    assert (facts["entries"], facts["into"], facts["keys_kept"]) == (3, 1, 3)


@pytest.mark.parametrize("days", ["0", "99999999"])
def test_days_that_make_no_sense_are_refused(days: str) -> None:
    with pytest.raises(CommandError, match="is not between"):
        the_command("--older-than", days)
