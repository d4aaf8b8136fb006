"""Evenings that a member missed without a word, as a reason to ask their mentor for a hello. Practice handbook 2.1 d.

Read where it is needed and written nowhere: no number is kept, and nobody is told which evenings they were.
"""

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils import timezone

from wayhouse.groups.models import Seat
from wayhouse.meetings.continuity import MISSED_BEFORE_HELLO, would_welcome_hello
from wayhouse.meetings.forgetting import CAME
from wayhouse.meetings.models import Answer, Attendance
from wayhouse.people.models import Person


def missed_lately(member: Person, heard_on: date, since: date) -> bool:
    """Whether the member's last two evenings, of groups in which they sit now, were missed without a word.

    Both after the day on which they were last heard of and not before they last came back, the latter after `since`.
    Somebody who said beforehand that they would not come was heard of. Evenings beside which no name stands, because
    somebody did not say yes to that, are not known here.
    """
    mine = Seat.objects.current().members().filter(person=member).values("group")
    excused = Answer.objects.filter(meeting=OuterRef("meeting"), person=member, coming=False)
    marks = Attendance.objects.filter(person=member, meeting__group__in=mine).annotate(excused=Exists(excused))
    rows = marks.order_by("-meeting__starts_at", "-pk").values_list("meeting__starts_at", "presence", "excused")
    found = [(timezone.localdate(at), mark in CAME or said) for at, mark, said in rows[:MISSED_BEFORE_HELLO]]
    counted = [came for day, came in found if day > heard_on and day >= member.status_on]
    return would_welcome_hello(counted) and found[0][0] > since
