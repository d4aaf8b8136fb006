"""Being told that something waits: in the evening, once, not in quiet hours, and not what was read."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from conftest import Acting, SignedIn
from wayhouse.conversations import writing
from wayhouse.conversations.models import Circle
from wayhouse.conversations.reading import own_group, space_of
from wayhouse.conversations.telling import is_time, tell_news
from wayhouse.conversations.tests.conftest import Begin
from wayhouse.groups.models import Group
from wayhouse.notices.models import Notice
from wayhouse.people import actions as people
from wayhouse.people.models import Belonging, Person, Role

# Six in the evening in Berlin.
EVENING = datetime(2030, 7, 2, 16, 5, tzinfo=UTC)


def told() -> set[object]:
    return set(Notice.objects.values_list("person_id", flat=True))


def test_everybody_with_something_new_is_told_once_in_the_evening(
    acting: Acting, ana: Person, bo: Person, cass: Person, eli: Person, dee: Person, begin: Begin
) -> None:
    with time_machine.travel(EVENING.replace(hour=9), tick=False):
        begin(cass, "Good morning.")
        assert (tell_news(), told()) == (0, set())
    with time_machine.travel(EVENING, tick=False):
        with acting(eli):
            group = own_group(eli, Group.objects.get().pk)
            assert group is not None
            space_of(group, eli)
        # Eli has read it, Cass wrote it, and of Ana and Dee it is no business.
        assert (tell_news(), told(), tell_news()) == (1, {bo.pk}, 0)
        assert {str(cass.pk), str(bo.pk), "Good"}.isdisjoint(Notice.objects.get().once.split(":"))


def test_a_break_is_told_nothing_and_quiet_hours_hold_it_back(
    acting: Acting, bo: Person, cass: Person, tuesday: Group, begin: Begin
) -> None:
    begin(bo, "Hello.")
    writing.set_quiet_hours(tuesday, (17, 20), actor=bo)
    with time_machine.travel(EVENING, tick=False):
        assert tell_news() == 0
    with time_machine.travel(EVENING.replace(hour=18), tick=False):
        people.pause(cass, actor=cass)
        assert tell_news() == 0
        people.come_back(cass, actor=cass)
        assert (tell_news(), told()) == (1, {cass.pk})


def test_whoever_is_no_member_any_more_has_no_key_and_is_told_nothing(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, tuesday: Group, begin: Begin
) -> None:
    people.give_role(cass, Role.Kind.PARTNER, actor=ana)
    people.end_role(cass.roles.get(kind=Role.Kind.MEMBER), actor=ana)
    thread = begin(bo, "Hello.")
    with time_machine.travel(EVENING, tick=False):
        assert (tell_news(), told()) == (0, set())
    for scope in (tuesday.scope_id, thread.scope_id):
        assert not Belonging.objects.filter(scope=scope, person=cass).exists()
    gone = Person.objects.get(pk=cass.pk)
    assert signed_in(gone).get(reverse("conversations:circle", args=[tuesday.pk])).status_code == 404


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        ((None, None), {18, 19, 20, 21}),
        ((22, 7), {18, 19, 20, 21}),
        ((17, 20), {20, 21, 22, 23}),
        ((20, 21), {18, 19, 21}),
        ((17, 7), {7, 8, 9, 10}),
    ],
)
def test_the_hours_in_which_people_are_told(quiet: tuple[int | None, int | None], hours: set[int]) -> None:
    circle = Circle(quiet_from=quiet[0], quiet_until=quiet[1])
    assert {hour for hour in range(24) if is_time(circle, datetime(2030, 7, 2, hour, tzinfo=UTC))} == hours
