"""Days, months and quarter hours of a brand's own zone (T1, T2)."""

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.rules.clock import LocalClock, UnknownZone, month_of, next_month_of

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
AWKWARD_ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]
ALL_ZONES = sorted(available_timezones() - {"localtime", "Factory"})

zones = st.one_of(st.sampled_from(AWKWARD_ZONES), st.sampled_from(ALL_ZONES))
days = st.dates(date(2010, 1, 1), date(2037, 12, 31))
instants = st.datetimes(
    datetime(2010, 1, 1),  # noqa: DTZ001 - Hypothesis takes naive bounds and adds the zone
    datetime(2037, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def utc(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Zones


def test_a_zone_is_known_by_its_iana_name() -> None:
    assert LocalClock.of("Europe/Paris").zone.key == "Europe/Paris"


def test_the_clock_of_a_zone_is_made_once() -> None:
    assert LocalClock.of("Europe/Paris") is LocalClock.of("Europe/Paris")


def test_a_clock_survives_pickling() -> None:
    clock = LocalClock.of("Europe/Paris")
    assert pickle.loads(pickle.dumps(clock)) == clock  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "/",
        "Europe",
        "Europe/",
        "Europe/Pariss",
        "europe/paris",
        " Europe/Paris",
        "../../etc/passwd",
        "/usr/share/zoneinfo/Europe/Paris",
        "Europe/../Europe/Paris",
        "posix/Europe/Paris",
        "tzdata.zi",
        "localtime",
        "Factory",
        "+02:00",
        "Europe/Paris\0",
        "x" * 5_000,
        "\ud800",
        "Zürich",
    ],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        LocalClock.of(name)


def test_a_refused_zone_is_named_with_what_to_do() -> None:
    with pytest.raises(UnknownZone) as refusal:
        LocalClock.of("Paris")
    assert str(refusal.value) == (
        "'Paris' is not a time zone; use an IANA name such as Europe/Paris."
    )


@pytest.mark.parametrize("question", ["local", "day", "month", "slot", "next_day", "next_month"])
def test_an_instant_without_a_zone_is_refused(question: str) -> None:
    naive = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="aware"):
        getattr(LocalClock.of("UTC"), question)(naive)


def test_an_instant_may_come_in_any_zone() -> None:
    tokyo_morning = LocalClock.of("Asia/Tokyo").local(utc("2026-06-01T20:00"))
    assert LocalClock.of("America/New_York").day(tokyo_morning) == date(2026, 6, 1)


# Days

FIRST_INSTANTS = [
    # zone, local day, first instant in UTC, minutes until the next day
    ("UTC", "2026-06-01", "2026-06-01T00:00", 1440),
    ("Asia/Kathmandu", "2026-06-01", "2026-05-31T18:15", 1440),
    ("America/New_York", "2026-03-08", "2026-03-08T05:00", 1380),
    ("America/New_York", "2026-11-01", "2026-11-01T04:00", 1500),
    ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00", 1470),
    ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30", 1410),
    # midnight is missing: the clock jumps from 24:00 to 01:00
    ("Asia/Beirut", "2024-03-31", "2024-03-30T22:00", 1380),
    ("Africa/Cairo", "2024-04-26", "2024-04-25T22:00", 1380),
    ("America/Havana", "2024-03-10", "2024-03-10T05:00", 1380),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", 1380),
    # midnight comes twice: 01:00 goes back to 00:00
    ("America/Havana", "2024-11-03", "2024-11-03T04:00", 1500),
    # 24:00 goes back to 23:00 of the same day
    ("Asia/Beirut", "2024-10-26", "2024-10-25T21:00", 1500),
    ("Africa/Cairo", "2024-10-31", "2024-10-30T21:00", 1500),
    ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", 1500),
    # 00:01 goes back to 23:01 of the day before
    ("America/St_Johns", "2010-11-07", "2010-11-07T02:30", 1500),
    # 30 December 2011 never came
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00", 1440),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", 0),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00", 1440),
    # the clock jumped over midnight, from 23:30 to 00:30
    ("America/Toronto", "1919-03-31", "1919-03-31T04:30", 1410),
    # local mean time, before zones had whole hours
    ("America/New_York", "1850-01-01", "1850-01-01T04:56:02", 1440),
]


@pytest.mark.parametrize("zone, day, first, minutes", FIRST_INSTANTS)
def test_a_day_runs_from_its_first_instant_to_the_next_days(
    zone: str, day: str, first: str, minutes: int
) -> None:
    start, end = LocalClock.of(zone).day_bounds(date.fromisoformat(day))
    assert (start, end - start) == (utc(first), timedelta(minutes=minutes))


def test_a_day_starts_at_one_when_midnight_is_missing() -> None:
    cairo = LocalClock.of("Africa/Cairo")
    assert cairo.local(cairo.start_of(date(2024, 4, 26))).isoformat() == "2024-04-26T01:00:00+03:00"


def test_a_day_starts_at_the_first_midnight_when_there_are_two() -> None:
    havana = LocalClock.of("America/Havana")
    assert havana.local(havana.start_of(date(2024, 11, 3))).isoformat() == (
        "2024-11-03T00:00:00-04:00"
    )


