"""The schedule language (H1) and its hours on the local wall clock (T2)."""

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from budgets.rules.clock import LocalClock
from budgets.rules.hours import MAX_CHARACTERS, BadHours, WeekHours

MINUTE = timedelta(minutes=1)
OFFICE = WeekHours.parse("Mon-Fri 09:00-17:30")


def utc(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_hours(text: str) -> set[tuple[int, int]]:
    """Return (day, hour) of every whole hour that the text opens."""
    hours = WeekHours.parse(text)
    return {
        (day, hour)
        for day in range(7)
        for hour in range(24)
        if all(hours.is_open(day * 96 + hour * 4 + quarter) for quarter in range(4))
    }


def refusal(text: str) -> BadHours:
    """Return how the text is refused."""
    with pytest.raises(BadHours) as refused:
        WeekHours.parse(text)
    return refused.value


def a_week(stretches: list[tuple[int, int]]) -> WeekHours:
    """Build a week that is open for each (first quarter, quarters)."""
    week = bytearray(672)
    for first, length in stretches:
        for quarter in range(first, first + length):
            week[quarter % 672] = 1
    return WeekHours(week=bytes(week))


# Reading


def test_a_window_is_open_from_its_start_until_before_its_end() -> None:
    half_an_hour = WeekHours.parse("Mon 09:00-09:30")
    assert [slot for slot in range(672) if half_an_hour.is_open(slot)] == [36, 37]


def test_a_range_of_days_opens_each_of_them() -> None:
    assert open_hours("Mon-Fri 09:00-10:00") == {(day, 9) for day in range(5)}


def test_a_range_of_days_may_run_over_the_weekend() -> None:
    assert open_hours("Sat-Mon 09:00-10:00") == {(5, 9), (6, 9), (0, 9)}


def test_a_list_of_days_opens_each_of_them() -> None:
    assert open_hours("Mon,Wed, Fri-Sat 09:00-10:00") == {(0, 9), (2, 9), (4, 9), (5, 9)}


def test_a_window_past_midnight_belongs_to_the_day_it_starts_on() -> None:
    assert open_hours("Sat 22:00-02:00") == {(5, 22), (5, 23), (6, 0), (6, 1)}


def test_a_sunday_night_ends_on_monday() -> None:
    assert open_hours("Sun 23:00-01:00") == {(6, 23), (0, 0)}


def test_an_end_at_the_start_is_a_whole_day_later() -> None:
    assert WeekHours.parse("Mon 09:00-09:00").format() == "Mon 09:00-24:00; Tue 00:00-09:00"


def test_a_day_from_midnight_to_midnight_is_that_whole_day() -> None:
    assert WeekHours.parse("Mon 00:00-00:00") == WeekHours.parse("Mon 00:00-24:00")


def test_a_day_may_have_several_windows() -> None:
    assert open_hours("Mon 09:00-10:00, 14:00-15:00") == {(0, 9), (0, 14)}


def test_a_day_may_come_again() -> None:
    assert open_hours("Mon 09:00-10:00; Mon 14:00-15:00") == {(0, 9), (0, 14)}


def test_windows_that_overlap_merge() -> None:
    merged = WeekHours.parse("Mon 09:00-12:00, 11:00-13:00; Mon 13:00-14:00")
    assert merged.format() == "Mon 09:00-14:00"


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 09:00-17:30",
        "MONDAY-FRIDAY 9:00-17:30",
        "Mon–Fri 09:00–17:30",
        "  Mon - Fri   09:00 - 17:30  ",
        "Mon-Thurs 09:00-17:30;Fri 09:00-17:30;",
        "Mon-Thu 09:00-17:30\r\n\r\nFri 09:00-17:30\n",
        "; Mon,Tues,Wednesday,Thu,Fri 09:00-17:30 ;;",
        "Mon-Fri\t09:00-17:30",
    ],
)
def test_the_same_hours_may_be_written_in_many_ways(text: str) -> None:
    assert WeekHours.parse(text) == OFFICE


# Refusing


@pytest.mark.parametrize("text", ["", "   ", "\n", ";;\r\n ;"])
def test_blank_hours_are_refused(text: str) -> None:
    assert str(refusal(text)) == (
        "At character 1: write at least one window, for example Mon-Fri 09:00-17:30."
    )


