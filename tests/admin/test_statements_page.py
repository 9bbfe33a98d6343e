"""Statements in the admin: read, never written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from budgets.models import Statement
from budgets.operations.close import close_periods
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def statement() -> Statement:
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(daily="100", currency="EUR"), daily="60")
    spend(campaign, "70", at=NOON)
    close_periods(now=NOON + timedelta(days=1))
    spend(campaign, "5", at=NOON, now=NOON + timedelta(days=1))
    return Statement.objects.get(campaign=campaign)


def test_the_list_shows_both_figures_of_a_restated_day(
    admin_client: Client, statement: Statement
) -> None:
    page = admin_client.get(reverse("admin:budgets_statement_changelist")).content.decode()
    assert "€75.00<br>" in page
    assert "restated; €70.00 at close" in page
    assert "€15.00 over" in page
    assert "€25.00 under" in page


def test_a_statement_says_how_long_the_campaign_was_held_and_why(
    admin_client: Client, statement: Statement
) -> None:
    address = reverse("admin:budgets_statement_change", args=[statement.pk])
    assert "Daily budget reached: 12 h" in admin_client.get(address).content.decode()


def test_nobody_writes_a_statement(admin_client: Client, statement: Statement) -> None:
    address = reverse("admin:budgets_statement_change", args=[statement.pk])
    assert admin_client.post(address, {"spent": "0"}).status_code == 403
    assert admin_client.get(reverse("admin:budgets_statement_add")).status_code == 403
