"""Who can see this? For each kind of sealed thing about or around somebody, whoever holds the keys to it now."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Subquery, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from wayhouse.core import clock
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto.models import Membership
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting, Shift
from wayhouse.mentoring.models import Pair
from wayhouse.people.models import Person, WayBack
from wayhouse.people.readers import Readers, readers_of
from wayhouse.safeguarding.models import ConductStep, HalfKey

# Kinds of scopes that somebody opens with keys of their own, each shown under an anchor of the page.
OPENED = {
    "avoid": "avoid",
    "between": "between",
    "concern": "concern",
    "conduct": "step",
    "demand": "demand",
    "voice": "voice",
}
# Kinds that are found by what they belong to, since also those read of them who cannot open them.
FOUND = frozenset({"circle", "evening", "group", "pair", "personal", "placement", "plan", "plan-half", "way-back"})
# Kinds whose keys are not counted: who asks and answers without a name is nobody here, also as a number; notes of
# first contact, and where calls for safety go, are opened at the desk and belong to nobody with this page; who opened a
# safety plan in an emergency stands by role on a page of its own.
UNCOUNTED = frozenset({"break-glass", "contact", "exchange", "question", "safety"})


class Thing(NamedTuple):
    """One kind of thing: an anchor to link to, what it is called, what is in it, who can open it."""

    anchor: str
    name: str
    holds: str
    readers: Readers


def things_around(person: Person) -> list[Thing]:
    """Everything sealed that is about somebody, or that they can open themselves; nothing is opened for it.

    Three queries, and those of `readers_of`.
    """
    scopes = {anchor: ids for anchor, ids in _scopes_around(person).items() if ids}
    return [Thing(anchor, *_words(anchor), readers) for anchor, readers in readers_of(scopes, person).items()]


def _scopes_around(person: Person) -> dict[str, set[UUID]]:
    now = timezone.now()
    ((own, entry, vouched, plan),) = _about(person=person.pk, now=now)
    scopes = _groups(person=person.pk)
    holder = person.user.holder_id if person.user else person.pk
    pairs, evenings, halves, keys = _more(person=person.pk, now=now, today=clock.today(), holder=holder)
    opened: dict[str, set[UUID]] = {anchor: set() for anchor in OPENED.values()}
    for kind, scope in keys:
        opened[OPENED[kind]].add(scope)
    return {
        "own": {scope for scope in (own, vouched) if scope},
        "group": {group for group, _space in scopes},
        "space": {space for _group, space in scopes if space},
        "two": set(pairs),
        "evening": set(evenings),
        "plan": {plan} if plan else set(),
        "emergency": set(halves),
        "roster": {person.programme.placement_id} if entry or person.is_coordinator else set(),
        **opened,
    }


@prepared
def _about(person: UUID, now: datetime) -> "QuerySet[Any, tuple[Any, ...]]":
    # While two of the staff make a way back for somebody, their name lies open to those who may say who they are.
    back = WayBack.objects.open(now).filter(person=person).values("item__scope")
    about = Person.objects.filter(pk=person).annotate(back=Subquery(back, output_field=UUIDField()))
    return about.values_list("profile__item__scope", "roster_entry", "back", "safety_plan__item__scope")


@prepared
def _groups(person: UUID) -> "QuerySet[Group, tuple[UUID, UUID | None]]":
    return Group.objects.open().with_current_seat(person).values_list("scope", "circle__scope")


@prepared
def _evenings(person: UUID, now: datetime) -> "QuerySet[Meeting, UUID]":
    groups = Group.objects.open().with_current_seat(person)
    served = Shift.objects.in_force().filter(person=person).values("meeting")
    here = Q(group__in=groups) | Q(pk__in=served)
    return Meeting.objects.upcoming(now).filter(here).order_by().values_list("scope", flat=True)


@prepared
def _pairs(person: UUID, today: date) -> "QuerySet[Pair, UUID]":
    return Pair.objects.of(person).readable(today).values_list("scope", flat=True)


@prepared
def _halves(person: UUID) -> "QuerySet[HalfKey, UUID]":
    # One's own alone: whoever answers for safety holds halves of others, and must not learn how many there are.
    return HalfKey.objects.filter(copy__person=person).values_list("item__scope", flat=True)


@prepared
def _keys(person: UUID, holder: UUID) -> "QuerySet[Membership, tuple[str, UUID]]":
    held = Membership.objects.filter(holder=holder, scope__kind__in=sorted(OPENED))
    # The keys to a step are there before its second signature; whom it is about learns of it when they are told.
    untold = ConductStep.objects.filter(person=person, told_at=None).values("scope")
    return held.exclude(scope__in=untold).values_list("scope__kind", "scope")


_more = together(_pairs, _evenings, _halves, _keys)


def _words(anchor: str) -> tuple[str, str]:
    return {
        "own": (_("Your own keeping"), _("The name you chose. It also stands on the roster and in your groups.")),
        "group": (
            _("Your group"),
            _("The name of the group, the place, the chosen names of those in it, and who leads."),
        ),
        "space": (
            _("Your group's own space"),
            _("What you and the others write to the group."),
        ),
        "two": (
            _("Your threads of two"),
            _("What you and one other person write to each other."),
        ),
        "evening": (
            _("The cards of your next evenings"),
            _("Who is expected, what each of them needs, and cautions, for those who serve or stand by that evening."),
        ),
        "plan": (_("Your safety plan"), _("All of it: who reads it is whom you chose to show it to.")),
        "between": (_("Between you and the coordinators"), _("What you need at evenings, and what was done for it.")),
        "concern": (
            _("Concerns"),
            _("What you raised yourself, or answer for, and what was said about it; not by those you left out."),
        ),
        "step": (_("Steps about how we are together"), _("Steps about you, or that you decide with others.")),
        "emergency": (
            _("The copy of your safety plan for emergencies"),
            _("It is cut into halves: nobody opens it alone. What was opened is read by those two, and by you."),
        ),
        "avoid": (_("Whom you must not meet"), _("The names you wrote down.")),
        "voice": (_("Why you would or would not welcome somebody"), _("The reason you wrote down.")),
        "demand": (_("What authorities asked for"), _("Demands that you answer for.")),
        "roster": (
            _("The roster"),
            _("The name you chose; languages, times, needs, area, kind and label, for planning; who must not meet."),
        ),
    }[anchor]
