"""Which scopes a person reaches. Whoever has no keys yet gets theirs when an invitation is made or accepted."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet

from wayhouse.accounts.models import User
from wayhouse.crypto import desks, grants, scopes
from wayhouse.crypto.keyring import Keyring, use
from wayhouse.crypto.models import Item, Keyholder, Scope
from wayhouse.people.models import Away, Belonging, Invitation, Person, Programme, Role

# Which roles bring somebody into which kind of scope. Higher rooms make these scopes; this room only names their kinds.
_ROLES_FOR = {
    "evening": frozenset({Role.Kind.FACILITATOR, Role.Kind.MENTOR}),
    "way-back": frozenset({Role.Kind.FACILITATOR}),
    "group": frozenset({Role.Kind.FACILITATOR, Role.Kind.MEMBER}),
    "concern": frozenset({Role.Kind.SAFEGUARDING_LEAD}),
    "conduct": frozenset({Role.Kind.SAFEGUARDING_LEAD}),
    "demand": frozenset({Role.Kind.SAFEGUARDING_LEAD}),
    "safety": frozenset({Role.Kind.SAFEGUARDING_LEAD}),
    # Somebody's own plan, shown to one who leads: its owner is in no list and stays.
    "plan": frozenset({Role.Kind.FACILITATOR, Role.Kind.MENTOR}),
    "break-glass": frozenset({Role.Kind.SAFEGUARDING_LEAD}),
    # What one of the staff thinks about a newcomer.
    "voice": frozenset({Role.Kind.FACILITATOR, Role.Kind.SAFEGUARDING_LEAD}),
    "question": frozenset({Role.Kind.MENTOR}),
}
BETWEEN = "between"
# What somebody shares with a group: its name and place, its space, and the cards of evenings.
_OF_GROUPS = ("circle", "evening", "group")
# What else goes with a role, where it depends on which side somebody is on; higher rooms name it.
_GOES_WITH_ROLE: list[Callable[[Person, str], "QuerySet[Scope]"]] = []
# Whoever ends one of these has keys that go with it.
WITH_KEYS = frozenset[str]().union(*_ROLES_FOR.values())


def holder_of(person: Person) -> Keyholder | None:
    """The key holder of a person's account, or of their open invitation, or none yet."""
    if person.user is not None:
        return person.user.holder
    invitation = Invitation.objects.open().filter(person=person).select_related("holder").first()
    return invitation.holder if invitation else None


def holders_of(people: Iterable[Person]) -> list[Keyholder]:
    """The key holders of those people who have one, in two queries."""
    ids = [person.pk for person in people]
    accounts = Keyholder.objects.filter(user__people__in=ids)
    invited = Keyholder.objects.filter(invitation__in=Invitation.objects.open().filter(person__in=ids))
    return [*accounts, *invited]


def open_to(person: Person) -> "QuerySet[Scope]":
    """The scopes that somebody has the keys of, now or with an invitation: not those of groups while they are away."""
    theirs = Scope.objects.filter(belongings__person=person)
    return theirs.exclude(kind__in=_OF_GROUPS) if Away.objects.filter(person=person).exists() else theirs


def share(kind: str, desk: Keyholder, people: Iterable[Person]) -> Scope:
    """A new scope for these people and the desk."""
    return _shared(kind, list(people), [desk])


def keep_among(kind: str, people: Iterable[Person], *others: Keyholder) -> Scope:
    """A new scope for these people alone, and for holders who are nobody by name: no desk, so no coordinator."""
    return _shared(kind, list(people), list(others))


def goes_with_role(which: Callable[[Person, str], "QuerySet[Scope]"]) -> None:
    """Let a higher room say out of which scopes somebody goes with a role that has just ended."""
    _GOES_WITH_ROLE.append(which)


def follow(leader: Scope, kind: str) -> Scope:
    """A new scope for the people of another one, without its desk. Who comes or goes there, comes or goes here."""
    with transaction.atomic():
        # Held, so that nobody comes or goes unnoticed while the new scope is made.
        scopes.lock(leader)
        scope = _shared(kind, list(Person.objects.filter(belongings__scope=leader).order_by("pk")), [])
        scope.follows = leader
        scope.save(update_fields=["follows"])
    return scope


def between(person: Person) -> Scope:
    """What somebody and the coordinators of their programme share, and nobody else; made when it is first needed."""
    found = Scope.objects.filter(kind=BETWEEN, belongings__person=person).order_by("pk").first()
    return found or share(BETWEEN, person.programme.desk, [person])


def let_in(scope: Scope, *people: Person) -> None:
    """Let people into a scope and into those that follow it; the acting person must be in it. Error: `CannotOpen`.

    A scope that follows holds nothing standing: letting somebody in there needs nobody's key.
    """
    with transaction.atomic():
        for person in people:
            Belonging.objects.get_or_create(person=person, scope=scope)
        scopes.admit(scope, *holders_of(_here(scopes.lock(scope), people)))
        for follower in scope.followers.order_by("pk"):
            let_in(follower, *people)


