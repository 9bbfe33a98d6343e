"""Pause reasons are stored as numbers, so the numbers stay what they are."""

from budgets.rules.reasons import HOLDS, NO_REASON, PauseReason, main_reason


def test_stored_numbers_never_change() -> None:
    assert {reason.name: reason.value for reason in PauseReason} == {
        "HELD": 1,
        "BRAND_HELD": 2,
        "OUTSIDE_FLIGHT": 4,
        "OUTSIDE_SCHEDULE": 8,
        "DAILY_BUDGET": 16,
        "MONTHLY_BUDGET": 32,
        "BRAND_DAILY_BUDGET": 64,
        "BRAND_MONTHLY_BUDGET": 128,
        "FORECAST": 256,
        "FEED_SILENT": 1024,
    }


def test_no_reason_is_falsy() -> None:
    assert not NO_REASON


def test_only_a_person_sets_the_holds() -> None:
    assert list(HOLDS) == [PauseReason.HELD, PauseReason.BRAND_HELD]


def test_the_main_reason_is_the_first_of_them() -> None:
    several = PauseReason.DAILY_BUDGET | PauseReason.OUTSIDE_SCHEDULE | PauseReason.BRAND_HELD
    assert main_reason(several) == PauseReason.BRAND_HELD
    assert main_reason(PauseReason.FORECAST) == PauseReason.FORECAST
