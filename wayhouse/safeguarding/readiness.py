"""Whether a programme may open groups, as far as safety goes; written into the small table of the room `groups`."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from wayhouse.core import clock
from wayhouse.core.help import numbers
from wayhouse.groups.models import OpeningConditions
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding.answering import ROTA_AHEAD, rota_until
from wayhouse.safeguarding.calls import delivered_ways
from wayhouse.safeguarding.models import Appointment, Call, Drill, OnCall, Safety
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.reaching import WAYS_NEEDED, reachable
from wayhouse.safeguarding.times import zone_of

# A letter that was being sent when somebody answered is marked within minutes.
_UNDER_WAY = timedelta(hours=1)


def refresh(programme: Programme) -> OpeningConditions:
    """Look at everything anew. Days that pass are counted where a group is opened."""
    held = Appointment.objects.current().filter(person__programme=programme)
    posts = set(held.values_list("post", flat=True))
    count_deliveries(programme)
    shown = Drill.objects.shown().filter(programme=programme)
    drilled = shown.order_by("-arrived_at").first()
    today = clock.now().astimezone(zone_of(programme)).date()
    found, _made = OpeningConditions.objects.update_or_create(
        programme=programme,
        defaults={
            "has_lead": Post.LEAD in posts,
            "has_deputy": Post.DEPUTY in posts,
            "rota_until": rota_until(programme, today),
            "can_be_paged": not unpaged(programme, today),
            "has_numbers": any(number.country == settings.WAYHOUSE_COUNTRY for number in numbers.every()),
            "drilled_on": drilled.arrived_at.date() if drilled and drilled.arrived_at else None,
        },
    )
    return found


def unpaged(programme: Programme, today: date) -> set[UUID]:
    """Ids of those on call in the next four weeks who cannot be paged on two ways now."""
    days = OnCall.objects.filter(programme=programme, day__gte=today, day__lt=today + ROTA_AHEAD)
    people = list(Person.objects.filter(pk__in=days.values("person")))
    return {person.pk for person in people} - reachable(people, ways=WAYS_NEEDED)


def count_deliveries(programme: Programme) -> None:
    """On how many ways the calls of the last drills were delivered; some were under way when somebody answered."""
    lately = Drill.objects.filter(programme=programme, ways=0, arrived_at__gt=clock.now() - _UNDER_WAY)
    for drill in lately.select_related("concern"):
        made = Call.objects.filter(concern=drill.concern_id, person=drill.concern.held_by_id, at__lte=drill.arrived_at)
        drill.ways = len(delivered_ways(made))
        drill.save(update_fields=["ways"])


def refresh_all() -> int:
    """The same for every programme, since roles end in other rooms; how many. Needs nobody's key."""
    programmes = [safety.programme for safety in Safety.objects.select_related("programme")]
    for programme in programmes:
        refresh(programme)
    return len(programmes)