@pytest.mark.parametrize(
    "text, position, reason",
    [
        ("Mo 09:00-10:00", 0, "'Mo' is not a day; write Mon, Tue,"),
        ("Mon-Foo 09:00-10:00", 4, "'Foo' is not a day"),
        ("Mon 09:00-10:00; Sonntag 9:00-10:00", 17, "'Sonntag' is not a day"),
        ("Mon,,Tue 09:00-10:00", 4, "found nothing where days belong"),
        ("Mon Tue 09:00-10:00", 0, "found 'Mon Tue' where days belong"),
        ("Mon: 09:00-10:00", 0, "found 'Mon:' where days belong"),
        ("09:00-10:00", 0, "found nothing where days belong; write days such as Mon-Fri"),
        ("Mon", 3, "found nothing where hours belong; write hours such as 09:00-17:30"),
        ("Mon-Fri 9am-5pm", 8, "found '9am-5pm' where hours belong"),
        ("Mon 09:00", 4, "found '09:00' where hours belong"),
        ("Mon 09:000-10:00", 4, "found '09:000-10:00' where hours belong"),
        ("Mon 09:00-10:00,", 16, "found nothing where hours belong"),
        ("Mon 09:00-10:00, Tue 09:00-10:00", 17, "';' before other days"),
        ("Mon 09:00-10:00 Tue 09:00-10:00", 4, "';' before other days"),
        ("Mon 09:10-10:00", 4, "'09:10' is not on a quarter hour; write minutes 00, 15, 30 or 45"),
        ("Mon 09:00 - 10:75", 12, "'10:75' is not on a quarter hour"),
        ("Mon 24:00-02:00", 4, "'24:00' is too late; start by 23:45 and end by 24:00"),
        ("Mon 23:00-24:15", 10, "'24:15' is too late"),
        ("Mon 99:00-10:00", 4, "'99:00' is too late"),
        ("Mon 09:00-10:00; <b>", 17, "found '<b>' where days belong"),
        ("Mon \N{ARABIC-INDIC DIGIT NINE}:00-10:00", 0, "where days belong"),
        ("Mon 09:00-10:00\0", 4, r"'09:00-10:00\x00'"),
    ],
)
def test_bad_text_is_refused_with_the_place_and_what_to_write(
    text: str, position: int, reason: str
) -> None:
    refused = refusal(text)
    assert refused.position == position
    assert reason in refused.reason


def test_a_refusal_counts_characters_from_one() -> None:
    assert str(refusal("Mon-Fri 09:10-17:30")) == (
        "At character 9: '09:10' is not on a quarter hour; write minutes 00, 15, 30 or 45."
    )


def test_a_long_piece_is_cut_in_the_refusal() -> None:
    assert "'" + "x" * 29 + "…'" in str(refusal("x" * 100))


def test_text_beyond_the_limit_is_refused() -> None:
    refused = refusal("Mon 09:00-10:00" + " " * MAX_CHARACTERS)
    assert refused.position == MAX_CHARACTERS


def test_a_refusal_survives_pickling() -> None:
    refused = refusal("Mo 09:00-10:00")
    assert str(pickle.loads(pickle.dumps(refused))) == str(refused)  # noqa: S301 - our own bytes


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text(alphabet="MonTueSat 0123459:-–,;\n", max_size=60))
def test_any_text_is_read_or_refused_inside_it(text: str) -> None:
    try:
        WeekHours.parse(text)
        position = 0
    except BadHours as refused:
        position = refused.position
    assert 0 <= position <= len(text)


# The week itself


@pytest.mark.parametrize(
    "week", [b"", b"\1" * 671, b"\1" * 673, b"\1" * 671 + b"\2", b"\1\2" * 336]
)
def test_bytes_that_are_no_week_are_refused(week: bytes) -> None:
    with pytest.raises(ValueError, match="week"):
        WeekHours(week=week)


def test_open_quarters_are_counted() -> None:
    assert OFFICE.open_quarters == 5 * 34


def test_a_week_without_a_closed_quarter_is_always_open() -> None:
    assert WeekHours.parse("Mon-Sun 00:00-24:00").always_open
    assert not WeekHours.parse("Mon-Sun 00:00-23:45").always_open


# Writing


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 09:00-17:30; Sat 22:00-02:00",
        "Mon-Fri 09:00-17:30; Sat 22:00-24:00; Sun 00:00-24:00",
        "Mon-Sun 00:00-24:00",
        "Mon-Sun 06:00-02:00",
        "Mon,Wed,Fri 09:00-12:00, 14:00-18:00",
        "Mon,Sat-Sun 10:00-16:00; Tue-Fri 09:00-17:00",
        "Fri 18:00-24:00; Sat-Sun 00:00-24:00",
        "Sun 22:00-02:00",
        "Mon 00:00-06:00; Sun 00:00-24:00",
        "Thu 23:45-23:30",
    ],
)
def test_hours_are_written_as_a_person_would(text: str) -> None:
    assert WeekHours.parse(text).format() == text


