"""Whether somebody who answers can be called at every hour, as far as this house knows."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from wayhouse.core.prepared import prepared
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.courier import salts_of
from wayhouse.crypto.models import Shred
from wayhouse.notices.channels import is_set_up
from wayhouse.notices.kinds import Channel
from wayhouse.notices.models import ContactPlan, PushDevice
from wayhouse.people.models import Person
from wayhouse.safeguarding.calling import WAYS

# One that is dead must keep nobody from being paged.
WAYS_NEEDED = 2


def reachable(people: Iterable[Person], *, ways: int = 1) -> set[UUID]:
    """Ids of those who do not pause and agreed to be paged on so many ways that this house has. Needs nobody's key.

    Whether a telephone is on is not known here: a drill shows it.
    """
    awake = {person.pk for person in people if person.status == Person.Status.ACTIVE}
    here = {way for way in WAYS if is_set_up(way)}
    plans = _plans(people=tuple(awake)) if awake else []
    salts = salts_of(row.person_id for row in plans)
    return {row.person_id for row in plans if len(_ways_of(row, salts) & here) >= ways}


@prepared
def _plans(people: tuple[UUID, ...]) -> QuerySet[ContactPlan]:
    browsers = Exists(PushDevice.objects.filter(person_id=OuterRef("person_id")))
    return ContactPlan.objects.filter(person_id__in=people).annotate(has_browser=browsers)


def _ways_of(row: ContactPlan, salts: Mapping[UUID, Shred]) -> set[Channel]:
    try:
        plan = row.plan(salts)
    except CannotOpen:
        return set()
    agreed = set(plan.channels) if plan.paged else set()
    if not plan.may_stay:
        # Nothing may be left where others could find it, so that neither an e-mail nor a text goes.
        agreed &= {Channel.PUSH}
    return agreed if row.has_browser else agreed - {Channel.PUSH}  # type: ignore[attr-defined]  # annotated above
