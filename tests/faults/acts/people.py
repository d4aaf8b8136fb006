"""People, their roles, and the roster."""

from typing import Any

from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.house import House
from wayhouse.crypto.shred import shred
from wayhouse.people import actions, entries, exporting, importing
from wayhouse.people.invitations import close_expired_invitations, found, invite
from wayhouse.people.models import Invitation, Role, RosterDraft
from wayhouse.people.own_row import hand_over_rows
from wayhouse.people.roster.reading import read_roster
from wayhouse.people.tests.tables import FOX, HEAD, LANTERN, workbook

# Somebody who is on the roster already, with other words.
CASS = ("Cass", "ar", "mon-evening")
NEW: dict[str, Any] = {"name": "Quiet Fox", "role": "member", "languages": ["en"], "slots": ["tue-evening"]}


@act("rows.handed_over")
def hand_rows_over(house: House) -> Done:
    return coordinating(house, lambda: hand_over_rows(house.ana.programme, actor=house.ana))


@act("programme.founded")
def found_a_programme(house: House) -> Done:
    return lambda: found("Another trust", "Harbour", "Ida", time_zone="Europe/Berlin")


@act("person.entered")
def enter_somebody(house: House) -> Done:
    apart = [house.people["cass"].pk]
    return coordinating(house, lambda: entries.enter_person(house.ana.programme, NEW, apart=apart, actor=house.ana))


@act("entry.changed")
def change_an_entry(house: House) -> Done:
    bo, words = house.person("bo"), {"role": "mentor", "needs": ["step_free"]}
    version = bo.roster_entry.item.seq
    return coordinating(house, lambda: entries.change_entry(bo, words, version=version, actor=house.ana))


@act("roster.drafted")
def draft_a_roster(house: House) -> Done:
    _draft(house)
    return coordinating(house, lambda: _draft(house))


@act("roster.discarded")
def drop_a_draft(house: House) -> Done:
    _draft(house)
    return lambda: importing.drop_draft(house.ana.programme, actor=house.ana)


@act()
def drop_expired_drafts(house: House) -> Done:
    _draft(house)
    RosterDraft.objects.update(expires_at=timezone.now())
    return importing.drop_expired_drafts


@act("roster.imported", thrifty=True)
def import_a_roster(house: House) -> Done:
    draft = _draft(house)
    return coordinating(house, lambda: importing.import_roster(house.ana.programme, draft, actor=house.ana))


@act("roster.taken_out")
def take_the_roster_out(house: House) -> Done:
    return coordinating(house, lambda: exporting.take_roster_out(house.ana.programme, actor=house.ana))


@act("person.invited")
def invite_somebody(house: House) -> Done:
    with house.acting():
        eve = house.town.members("Eve")[0]
        house.town.group("Heron", eve)
        invite(eve, "Eve", actor=house.ana)
    return coordinating(house, lambda: invite(eve, "Eve", actor=house.ana))


@act()
def close_an_invitation_that_ran_out(house: House) -> Done:
    with house.acting():
        eve = house.town.members("Eve")[0]
        invite(eve, "Eve", actor=house.ana)
    Invitation.objects.filter(accepted_on=None).update(expires_at=timezone.now())
    return close_expired_invitations


@act("role.given")
def make_a_coordinator(house: House) -> Done:
    return coordinating(house, lambda: actions.give_role(house.person("max"), Role.Kind.COORDINATOR, actor=house.ana))


@act("role.ended", thrifty=True)
def end_the_role_of_a_coordinator(house: House) -> Done:
    role = Role.objects.get(person=house.people["cleo"], until_on=None)
    return coordinating(house, lambda: actions.end_role(role, actor=house.ana))


@act("role.ended")
def end_the_role_of_who_leads(house: House) -> Done:
    role = Role.objects.get(person=house.people["bo"], until_on=None)
    return coordinating(house, lambda: actions.end_role(role, actor=house.ana))


@act("person.paused")
def pause(house: House) -> Done:
    return lambda: actions.pause(house.person("cass"), actor=house.person("cass"))


@act("person.returned")
def come_back(house: House) -> Done:
    actions.pause(house.person("cass"), actor=house.person("cass"))
    return lambda: actions.come_back(house.person("cass"), actor=house.person("cass"))


@act("language.chosen")
def choose_a_language(house: House) -> Done:
    return lambda: actions.choose_language(house.person("cass"), "ar", actor=house.person("cass"))


@act(thrifty=True)
def erase_somebody(house: House) -> Done:
    return lambda: shred(house.people["dee"].pk)


def _draft(house: House) -> RosterDraft:
    with house.acting():
        return importing.draft_roster(
            house.ana.programme, read_roster(workbook(HEAD, FOX, LANTERN, CASS)), actor=house.ana
        )
