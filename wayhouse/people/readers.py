"""Who can open what: counted from the keys that are really there, never from a list that somebody wrote."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.core.prepared import prepared
from wayhouse.crypto.models import Keyholder, Membership, PendingGrant
from wayhouse.people.models import Person, Role

# Whoever has several roles is counted under the first of these.
_ORDER = (
    Role.Kind.COORDINATOR, Role.Kind.SAFEGUARDING_LEAD, Role.Kind.FACILITATOR, Role.Kind.MENTOR, Role.Kind.AUDITOR,
    Role.Kind.PARTNER, Role.Kind.MEMBER,
)  # fmt: skip

# Roles by person; and person with roles by key holder.
_Roles = dict[UUID, set[str]]
_People = dict[UUID, tuple[UUID, set[str]]]


@dataclass(frozen=True, slots=True)
class Readers:
    """How many people can open something: the asker, others by role, and people who were invited and not here yet."""

    oneself: bool
    others: Counter[str]
    invited: int
    # Oneself, once the keys have come back that were lost.
    waiting: bool = False

    def words(self) -> list[str]:
        """The same in words, each ready to stand in a list; "nobody" where nobody can."""
        said = [_("you, as soon as somebody else who holds the keys was here")] if self.waiting else []
        said += [_("you")] if self.oneself and not self.waiting else []
        said += [_counted(kind, self.others[kind]) for kind in reversed(_ORDER) if self.others[kind]]
        if self.invited:
            words = ngettext("%(count)s person who is invited", "%(count)s people who are invited", self.invited)
            said.append(words % {"count": self.invited})
        return said or [_("nobody")]


def readers_of(things: Mapping[str, Iterable[UUID]], asker: Person) -> dict[str, Readers]:
    """Whoever holds keys to at least one scope of each thing, seen by `asker`; two queries, or three with a desk.

    `things` maps any name to the ids of scopes.
    """
    scopes = {name: set(ids) for name, ids in things.items()}
    wanted = tuple(set().union(*scopes.values()))
    held = _memberships(scopes=wanted) if wanted else []
    people = _people_of(asker, {holder for _scope, holder, _kind, _waits in held})
    at_desk = _coordinators_of(asker) if any(row[2] == Keyholder.Kind.DESK for row in held) else {}
    own = asker.user.holder_id if asker.user else None
    waiting = {scope for scope, holder, _kind, waits in held if waits and holder == own}
    found = {
        name: _readers({row[1]: row[2] for row in held if row[0] in ids}, people, at_desk, asker)
        for name, ids in scopes.items()
    }
    return {name: replace(readers, waiting=not waiting.isdisjoint(scopes[name])) for name, readers in found.items()}


def _readers(holders: Mapping[UUID, str], people: _People, at_desk: _Roles, asker: Person) -> Readers:
    found = dict(one for holder, one in people.items() if holder in holders)
    if Keyholder.Kind.DESK in holders.values():
        found |= at_desk
    oneself = found.pop(asker.pk, None) is not None
    invited = sum(kind == Keyholder.Kind.INVITATION for kind in holders.values())
    return Readers(oneself, Counter(map(_first, found.values())), invited)


def _people_of(asker: Person, holders: set[UUID]) -> _People:
    """By holder, who has an account of this programme and with which roles."""
    found: _People = {}
    rows = _with_roles(programme=asker.programme_id, holders=tuple(holders)) if holders else []
    for holder, pk, kind, until in rows:
        _pk, kinds = found.setdefault(holder, (pk, set()))
        if kind and until is None:
            kinds.add(kind)
    return found


def _coordinators_of(asker: Person) -> _Roles:
    return {pk: {Role.Kind.COORDINATOR} for pk in _coordinators(programme=asker.programme_id)}


@prepared
def _memberships(scopes: tuple[UUID, ...]) -> "QuerySet[Membership, tuple[Any, ...]]":
    """Scope, holder, kind of holder, and whether the holder still waits for keys."""
    waits = PendingGrant.objects.filter(scope=OuterRef("scope"), holder=OuterRef("holder"))
    held = Membership.objects.filter(scope__in=scopes).annotate(waits=Exists(waits)).order_by("pk")
    return held.values_list("scope_id", "holder_id", "holder__kind", "waits")


@prepared
def _with_roles(programme: UUID, holders: tuple[UUID, ...]) -> "QuerySet[Person, tuple[Any, ...]]":
    rows = Person.objects.filter(programme=programme, user__holder__in=holders)
    return rows.values_list("user__holder", "pk", "roles__kind", "roles__until_on")


@prepared
def _coordinators(programme: UUID) -> "QuerySet[Person, UUID]":
    rows = Person.objects.filter(programme=programme, user__isnull=False)
    return rows.with_role(Role.Kind.COORDINATOR).values_list("pk", flat=True)


def _first(kinds: set[str]) -> str:
    return next((kind for kind in _ORDER if kind in kinds), Role.Kind.MEMBER)


def _counted(kind: str, count: int) -> str:
    words = {
        Role.Kind.MEMBER: ngettext("%(count)s member", "%(count)s members", count),
        Role.Kind.MENTOR: ngettext("%(count)s mentor", "%(count)s mentors", count),
        Role.Kind.FACILITATOR: ngettext("%(count)s facilitator", "%(count)s facilitators", count),
        Role.Kind.COORDINATOR: ngettext("%(count)s coordinator", "%(count)s coordinators", count),
        Role.Kind.SAFEGUARDING_LEAD: ngettext("%(count)s safeguarding lead", "%(count)s safeguarding leads", count),
        Role.Kind.AUDITOR: ngettext("%(count)s auditor", "%(count)s auditors", count),
        Role.Kind.PARTNER: ngettext("%(count)s partner", "%(count)s partners", count),
    }[Role.Kind(kind)]
    return words % {"count": count}