def show_out(scope: Scope, *people: Person) -> None:
    """Take people out of a scope, and of those that follow it, at once; needs nobody's key."""
    with transaction.atomic():
        Belonging.objects.filter(scope=scope, person__in=people).delete()
        # An invitation that ran out opens no account any more, but its link would still open envelopes.
        invited = Keyholder.objects.filter(invitation__person__in=people)
        scopes.dismiss(scope, *holders_of(people), *invited)
        for follower in scope.followers.order_by("pk"):
            show_out(follower, *people)


def set_aside(person: Person) -> dict[str, int]:
    """Take what they share with a group from somebody who is away; the oldest keys they had, by scope.

    They belong there still: `let_back` gives them the keys again. Needs nobody's key, so that it can be done at once.
    """
    holder = holder_of(person)
    held = grants.set_aside(holder, Scope.objects.filter(kind__in=_OF_GROUPS)) if holder else {}
    theirs = Scope.objects.filter(kind__in=_OF_GROUPS, belongings__person=person)
    return {str(scope.pk): held.get(scope.pk) or _oldest_standing(scope) for scope in theirs}


def let_back(person: Person, had: Mapping[str, int]) -> None:
    """Whoever was set aside is in again where they still belong; what they had comes from whoever has it, soon."""
    holder = holder_of(person)
    if holder is None:
        return
    still = Scope.objects.filter(pk__in=[UUID(scope) for scope in had], belongings__person=person)
    for scope in still.in_order():
        grants.come_back(holder, scope, had[str(scope.pk)])


def opened_by(role: str, people: Iterable[UUID]) -> set[UUID]:
    """Who of these people belongs to something of a kind that a role opens, in one query."""
    kinds = [kind for kind, roles in _ROLES_FOR.items() if role in roles]
    found = Belonging.objects.filter(person__in=list(people), scope__kind__in=kinds)
    return set(found.values_list("person_id", flat=True))


def answers_for_safety(person: Person) -> bool:
    """Whether somebody holds the keys of a post."""
    return Belonging.objects.filter(person=person, scope__kind="safety").exists()


def give_up_keys(person: Person, ended: str) -> None:
    """Take somebody out of what a role that ended opened, unless they hold another one for it; needs nobody's key."""
    held = set(Role.objects.filter(person=person, until_on=None).values_list("kind", flat=True))
    kinds = [kind for kind, roles in _ROLES_FOR.items() if ended in roles and held.isdisjoint(roles)]
    with transaction.atomic():
        for scope in Scope.objects.filter(kind__in=kinds, belongings__person=person).in_order():
            show_out(scope, person)
        for which in _GOES_WITH_ROLE:
            for scope in which(person, ended).order_by("pk"):
                show_out(scope, person)


def mark_rows(*people: Person) -> None:
    """What was closed for a key that they have no more is closed for the new one by the next coordinator.

    Call it first of all, in a transaction: whoever seats somebody holds the programme before any key.
    """
    Programme.objects.filter(pk__in={person.programme_id for person in people}).update(rows_unsealed=True)


def mark_rows_of(user: User, **_signal: Any) -> None:
    """The same for everybody that an account is."""
    mark_rows(*user.people.all())


def renew_desks(user: User, keyring: Keyring, **_signal: Any) -> None:
    """Whoever copied a coordinator's key could have opened the desk with it: its key is renewed with theirs."""
    for person in user.people.select_related("programme__desk_item", "programme__desk"):
        if person.is_coordinator:
            desk, holder = person.programme.desk_item, person.programme.desk
            with use(keyring):
                desks.sit_down(keyring, desk, holder)
                desks.renew(desk, holder)


def _here(scope: Scope, people: Iterable[Person]) -> list[Person]:
    """Who of these gets the keys now. Whoever is away belongs to their groups, and gets them on coming back."""
    people = list(people)
    if scope.kind not in _OF_GROUPS:
        return people
    gone = {away.person_id: away for away in Away.objects.select_for_update().filter(person__in=people)}
    for away in gone.values():
        away.had.setdefault(str(scope.pk), _oldest_standing(scope))
        away.save(update_fields=["had"])
    return [person for person in people if person.pk not in gone]


def _oldest_standing(scope: Scope) -> int:
    """From which epoch on somebody reads who is new: what stands there, its name and place, and what comes."""
    return Item.objects.standing_in(scope).aggregate(oldest=Min("epoch"))["oldest"] or scope.epoch


def _shared(kind: str, members: list[Person], desks_too: list[Keyholder]) -> Scope:
    with transaction.atomic():
        scope = scopes.create_scope(kind, [*desks_too, *holders_of(members)])
        here = _here(scope, members)
        scopes.dismiss(scope, *holders_of(person for person in members if person not in here))
        Belonging.objects.bulk_create(Belonging(person=person, scope=scope) for person in members)
    return scope
