"""The shell has the models and the operations at hand."""

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from budgets.management.commands.shell import AT_HAND, Command
from budgets.models import Brand, Campaign
from tests.builders import an_instant, the_clock_at

SPEND_FROM_THE_SHELL = """
entry = SpendEntry("shell", "1", Campaign.objects.get().pk, timezone.now(), Decimal(100), "USD")
record_spend([entry], now=timezone.now())
assert Campaign.objects.get().pause_reasons == PauseReason.DAILY_BUDGET
assert explain(Campaign.objects.get(), now=timezone.now()).status == "paused"
"""


@pytest.mark.parametrize("path", AT_HAND)
def test_everything_promised_is_there(path: str) -> None:
    assert Command().get_namespace(verbosity=0)[path.rpartition(".")[2]] is import_string(path)


def test_the_models_are_there_too() -> None:
    names = Command().get_namespace(verbosity=0)

    assert (names["Brand"], names["Campaign"]) == (Brand, Campaign)


def test_no_name_is_taken_twice() -> None:
    paths = Command().get_auto_imports()
    names = [path.rpartition(".")[2] for path in paths]

    assert len(names) == len(set(names))


def test_nothing_is_said_to_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    Command().get_namespace(verbosity=1)

    assert "could not be" not in capsys.readouterr().out


@pytest.mark.django_db
def test_spend_recorded_in_the_shell_pauses_the_campaign() -> None:
    with the_clock_at(an_instant("2026-03-10 12:00")):
        Campaign.objects.create(
            brand=Brand.objects.create(name="Acme"), name="Sale", daily_budget=100
        )
        call_command("shell", command=SPEND_FROM_THE_SHELL, verbosity=0)

    assert Campaign.objects.get().status == "paused"