weeks = st.one_of(
    st.lists(st.tuples(st.integers(0, 671), st.integers(1, 300)), min_size=1, max_size=12).map(
        a_week
    ),
    st.integers(1, 2**672 - 1).map(
        lambda bits: WeekHours(week=bytes(bits >> n & 1 for n in range(672)))
    ),
)


@settings(max_examples=300)
@given(weeks)
@example(WeekHours(week=b"\1" * 672))
@example(WeekHours(week=b"\0" + b"\1" * 671))
@example(WeekHours(week=b"\1" * 671 + b"\0"))
@example(WeekHours(week=b"\0\1" * 336))
def test_written_hours_are_read_back_as_the_same_week(week: WeekHours) -> None:
    assert WeekHours.parse(week.format()) == week


def test_the_longest_hours_can_be_written_and_read_back() -> None:
    week = bytearray(b"\0\1" * 336)
    for day in range(7):
        # Days that differ cannot share their windows.
        week[day * 96 + day * 2 + 1] = 0
    longest = WeekHours(week=bytes(week))
    assert 4_000 < len(longest.format()) < MAX_CHARACTERS
    assert WeekHours.parse(longest.format()) == longest


day_names = st.sampled_from(["Mon", "tuesday", "Wed", "THU", "Fri", "saturday", "Sun"])
day_ranges = st.builds(
    lambda first, dash, last: first + dash + last, day_names, st.sampled_from("-–"), day_names
)
times = st.builds("{}:{}".format, st.integers(0, 23), st.sampled_from(["00", "15", "30", "45"]))
windows = st.builds(lambda start, end: f"{start}-{end}", times, times | st.just("24:00"))
clauses = st.builds(
    lambda days, hours: f"{','.join(days)} {', '.join(hours)}",
    st.lists(day_names | day_ranges, min_size=1, max_size=3),
    st.lists(windows, min_size=1, max_size=3),
)
texts = st.builds(
    lambda glue, parts: glue.join(parts),
    st.sampled_from([";", "; ", "\n"]),
    st.lists(clauses, min_size=1, max_size=5),
)


@settings(max_examples=300)
@given(texts)
def test_writing_what_was_read_settles_at_once(text: str) -> None:
    written = WeekHours.parse(text).format()
    assert WeekHours.parse(written) == WeekHours.parse(text)
    assert WeekHours.parse(written).format() == written


# The next edge


def test_open_hours_open_at_once() -> None:
    at = utc("2026-06-01T10:07:30")
    assert OFFICE.next_opening(at, LocalClock.of("UTC")) == at


def test_closed_hours_are_closed_at_once() -> None:
    at = utc("2026-06-01T08:07:30")
    assert OFFICE.next_closing(at, LocalClock.of("UTC")) == at


def test_the_next_opening_after_friday_is_monday() -> None:
    friday_evening = utc("2026-06-05T20:00")
    assert OFFICE.next_opening(friday_evening, LocalClock.of("Europe/Paris")) == utc(
        "2026-06-08T07:00"
    )


def test_hours_close_at_their_end() -> None:
    monday = utc("2026-06-01T10:07:30")
    assert OFFICE.next_closing(monday, LocalClock.of("Asia/Kathmandu")) == utc("2026-06-01T11:45")


def test_hours_that_are_always_open_never_close() -> None:
    always = WeekHours.parse("Mon-Sun 00:00-24:00")
    assert always.next_closing(utc("2026-06-01T10:00"), LocalClock.of("UTC")) is None


def test_an_edge_is_told_in_utc() -> None:
    tokyo = LocalClock.of("Asia/Tokyo")
    opening = OFFICE.next_opening(tokyo.local(utc("2026-06-01T03:00")), tokyo)
    assert opening is not None
    assert opening.tzinfo is UTC


def test_a_window_in_the_skipped_hour_opens_a_week_later() -> None:
    two_to_three = WeekHours.parse("Sun 02:00-03:00")
    saturday = utc("2026-03-07T12:00")
    assert two_to_three.next_opening(saturday, LocalClock.of("America/New_York")) == utc(
        "2026-03-15T06:00"
    )


