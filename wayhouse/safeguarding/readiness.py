"""Whether a programme may open groups, as far as safety goes; written into the small table of the room `groups`."""

from django.conf import settings

from wayhouse.core import clock
from wayhouse.core.help import numbers
from wayhouse.groups.models import OpeningConditions
from wayhouse.people.models import Programme
from wayhouse.safeguarding.answering import rota_until
from wayhouse.safeguarding.models import Appointment, Drill, Safety
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.times import zone_of


def refresh(programme: Programme) -> OpeningConditions:
    """Look at everything anew. Days that pass are counted where a group is opened."""
    held = Appointment.objects.current().filter(person__programme=programme)
    posts = set(held.values_list("post", flat=True))
    drilled = Drill.objects.filter(programme=programme).exclude(arrived_at=None).order_by("-arrived_at").first()
    today = clock.now().astimezone(zone_of(programme)).date()
    found, _made = OpeningConditions.objects.update_or_create(
        programme=programme,
        defaults={
            "has_lead": Post.LEAD in posts,
            "has_deputy": Post.DEPUTY in posts,
            "rota_until": rota_until(programme, today),
            "has_numbers": any(number.country == settings.WAYHOUSE_COUNTRY for number in numbers.every()),
            "drilled_on": drilled.arrived_at.date() if drilled and drilled.arrived_at else None,
        },
    )
    return found


def refresh_all() -> int:
    """The same for every programme, since roles end in other rooms; how many. Needs nobody's key."""
    programmes = [safety.programme for safety in Safety.objects.select_related("programme")]
    for programme in programmes:
        refresh(programme)
    return len(programmes)
