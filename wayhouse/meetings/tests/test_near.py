"""Whom a member can show their safety plan: who leads their group, and mentors who accompany it."""

from conftest import Acting
from wayhouse.crypto.sealed import open_all
from wayhouse.meetings.models import Meeting
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import SafetyPlan
from wayhouse.safeguarding.safety_plan import writing
from wayhouse.safeguarding.safety_plan.near import near


def test_a_mentor_of_ones_evenings_can_be_shown_the_plan(
    acting: Acting, ana: Person, bo: Person, cass: Person, dee: Person, max: Person, meeting: Meeting
) -> None:
    assert [row.person for row in near(cass)] == [bo]
    staff = {bo: ("Bo", Role.Kind.FACILITATOR), max: ("Max", Role.Kind.MENTOR)}
    with acting(ana):
        staff_meeting(meeting, staff, actor=ana)
    with acting(cass):
        rows = near(cass)
        open_all(rows)
        assert {row.name: row.person for row in rows} == {"Bo": bo, "Max": max}
        writing.show_plan(writing.write_plan({"signs": "I stop sleeping"}, actor=cass), max, "Max", actor=cass)
    with acting(max):
        assert [plan.signs for plan in SafetyPlan.objects.shown_to(max)] == ["I stop sleeping"]
    assert near(dee) == []
