from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wayhouse.notices.hours import Hours

EVENINGS = Hours(time(18), time(21), (1, 3), "Europe/Berlin")
TUESDAY = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_inside_of_the_hours_it_is_now() -> None:
    at = datetime(2026, 12, 1, 17, 30, tzinfo=UTC)  # 18:30 in Berlin
    assert EVENINGS.next_moment(at) == at


def test_outside_it_is_the_next_beginning() -> None:
    assert EVENINGS.next_moment(TUESDAY) == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert EVENINGS.next_moment(TUESDAY + timedelta(hours=8)) == datetime(2026, 12, 3, 17, tzinfo=UTC)


def test_an_hour_of_summer_is_the_hour_on_the_wall() -> None:
    saturday = datetime(2027, 3, 27, 20, tzinfo=UTC)
    sunday = Hours(time(9), time(10), (6,), "Europe/Berlin").next_moment(saturday)
    assert sunday == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_a_night_ends_on_the_day_after() -> None:
    night = Hours(time(22), time(2), (0,), "UTC")
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)  # Tuesday, one o'clock: still Monday's night
    assert night.next_moment(at) == at
    assert night.next_moment(at + timedelta(hours=1)) == datetime(2026, 12, 7, 22, tzinfo=UTC)


def test_the_same_time_twice_is_the_whole_day_and_no_day_is_never() -> None:
    assert Hours(time(9), time(9), zone="UTC").next_moment(TUESDAY) == TUESDAY
    assert Hours(days=()).next_moment(TUESDAY) is None


@given(
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sets(st.integers(0, 6), min_size=1),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_what_comes_next_lies_in_the_hours_and_stays(start: time, end: time, days: set[int], at: datetime) -> None:
    hours = Hours(start, end, tuple(days), "Europe/Berlin")
    found = hours.next_moment(at)
    assert found is not None
    assert at <= found <= at + timedelta(days=8)
    assert hours.next_moment(found) == found
