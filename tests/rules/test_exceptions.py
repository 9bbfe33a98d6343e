"""Dates on which other hours count: how they are written, read and waited for."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.clock import LocalClock
from budgets.rules.exceptions import (
    MAX_CHARACTERS,
    BadExceptions,
    any_of,
    format_quarters,
    parse_exceptions,
    with_exceptions,
)
from budgets.rules.hours import WeekHours
from tests.builders import an_instant

UTC = LocalClock.of("UTC")
PARIS = LocalClock.of("Europe/Paris")
OFFICE = WeekHours.parse("Mon-Fri 09:00-17:00")
NIGHT = WeekHours.parse("Mon-Sun 22:00-04:00")
QUARTER = timedelta(minutes=15)


def hours(text: str, week: WeekHours | None = OFFICE) -> WeekHours | None:
    """Return the week with these dates."""
    return with_exceptions(week, {each.day: each.quarters for each in parse_exceptions(text)})


def test_dates_are_read_in_order() -> None:
    text = "2026-12-31 open\n\n  2026-12-25 Closed  # Christmas Day \n"
    text += "2027-01-02 10:00-14:00,16:00-18:00"
    christmas, new_years_eve, second = parse_exceptions(text)
    assert (christmas.day, christmas.name) == (date(2026, 12, 25), "Christmas Day")
    assert format_quarters(christmas.quarters) == "closed"
    assert format_quarters(new_years_eve.quarters) == "open"
    assert format_quarters(second.quarters) == "10:00-14:00, 16:00-18:00"
    assert parse_exceptions("") == []


@pytest.mark.parametrize(
    "text,line,reason",
    [
        ("Christmas", 1, "begin with a date such as 2026-12-25"),
        ("25.12.2026 closed", 1, "begin with a date such as 2026-12-25"),
        ("2026-02-30 closed", 1, "begin with a date such as 2026-12-25"),
        ("2026-12-25closed", 1, "begin with a date such as 2026-12-25"),
        ("2026-12-25", 1, "write closed, open, or hours such as 10:00-14:00 after the date"),
        ("2026-12-25 # x", 1, "write closed, open, or hours such as 10:00-14:00 after the date"),
        ("2026-12-25 10:00-12:00,", 1, "write closed, open, or hours such as 10:00-14:00"),
        ("\n2026-12-25 shut", 2, "found 'shut' where hours belong"),
        ("2026-12-25 10:07-12:00", 1, "'10:07' is not on a quarter hour"),
        ("2026-12-25 22:00-02:00", 1, "'22:00-02:00' runs past midnight; end at 24:00"),
        ("2026-12-25 open\n2026-12-25 closed", 2, "2026-12-25 is on line 1 too; keep one"),
        ("x" * (MAX_CHARACTERS + 1), 1, "write at most 20,000 characters in all"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadExceptions) as refused:
        parse_exceptions(text)
    assert refused.value.line == line
    assert refused.value.reason.startswith(reason)
    assert str(refused.value).startswith(f"Line {line}: ")


@given(quarters=st.binary(min_size=96, max_size=96).map(lambda raw: bytes(b & 1 for b in raw)))
def test_what_is_written_is_read_back(quarters: bytes) -> None:
    (read,) = parse_exceptions(f"2026-12-25 {format_quarters(quarters)}")
    assert read.quarters == quarters


def test_a_date_stands_for_its_whole_day() -> None:
    nights = hours("2026-03-11 closed\n2026-03-12 open", NIGHT)
    assert nights is not None
    wednesday, thursday = date(2026, 3, 11), date(2026, 3, 12)
    assert not any(nights.on(wednesday))  # nor what is left of Tuesday's night
    assert all(nights.on(thursday))
    assert nights.on(date(2026, 3, 13)) == NIGHT.on(date(2026, 3, 13))


@pytest.mark.parametrize(
    "text,week,at,opens",
    [
        ("2026-03-10 closed", OFFICE, "2026-03-10 10:00", "2026-03-11 09:00"),
        ("2026-03-10 12:00-13:00", OFFICE, "2026-03-10 10:00", "2026-03-10 12:00"),
        ("2026-03-10 12:00-13:00", OFFICE, "2026-03-10 12:30", "2026-03-10 12:30"),
        ("2026-03-10 08:00-09:00", OFFICE, "2026-03-10 10:00", "2026-03-11 09:00"),
        ("2026-03-14 10:00-12:00", OFFICE, "2026-03-13 18:00", "2026-03-14 10:00"),
        ("2026-03-16 closed\n2026-03-17 open", OFFICE, "2026-03-13 18:00", "2026-03-17 00:00"),
        ("2026-03-10 closed", None, "2026-03-10 10:00", "2026-03-11 00:00"),
        ("2026-03-11 closed", None, "2026-03-10 10:00", "2026-03-10 10:00"),
        # Clocks go forward at 02:00: that hour never opens.
        ("2026-03-29 02:00-03:00", OFFICE, "2026-03-29 00:00", "2026-03-30 09:00"),
        ("2026-03-29 02:00-03:15", OFFICE, "2026-03-29 00:00", "2026-03-29 03:00"),
    ],
)
def test_the_next_opening_knows_of_dates(
    text: str, week: WeekHours | None, at: str, opens: str
) -> None:
    excepted = hours(text, week)
    assert excepted is not None
    found = excepted.next_opening(an_instant(at, "Europe/Paris"), PARIS)
    assert found == an_instant(opens, "Europe/Paris")


def test_what_opens_on_one_date_alone_is_waited_for() -> None:
    never = WeekHours(week=bytes(672))
    later = hours("2026-05-01 open", never)
    assert later is not None
    assert later.next_opening(an_instant("2026-03-10 10:00"), UTC) == an_instant("2026-05-01 00:00")
    assert later.next_opening(an_instant("2026-05-02 00:00"), UTC) is None
    assert later.next_closing(an_instant("2026-05-01 10:00"), UTC) == an_instant("2026-05-02 00:00")


@given(
    days=st.dictionaries(
        st.dates(date(2026, 3, 26), date(2026, 4, 2)),
        st.sampled_from(["closed", "open", "00:00-02:30", "01:45-03:00", "23:45-24:00"]),
        min_size=1,
    ),
    week=st.sampled_from([None, OFFICE, NIGHT]),
    quarters=st.integers(0, 700),
)
def test_the_next_opening_is_the_first_open_quarter(
    days: dict[date, str], week: WeekHours | None, quarters: int
) -> None:
    excepted = hours("\n".join(f"{day} {text}" for day, text in days.items()), week)
    assert excepted is not None
    at = an_instant("2026-03-26 00:00") + quarters * QUARTER
    assert excepted.next_opening(at, PARIS) == first_open(excepted, at)


def first_open(hours: WeekHours, at: datetime) -> datetime:
    """Look at quarter after quarter."""
    while not hours.is_open(PARIS.slot(at), PARIS.day(at)):
        at += QUARTER
    return at


def test_one_open_schedule_opens_all() -> None:
    both = any_of([OFFICE, NIGHT])
    assert both is not None
    assert both.format() == "Mon-Fri 09:00-17:00, 22:00-04:00; Sat-Sun 22:00-04:00"
    assert any_of([OFFICE, None]) is None
    assert any_of([]) is None
    assert any_of([OFFICE]) == OFFICE


def test_one_schedule_that_is_open_on_a_date_opens_it_for_all() -> None:
    both = any_of([hours("2026-03-10 closed\n2026-03-14 10:00-12:00"), NIGHT])
    assert both is not None
    assert both.on(date(2026, 3, 10)) == NIGHT.on(date(2026, 3, 10))
    assert format_quarters(both.on(date(2026, 3, 14))) == "00:00-04:00, 10:00-12:00, 22:00-24:00"
    closed = any_of([hours("2026-03-10 closed", None)])
    assert closed is not None
    assert not any(closed.on(date(2026, 3, 10)))
    assert not closed.always_open
    assert any_of([hours("2026-03-10 closed", None), None]) is None
