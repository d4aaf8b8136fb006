"""The parts of the orientation talk, in the order in which they are talked about, each with what it is about."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wayhouse.arrivals.models import Step
from wayhouse.core.prepared import prepared
from wayhouse.people.models import Person

_ABOUT = {
    Step.Kind.VOLUNTARY: _("You come because you want to. You can pause or leave at any time and need no reason."),
    Step.Kind.CONFIDENTIAL: _("What you say stays in the room, with three limits that you hear before you say it."),
    Step.Kind.GROUND_RULES: _("What the group has agreed on, and that you may say where you disagree."),
    Step.Kind.SAFE_CONTACT: _("By which way, at which hours, and what may be said there. Or not at all."),
    Step.Kind.AVOID: _("You write the names yourself. Nobody reads them; you are only never put together."),
    Step.Kind.NEEDS: _("Interpreter, childcare, a way without stairs, the fare: so that it is there on the evening."),
    Step.Kind.LEAVING: _("What must not happen, and what would help you to stay if it did."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the talk; `done_on` is None as long as it is ahead."""

    kind: str
    label: str
    about: str
    done_on: date | None


@prepared
def _done(person: UUID) -> "QuerySet[Step, tuple[str, date]]":
    return Step.objects.filter(person=person).values_list("kind", "done_on")


def steps_of(person: Person) -> list[Part]:
    """All parts of the talk with somebody, in one query."""
    done = dict(_done(person=person.pk))
    return [Part(str(kind), str(kind.label), str(_ABOUT[kind]), done.get(kind)) for kind in Step.Kind]
