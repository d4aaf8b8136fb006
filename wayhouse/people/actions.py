"""What is done with people: found a programme, give and end roles, pause and come back."""

from django.db import transaction
from django.utils import timezone

from wayhouse.accounts.session_store import end_sessions
from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.core.language import is_offered
from wayhouse.crypto import desks, scopes
from wayhouse.crypto.keyring import present
from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.notices.actions import end_contact, hold_back, speak
from wayhouse.notices.calendars import drop_calendar
from wayhouse.people import reach, rules
from wayhouse.people.consents.giving import end_with_leaving
from wayhouse.people.ending import role_ending
from wayhouse.people.entries import count_change, lock_roster
from wayhouse.people.models import Away, Belonging, Organisation, Person, Programme, Role

PLACEMENT = "placement"
PERSONAL = "personal"


def found_programme(organisation: Organisation, name: str, founder: Keyholder, *, time_zone: str) -> Programme:
    """A programme whose placement scope the founder's key opens. The founder's keyring must be in use."""
    with transaction.atomic():
        placement = scopes.create_scope(PLACEMENT, [founder])
        desk_item = desks.open_desk(placement)
        desk = Keyholder.objects.get(pk=desks.holder_id(desk_item))
        programme = Programme.objects.create(
            organisation=organisation,
            name=name,
            time_zone=time_zone,
            placement=placement,
            desk=desk,
            desk_item=desk_item,
        )
        desks.sit_down(present(), desk_item, desk)
        record("programme.founded", programme)
    return programme


def give_role(person: Person, kind: Role.Kind, *, actor: Person) -> Role:
    """Give somebody a role. A coordinator is let into the placement scope with it.

    Whoever answers for safety does not coordinate: what needs one of each to be opened, nobody opens alone.
    """
    require(rules.may_give_role(actor, person))
    with transaction.atomic():
        if kind == Role.Kind.COORDINATOR:
            # Held, so that nobody gives them a post at the same moment.
            Person.objects.select_for_update().get(pk=person.pk)
            require(not reach.answers_for_safety(person))
        role, _made = Role.objects.get_or_create(person=person, kind=kind, until_on=None)
        if kind == Role.Kind.COORDINATOR:
            reach.let_in(person.programme.placement, person)
        record("role.given", person, actor=actor, role=kind)
    return role


def end_role(role: Role, *, actor: Person) -> None:
    """End a role at once: sessions end, keys that went with it go, and a coordinator's locks are changed.

    Error: `StillNeeded`, and nothing has changed.
    """
    require(rules.may_end_role(actor, role))
    person = role.person
    with transaction.atomic():
        role_ending.send(Role, role=role, actor=actor)
        role.until_on = timezone.localdate()
        role.save(update_fields=["until_on"])
        if role.kind == Role.Kind.COORDINATOR:
            _change_locks(person)
        if role.kind in reach.WITH_KEYS:
            reach.give_up_keys(person, role.kind)
        if person.user_id and person.pk != actor.pk:
            end_sessions(person.user_id)
        record("role.ended", person, actor=actor, role=role.kind)


def pause(person: Person, *, actor: Person) -> None:
    """Take a break, as long as it needs. The seat stays; nobody is told why."""
    require(rules.may_pause(actor, person))
    with transaction.atomic():
        hold_back(person.pk)
        _set_status(person, Person.Status.PAUSED, "person.paused", actor)


def come_back(person: Person, *, actor: Person) -> None:
    """Be there again."""
    with transaction.atomic():
        # Somebody who left may be erased by the clock at this moment.
        held = Person.objects.select_for_update().filter(pk=person.pk).first()
        require(held is not None and rules.may_come_back(actor, person))
        if held is not None and held.status == Person.Status.LEFT:
            # On the roster again: what was compared with it was compared without them.
            count_change(lock_roster(person.programme))
        # To leave and come back does not end a time away.
        still_away = Away.objects.filter(person=person, until_on__gt=timezone.localdate()).exists()
        back = Person.Status.AWAY if still_away else Person.Status.ACTIVE
        _set_status(person, back, "person.returned", actor)


def leave(person: Person, *, actor: Person) -> None:
    """Leave the programme. All roles but a member's end, and with them every key to words of others.

    Seats and evenings are given up in the rooms above, before this.
    """
    require(rules.may_leave(actor, person))
    with transaction.atomic():
        # A member's role stays or comes: it opens one's own page, from where one returns or erases everything.
        Role.objects.get_or_create(person=person, kind=Role.Kind.MEMBER, until_on=None)
        held = Role.objects.filter(person=person, until_on=None).exclude(kind=Role.Kind.MEMBER)
        held.update(until_on=timezone.localdate())
        for scope in Scope.objects.filter(belongings__person=person).exclude(kind=PERSONAL).order_by("pk"):
            reach.show_out(scope, person)
        end_contact(person.pk)
        drop_calendar(person.pk)
        end_with_leaving(person)
        _set_status(person, Person.Status.LEFT, "person.left", actor)


def choose_language(person: Person, language: str, *, actor: Person) -> None:
    """The language in which messages reach somebody. Error: `ValueError` for one the house does not speak."""
    require(rules.may_choose_language(actor, person))
    if not is_offered(language):
        raise ValueError("the house does not speak this language")
    with transaction.atomic():
        person.language = language
        person.save(update_fields=["language"])
        speak(person.pk, language)
        record("language.chosen", person, actor=actor)


def _set_status(person: Person, status: Person.Status, verb: str, actor: Person) -> None:
    with transaction.atomic():
        person.status = status
        person.status_on = timezone.localdate()
        person.save(update_fields=["status", "status_on"])
        record(verb, person, actor=actor)


def _change_locks(person: Person) -> None:
    programme = person.programme
    reach.show_out(programme.placement, person)
    if Belonging.objects.filter(scope=programme.placement).exists():
        programme.desk_item.refresh_from_db()
        desks.renew(programme.desk_item, programme.desk)
