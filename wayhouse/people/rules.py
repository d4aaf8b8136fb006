"""Who may do what with people and roles."""

from datetime import date, timedelta

from django.utils import timezone

from wayhouse.crypto.models import Scope
from wayhouse.people.models import Away, Person, Programme, Role, WayBack

# Who is one tap away from telling a worry, and may tell it: everybody but auditors and partners.
TAKING_PART = (
    Role.Kind.MEMBER,
    Role.Kind.MENTOR,
    Role.Kind.FACILITATOR,
    Role.Kind.COORDINATOR,
    Role.Kind.SAFEGUARDING_LEAD,
)
# Whose word about somebody counts holds their role for so long at least.
KNOWN_FOR = timedelta(days=7)
# Practice handbook 4.4: the seat of whoever takes a break is theirs for so long.
SEAT_HELD = timedelta(weeks=8)


def needs_second_step(person: Person) -> bool:
    """Whoever opens words of others, in any role but that of a member, signs in with a second step."""
    return person.opens_words_of_others


def may_invite(actor: Person, person: Person) -> bool:
    """Coordinators invite people of their programme who have no account yet."""
    return actor.is_coordinator and person.programme_id == actor.programme_id and person.user_id is None


def may_give_role(actor: Person, person: Person) -> bool:
    """Coordinators give roles in their own programme, to people who have not left and are not sent away."""
    there = person.status not in {Person.Status.LEFT, Person.Status.AWAY}
    return actor.is_coordinator and person.programme_id == actor.programme_id and there


def may_end_role(actor: Person, role: Role) -> bool:
    """Coordinators end roles in their own programme; anybody may step back from their own.

    But another coordinator ends that of a coordinator: somebody who stays has to change the locks.
    """
    own = role.person_id == actor.pk
    coordinates = actor.is_coordinator and role.person.programme_id == actor.programme_id
    return coordinates and not own if role.kind == Role.Kind.COORDINATOR else coordinates or own


def may_import_roster(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme import its roster."""
    return actor.is_coordinator and actor.programme_id == programme.pk


def may_take_roster_out(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme take its roster out."""
    return may_import_roster(actor, programme)


def may_enter_person(actor: Person, programme: Programme) -> bool:
    """Coordinators of the programme put people on its roster."""
    return may_import_roster(actor, programme)


def may_change_entry(actor: Person, person: Person) -> bool:
    """Coordinators change what the roster of their programme says."""
    return actor.is_coordinator and person.programme_id == actor.programme_id


def may_pause(actor: Person, person: Person) -> bool:
    """Only the person themselves, without a reason."""
    return actor.pk == person.pk and person.status == Person.Status.ACTIVE


def seat_held_until(person: Person) -> date:
    """The day on which the seat of somebody who began a break on `status_on` is free for others."""
    return person.status_on + SEAT_HELD


def may_come_back(actor: Person, person: Person) -> bool:
    """Only the person themselves, without a reason: from a break, or after having left. Not whom we ended it with."""
    gone = person.status in {Person.Status.PAUSED, Person.Status.LEFT}
    return actor.pk == person.pk and gone and not was_ended(person)


def away_until(person: Person) -> date | None:
    """Until when somebody is away, where there is such a day; asked only about whom it is said of."""
    if person.status != Person.Status.AWAY:
        return None
    return Away.objects.filter(person=person).values_list("until_on", flat=True).first()


def was_ended(person: Person) -> bool:
    """Whether we ended it, with reasons and after the time to appeal (practice handbook 4.4)."""
    return Away.objects.filter(person=person, until_on=None).exists()


def may_leave(actor: Person, person: Person) -> bool:
    """Only the person themselves, without a reason.

    But another coordinator ends the role of a coordinator first: somebody who stays has to change the locks.
    """
    return actor.pk == person.pk and person.status != Person.Status.LEFT and not person.is_coordinator


def may_give_consent(actor: Person, person: Person) -> bool:
    """Only the person themselves, while they have not left."""
    return actor.pk == person.pk and person.status != Person.Status.LEFT


def may_withdraw_consent(actor: Person, person: Person) -> bool:
    """Only the person themselves, at any time."""
    return actor.pk == person.pk


def may_choose_language(actor: Person, person: Person) -> bool:
    """Only the person themselves."""
    return actor.pk == person.pk


def may_ask_way_back(actor: Person, person: Person) -> bool:
    """Coordinators, for somebody else of their programme who has an account: the first of two."""
    here = actor.programme_id == person.programme_id and person.status != Person.Status.LEFT
    return _is_known(actor, Role.Kind.COORDINATOR) and here and person.user_id not in {None, actor.user_id}


def opens_elsewhere(person: Person) -> bool:
    """Whether the account has a place in another programme, which new keys would open without a word from there."""
    return Person.objects.filter(user=person.user_id).exclude(pk=person.pk).exists()


def may_confirm_way_back(actor: Person, way_back: WayBack) -> bool:
    """Another coordinator, or a facilitator of the person's group: never the first, never the person."""
    first = way_back.asked_by
    taken = {way_back.person.user_id, first.user_id if first else None}
    return way_back.confirmed_by_id is None and vouches(actor, way_back) and actor.user_id not in taken


def may_stop_way_back(actor: Person, way_back: WayBack) -> bool:
    """The person themselves, whoever asked or confirmed, and the coordinators."""
    said = {way_back.person_id, way_back.asked_by_id, way_back.confirmed_by_id}
    return actor.pk in said or (actor.is_coordinator and actor.programme_id == way_back.person.programme_id)


def may_take_way_back(way_back: WayBack) -> bool:
    """Whether both who said who it is still have the role in which they said it, and the person is still here."""
    said = [way_back.asked_by, way_back.confirmed_by]
    stands = all(one is not None and vouches(one, way_back) for one in said)
    return stands and way_back.person.user_id is not None and way_back.person.status != Person.Status.LEFT


def vouches(actor: Person, way_back: WayBack) -> bool:
    """Whose word about who somebody is counts: coordinators', and of facilitators those who share a group with them."""
    if actor.programme_id != way_back.person.programme_id or actor.status == Person.Status.LEFT:
        return False
    shares = Scope.objects.filter(kind="group", belongings__person=actor).filter(belongings__person=way_back.person_id)
    return _is_known(actor, Role.Kind.COORDINATOR) or (_is_known(actor, Role.Kind.FACILITATOR) and shares.exists())


def _is_known(actor: Person, kind: Role.Kind) -> bool:
    """Whether somebody holds this role since some days: a second whom the first has just made up is no second."""
    return actor.holds_since(kind, timezone.localdate() - KNOWN_FOR)
