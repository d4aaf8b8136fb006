"""Whether somebody who answers can be called at every hour, as far as this house knows."""

from collections.abc import Iterable
from uuid import UUID

from wayhouse.crypto.box import CannotOpen
from wayhouse.notices.channels import is_set_up
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import ContactPlan, PushDevice
from wayhouse.people.models import Person
from wayhouse.safeguarding.calling import WAYS


def reachable(people: Iterable[Person]) -> set[UUID]:
    """Ids of those who do not pause and agreed to be paged on a way that this house has. Needs nobody's key.

    Whether a telephone is on is not known here: a drill shows it.
    """
    awake = {person.pk for person in people if person.status == Person.Status.ACTIVE}
    ways = {way for way in WAYS if is_set_up(way)}
    browsers: set[UUID] = set()
    if Channel.PUSH in ways:
        browsers = set(PushDevice.objects.filter(person_id__in=awake).values_list("person_id", flat=True))
    plans = ContactPlan.objects.filter(person_id__in=awake)
    return {plan.person_id for plan in plans if _ways_of(plan, has_browser=plan.person_id in browsers) & ways}


def _ways_of(row: ContactPlan, *, has_browser: bool) -> set[Channel]:
    try:
        plan = row.plan()
    except CannotOpen:
        return set()
    agreed = set(plan.channels) if plan.paged else set()
    return agreed if has_browser else agreed - {Channel.PUSH}
