"""Cycles, venues, groups and seats."""

from unittest.mock import patch
from uuid import UUID

from faults.acts import Done, act, coordinating
from faults.house import LATER, House, at_hand
from wayhouse.blueprints.actions import open_circle, start_cycle
from wayhouse.blueprints.pack import shipped
from wayhouse.groups import actions, drawing, placing
from wayhouse.groups.models import Cycle, Drawing, Proposal, Seat, Venue
from wayhouse.groups.tests.conftest import LIBRARY
from wayhouse.meetings.models import Meeting


@act("cycle.begun", "cycle.started")
def start_a_cycle(house: House) -> Done:
    return lambda: start_cycle(shipped("twelve-evenings"), LATER, language="en", actor=house.ana)


@act("cycle.begun", "group.went_on")
def go_on_as_an_open_circle(house: House) -> Done:
    ended = house.group.cycle
    Meeting.objects.filter(group=house.group).update(starts_at="2020-01-07T18:30Z", ends_at="2020-01-07T20:00Z")
    Cycle.objects.filter(pk=ended.pk).update(starts_on="2020-01-06", state=Cycle.State.ENDED)
    ended.refresh_from_db()
    chosen, pack = [house.group.pk], shipped("twelve-evenings")
    return lambda: open_circle(ended, chosen, pack, LATER, language="en", actor=house.ana)


@act("drawing.begun")
def begin_a_drawing(house: House) -> Done:
    def begin() -> None:
        with patch.object(drawing, "in_background"):
            placing.draw_up_groups(Cycle.objects.get(starts_on=LATER), actor=house.ana, seconds=5)

    return coordinating(house, begin)


@act("drawing.stopped")
def stop_a_drawing(house: House) -> Done:
    begin_a_drawing(house)()
    return coordinating(house, lambda: drawing.stop_drawing(Drawing.objects.get(), actor=house.ana))


@act("groups.proposed")
def propose_groups(house: House) -> Done:
    with at_hand(), house.acting():
        drawn = placing.draw_up_groups(Cycle.objects.get(starts_on=LATER), actor=house.ana, seconds=5, wait=True)
    return coordinating(house, lambda: placing.take_groups(Drawing.objects.get(pk=drawn.pk), actor=house.ana))


@act("proposal.changed")
def move_somebody_in_a_proposal(house: House) -> Done:
    with house.acting():
        somebody = UUID(placing.plan_of(house.proposal(Proposal.Kind.GROUPS))["groups"][0]["members"][0])

    def move() -> object:
        proposal = house.proposal(Proposal.Kind.GROUPS)
        return placing.move_in_proposal(proposal, somebody, None, revision=1, actor=house.ana)

    return coordinating(house, move)


@act("proposal.locked")
def lock_somebody_in_a_proposal(house: House) -> Done:
    with house.acting():
        somebody = UUID(placing.plan_of(house.proposal(Proposal.Kind.GROUPS))["groups"][0]["members"][0])

    def lock() -> None:
        proposal = house.proposal(Proposal.Kind.GROUPS)
        placing.lock_in_proposal(proposal, somebody, stays=True, revision=1, actor=house.ana)

    return coordinating(house, lock)


@act("proposal.dropped")
def put_a_proposal_aside(house: House) -> Done:
    return lambda: placing.drop_proposal(house.proposal(Proposal.Kind.GROUPS), actor=house.ana)


@act("group.opened", "groups.accepted", thrifty=True)
def accept_groups(house: House) -> Done:
    return coordinating(
        house, lambda: placing.accept_groups(house.proposal(Proposal.Kind.GROUPS), revision=1, actor=house.ana)
    )


@act("seat.taken")
def take_a_seat(house: House) -> Done:
    dee = house.person("dee")
    return coordinating(house, lambda: actions.take_seat(house.group, dee, "Dee", Seat.Role.MEMBER, actor=house.ana))


@act("seat.left")
def leave_a_group(house: House) -> Done:
    seat = Seat.objects.get(person=house.people["cass"])
    return lambda: actions.leave_group(seat, actor=house.person("cass"))


@act("seats.ended")
def end_leading(house: House) -> Done:
    seats = list(Seat.objects.filter(person=house.people["bo"]))
    return lambda: actions.end_leading(house.group, seats, actor=house.ana)


@act("group.renamed")
def rename_a_group(house: House) -> Done:
    return coordinating(house, lambda: actions.rename_group(house.group, "Heron", actor=house.ana))


@act("venue.kept")
def write_down_a_venue(house: House) -> Done:
    words = {**LIBRARY, "name": "Mill"}
    return coordinating(house, lambda: actions.keep_venue(house.ana.programme, words, actor=house.ana))


@act("venue.kept")
def change_a_venue(house: House) -> Done:
    words = {**LIBRARY, "name": "Mill"}
    return coordinating(
        house, lambda: actions.keep_venue(house.ana.programme, words, venue=Venue.objects.get(), actor=house.ana)
    )


@act("venue.used")
def put_a_venue_aside(house: House) -> Done:
    return lambda: actions.use_venue(Venue.objects.get(), in_use=False, actor=house.ana)
