"""What a programme without a group has to do first, in the order in which one thing needs the other."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from wayhouse.core.prepared import prepared
from wayhouse.groups.models import Cycle, Venue
from wayhouse.groups.opening import lacking_to_open
from wayhouse.people.models import Person, Programme, Role


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where; `state` is "past", "now" or "ahead"."""

    title: str
    text: str
    action: str
    url: str
    state: str


def first_steps(programme: Programme) -> list[Step]:
    """Every step; the first one that is not done is the one for now. Two queries."""
    ((has_people, has_places, has_cycle),) = _there(programme=programme.pk)
    done = [has_people, has_places, not lacking_to_open(programme), has_cycle, False]
    now = done.index(False)
    states = ["past" if is_done else "now" if place == now else "ahead" for place, is_done in enumerate(done)]
    return [Step(*words, state) for words, state in zip(_words(), states, strict=True)]


@prepared
def _there(programme: UUID) -> "QuerySet[Programme, tuple[Any, ...]]":
    members = Person.objects.with_role(Role.Kind.MEMBER).filter(programme=programme)
    places = Venue.objects.filter(programme=programme, in_use=True)
    cycles = Cycle.objects.filter(programme=programme).exclude(state=Cycle.State.ENDED)
    return Programme.objects.filter(pk=programme).values_list(Exists(members), Exists(places), Exists(cycles))


def _words() -> list[tuple[str, str, str, str]]:
    return [
        (
            _("Who takes part"),
            _("Take in a table with everybody, or add people one by one."),
            _("Take in a table"),
            reverse("people:roster_import"),
        ),
        (
            _("Where groups can meet"),
            _("At least one place or online room, with the times at which it is free."),
            _("Places"),
            reverse("groups:venues"),
        ),
        (
            _("Who answers when somebody is in danger"),
            _("No group opens before somebody can be reached at every hour. The page says what is missing."),
            _("Who answers"),
            reverse("safeguarding:posts"),
        ),
        (
            _("Begin a cycle"),
            _("A cycle begins with a pack from the library: its evenings, their guides and the first week."),
            _("Open the library"),
            reverse("blueprints:packs"),
        ),
        (
            _("Form the groups"),
            _("They are proposed with reasons; you change what you like, and accept it. Then the rota is drawn up."),
            _("Open the cycle"),
            reverse("groups:cycles"),
        ),
    ]