def test_a_day_that_has_begun_goes_on_when_the_clock_goes_back_over_midnight() -> None:
    st_johns = LocalClock.of("America/St_Johns")
    second_2330 = utc("2010-11-07T03:00")
    assert st_johns.local(second_2330).isoformat() == "2010-11-06T23:30:00-03:30"
    assert st_johns.day(second_2330) == date(2010, 11, 7)


def test_the_next_day_starts_after_a_skipped_date() -> None:
    apia = LocalClock.of("Pacific/Apia")
    last_evening = utc("2011-12-30T09:59")
    assert apia.day(last_evening) == date(2011, 12, 29)
    assert apia.day(apia.next_day(last_evening)) == date(2011, 12, 31)


def test_the_next_day_of_a_days_first_instant_is_the_day_after() -> None:
    assert LocalClock.of("UTC").next_day(utc("2026-06-01T00:00")) == utc("2026-06-02T00:00")


@settings(max_examples=400)
@given(zone=zones, day=days)
def test_days_tile_time(zone: str, day: date) -> None:
    clock = LocalClock.of(zone)
    start, end = clock.day_bounds(day)
    assert start <= end
    assert end == clock.start_of(day + DAY)
    if start < end:
        assert clock.day(start) == day
        assert clock.day(end - MICROSECOND) == day
        assert clock.day(start - MICROSECOND) < day


@settings(max_examples=400)
@given(zone=zones, day=days)
def test_the_instant_before_a_day_shows_an_earlier_date(zone: str, day: date) -> None:
    clock = LocalClock.of(zone)
    start = clock.start_of(day)
    assert clock.local(start - MICROSECOND).date() < day <= clock.local(start).date()


def test_the_first_instant_holds_on_every_day_of_the_awkward_zones() -> None:
    for clock in map(LocalClock.of, AWKWARD_ZONES):
        for day in (date(2010, 1, 1) + n * DAY for n in range(28 * 365)):
            start = clock.start_of(day)
            assert clock.local(start - MICROSECOND).date() < day <= clock.local(start).date()


@settings(max_examples=400)
@given(zone=zones, at=instants)
def test_every_instant_belongs_to_the_day_that_holds_it(zone: str, at: datetime) -> None:
    clock = LocalClock.of(zone)
    start, end = clock.day_bounds(clock.day(at))
    assert start <= at < end


@settings(max_examples=400)
@given(zone=zones, at=instants)
def test_the_next_day_and_month_are_later_and_new(zone: str, at: datetime) -> None:
    clock = LocalClock.of(zone)
    next_day, next_month = clock.next_day(at), clock.next_month(at)
    assert at < next_day <= next_month
    assert next_day.tzinfo is next_month.tzinfo is UTC
    assert clock.day(next_day - MICROSECOND) == clock.day(at) < clock.day(next_day)
    assert clock.month(next_month - MICROSECOND) == clock.month(at) < clock.month(next_month)


# Months


def test_a_month_belongs_to_the_local_date() -> None:
    at = utc("2026-06-01T03:00")
    assert LocalClock.of("America/New_York").month(at) == date(2026, 5, 1)


def test_a_month_starts_at_the_first_local_midnight() -> None:
    new_york = LocalClock.of("America/New_York")
    assert new_york.next_month(utc("2026-12-31T12:00")) == utc("2027-01-01T05:00")


@pytest.mark.parametrize(
    "day, first, following",
    [
        ("2026-01-31", "2026-01-01", "2026-02-01"),
        ("2028-02-29", "2028-02-01", "2028-03-01"),
        ("2026-12-01", "2026-12-01", "2027-01-01"),
    ],
)
def test_a_month_is_named_by_its_first_day(day: str, first: str, following: str) -> None:
    assert month_of(date.fromisoformat(day)) == date.fromisoformat(first)
    assert next_month_of(date.fromisoformat(day)) == date.fromisoformat(following)


# Quarters of the week


@pytest.mark.parametrize(
    "at, slot",
    [
        ("2026-06-01T00:00", 0),
        ("2026-06-01T00:14:59.999999", 0),
        ("2026-06-01T00:15", 1),
        ("2026-06-02T00:00", 96),
        ("2026-06-07T23:59", 671),
    ],
)
def test_the_week_is_counted_in_quarters_from_monday(at: str, slot: int) -> None:
    assert LocalClock.of("UTC").slot(utc(at)) == slot


def test_a_repeated_hour_has_the_same_quarters_twice() -> None:
    new_york = LocalClock.of("America/New_York")
    first, second = utc("2026-11-01T05:30"), utc("2026-11-01T06:30")
    assert new_york.slot(first) == new_york.slot(second) == 6 * 96 + 6


def test_a_skipped_hour_has_no_quarters() -> None:
    new_york = LocalClock.of("America/New_York")
    before, after = utc("2026-03-08T06:59"), utc("2026-03-08T07:00")
    assert (new_york.slot(before), new_york.slot(after)) == (6 * 96 + 7, 6 * 96 + 12)


def test_the_wall_clock_moves_on_by_quarters() -> None:
    at = utc("2026-06-01T10:07:30.5")
    assert LocalClock.of("UTC").after_quarters(at, 2) == utc("2026-06-01T10:30")


def test_a_change_of_offset_stops_the_wall_clock_from_moving_on() -> None:
    at = utc("2026-03-07T12:00")
    assert LocalClock.of("America/New_York").after_quarters(at, 200) == utc("2026-03-08T07:00")