def test_a_window_that_the_clock_jumps_into_opens_at_the_jump() -> None:
    half_past_two = WeekHours.parse("Sun 02:30-04:00")
    saturday = utc("2026-03-07T12:00")
    assert half_past_two.next_opening(saturday, LocalClock.of("America/New_York")) == utc(
        "2026-03-08T07:00"
    )


def test_a_window_in_the_repeated_hour_opens_twice() -> None:
    one_to_half_past = WeekHours.parse("Sun 01:00-01:30")
    new_york = LocalClock.of("America/New_York")
    first_end = one_to_half_past.next_closing(utc("2026-11-01T05:00"), new_york)
    assert first_end == utc("2026-11-01T05:30")
    assert one_to_half_past.next_opening(first_end, new_york) == utc("2026-11-01T06:00")


def test_half_an_hour_of_summer_time_moves_the_edge_by_half_an_hour() -> None:
    lord_howe = LocalClock.of("Australia/Lord_Howe")
    sunday_at_four = WeekHours.parse("Sun 04:00-05:00")
    assert sunday_at_four.next_opening(utc("2026-10-03T12:00"), lord_howe) == utc(
        "2026-10-03T17:00"
    )
    assert sunday_at_four.next_opening(utc("2026-09-26T12:00"), lord_howe) == utc(
        "2026-09-26T17:30"
    )


def test_a_skipped_day_never_opens() -> None:
    fridays = WeekHours.parse("Fri 00:00-24:00")
    thursday = utc("2011-12-30T09:00")
    assert fridays.next_opening(thursday, LocalClock.of("Pacific/Apia")) == utc("2012-01-05T10:00")


def test_an_edge_is_on_the_wall_clock_quarter_where_offsets_are_odd() -> None:
    new_york_in_local_mean_time = LocalClock.of("America/New_York")
    monday = utc("1850-01-07T12:00")
    assert OFFICE.next_opening(monday, new_york_in_local_mean_time) == utc("1850-01-07T13:56:02")


CHANGES = [
    # zone, an instant within a day of a change of its UTC offset
    ("America/New_York", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T06:00"),
    ("America/St_Johns", "2010-11-07T02:31"),
    ("America/Havana", "2024-11-03T05:00"),
    ("America/Sao_Paulo", "2018-11-04T03:00"),
    ("Africa/Cairo", "2024-04-25T22:00"),
    ("Africa/Casablanca", "2024-03-10T02:00"),
    ("Antarctica/Casey", "2010-03-04T15:00"),
    ("Asia/Beirut", "2024-10-26T21:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Pacific/Apia", "2011-12-30T10:00"),
]


def first_minute(
    at: datetime, holds: Callable[[datetime], bool], within: timedelta = timedelta(days=3)
) -> datetime | None:
    """Walk minute by minute to the first instant at which the condition holds."""
    minute = at.replace(second=0, microsecond=0)
    candidates = [at, *(minute + n * MINUTE for n in range(1, within // MINUTE))]
    return next((candidate for candidate in candidates if holds(candidate)), None)


@settings(max_examples=150)
@given(st.sampled_from(CHANGES), st.integers(-3 * 86_400, 86_400), weeks)
def test_edges_near_a_change_of_offset_are_those_a_walk_meets(
    change: tuple[str, str], seconds: int, week: WeekHours
) -> None:
    clock, at = LocalClock.of(change[0]), utc(change[1]) + timedelta(seconds=seconds)
    walked = first_minute(at, lambda t: week.is_open(clock.slot(t)))
    assert walked is None or week.next_opening(at, clock) == walked
    walked = first_minute(at, lambda t: not week.is_open(clock.slot(t)))
    assert walked is None or week.next_closing(at, clock) == walked


@settings(max_examples=300)
@given(
    st.sampled_from(CHANGES),
    st.integers(0, 30 * 365 * 86_400),
    weeks,
    st.integers(0, 1_000),
)
def test_hours_open_at_their_next_opening_and_not_before(
    change: tuple[str, str], seconds: int, week: WeekHours, thousandths: int
) -> None:
    clock, at = LocalClock.of(change[0]), utc("2007-01-01T00:00") + timedelta(seconds=seconds)
    opening = week.next_opening(at, clock)
    assert opening is not None
    assert opening >= at
    assert week.is_open(clock.slot(opening))
    between = at + (opening - at) * thousandths // 1_000
    assert between == opening or not week.is_open(clock.slot(between))
