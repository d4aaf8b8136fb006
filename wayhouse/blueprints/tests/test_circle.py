"""After its cycle a group goes on as an open circle: members and space go along, earlier evenings stay as they were."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from conftest import Acting, SignedIn, next_monday
from wayhouse.audit.models import AuditLeaf
from wayhouse.blueprints.actions import open_circle
from wayhouse.blueprints.pack import shipped, with_circle
from wayhouse.groups.models import Cycle, Group, OpeningConditions, Seat
from wayhouse.groups.opening import NotReady
from wayhouse.groups.refusals import Outdated
from wayhouse.groups.resting import rests
from wayhouse.meetings import ending
from wayhouse.meetings.models import EveningCard, Meeting
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.notices.models import Notice
from wayhouse.people.models import Belonging, Person, Role

PACK = shipped("twelve-evenings")


def is_over(meeting: Meeting) -> None:
    """Its cycle has ended; the worker did not come to the keys yet."""
    Meeting.objects.filter(group=meeting.group).update(starts_at="2026-01-06T18:30Z", ends_at="2026-01-06T20:00Z")
    Cycle.objects.update(state=Cycle.State.ENDED)


def begins_again(acting: Acting, ana: Person, circle: Cycle, group: Group) -> None:
    """When a circle is over, its group goes on in another one; and in none where nobody would answer."""
    over = circle.ends_on + timedelta(days=3)
    with time_machine.travel(over - timedelta(days=1)):
        assert ending.end_cycles() == 0
    with time_machine.travel(over):
        assert ending.end_cycles() == 1
        circle.refresh_from_db()
        monday = over - timedelta(days=over.weekday()) + timedelta(weeks=1)
        with acting(ana):
            again = open_circle(circle, [group.pk], PACK, monday, language="de", actor=ana)
            assert len(plan_meetings(again, actor=ana)) == 6
    OpeningConditions.objects.all().delete()
    Cycle.objects.update(state=Cycle.State.ENDED)
    again.refresh_from_db()
    with acting(ana), pytest.raises(NotReady):
        open_circle(again, [group.pk], PACK, next_monday(), language="en", actor=ana)


def test_a_group_goes_on_with_its_members_and_without_whoever_led(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    first = next_monday()
    group, ended = meeting.group, meeting.cycle
    page, chosen = f"/library/circles/{ended.pk}/", {"groups": [str(group.pk)], "starts_on": first.isoformat()}
    # It runs: there is no such page, and no such act.
    assert signed_in(ana).get(page).status_code == 404
    with acting(ana), pytest.raises(PermissionDenied):
        open_circle(ended, [group.pk], PACK, first, language="en", actor=ana)
    is_over(meeting)
    ended.refresh_from_db()
    assert {signed_in(one).get(page).status_code for one in (bo, cass)} == {404}
    desk = signed_in(ana)
    assert page in desk.get(f"/groups/{group.pk}/").content.decode()
    assert page in desk.get(f"/groups/cycles/{ended.pk}/").content.decode()
    assert "Kestrel" in desk.get(page).content.decode()
    assert desk.post(page, chosen).status_code == 302
    circle = Cycle.objects.exclude(pk=ended.pk).get()
    assert (circle.title, circle.weeks, circle.every, circle.state) == ("Open circle", 6, 2, Cycle.State.STAFFING)
    # Pressed twice, or by two: the group does not wait there any more, and nothing is left half done.
    assert desk.post(page, chosen).status_code == 200
    with acting(ana), pytest.raises(Outdated):
        open_circle(ended, [group.pk], PACK, first, language="en", actor=ana)
    assert Cycle.objects.count() == 2
    # Members are told in no words; whoever led sits there no more, whatever the worker has come to.
    assert list(Notice.objects.values_list("person_id", "kind")) == [(cass.pk, "changed")]
    told = signed_in(cass).get("/groups/mine/").content.decode()
    assert "your group meets every 2 weeks" in told
    assert "nobody asks why" in told
    assert list(Seat.objects.current().values_list("person", flat=True)) == [cass.pk]
    assert signed_in(bo).get(f"/groups/{group.pk}/").status_code == 404
    with acting(cass):
        assert Group.objects.select_related("item").get().name == "Kestrel"
    assert AuditLeaf.objects.filter(kind="group.went_on").count() == 1


def test_evenings_of_a_circle_and_those_before_it(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, meeting: Meeting
) -> None:
    first, group, ended = next_monday(), meeting.group, meeting.cycle
    is_over(meeting)
    ended.refresh_from_db()
    with acting(ana):
        circle = open_circle(ended, [group.pk], PACK, first, language="en", actor=ana)
    # The keys of the evenings that were go as they would have, and what they were about stays.
    assert Belonging.objects.filter(scope__meeting__cycle=ended).exists()
    assert ending.end_cycles() == 1
    assert not Belonging.objects.filter(scope__meeting__cycle=ended).exists()
    group.refresh_from_db()
    with acting(ana):
        made = sorted(plan_meetings(circle, actor=ana), key=lambda one: one.week)
        assert [(one.starts_at - made[0].starts_at).days for one in made] == [0, 14, 28, 42, 56, 70]
        assert plan_meetings(circle, actor=ana) == []
        assert made[0].starts_at.date() == first + timedelta(days=1)
        Seat.objects.update(since_on=first - timedelta(days=90))
        staff_meeting(made[0], {bo: ("Bo", Role.Kind.FACILITATOR)}, actor=ana)
    assert {one.guide_key for one in made} == {"open-circle"}
    with acting(ana):
        assert [one["newcomer"] for one in EveningCard.objects.get(meeting=made[0]).expected] == [False]
    assert not rests(group)
    assert ending.end_cycles() == 0
    assert Seat.objects.current().filter(person=bo).exists()
    assert "Open circle" in signed_in(cass).get("/evenings/").content.decode()
    assert "Arriving" in signed_in(cass).get(f"/evenings/{meeting.pk}/").content.decode()
    begins_again(acting, ana, circle, group)


def test_the_pack_says_how_a_group_goes_on() -> None:
    for key in ("twelve-evenings", "one-that-is-gone"):
        pack = with_circle(key)
        assert pack is not None
        assert pack.circle is not None
        assert all(pack.circle.guide in guides for guides in pack.guides.values())
