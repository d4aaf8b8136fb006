"""What is done with swaps: somebody asks to hand over a shift or to step back, a coordinator agrees or not."""

from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.groups.refusals import Outdated, Unsuitable
from wayhouse.meetings import rules
from wayhouse.meetings.covering import Candidate, candidates, duties_around, on_card, standing_by
from wayhouse.meetings.models import Shift, Swap
from wayhouse.meetings.rostering import NameAndRole
from wayhouse.meetings.staffing import Team, staff_meeting
from wayhouse.meetings.standing_in import able_to_come, put_on, team_of, without
from wayhouse.people.models import Person


def ask_swap(shift: Shift, taker: Person | None, *, actor: Person) -> Swap:
    """Ask to hand a shift to somebody, or without a taker to step back. No reason is asked; asking again corrects.

    Error: `Unsuitable` where the card of the evening does not name this person as able to come.
    """
    require(rules.may_ask_swap(actor, shift))
    if taker is not None and taker.pk not in {candidate.person_id for candidate in takers_of(shift)}:
        raise Unsuitable
    with transaction.atomic():
        swap, _made = Swap.objects.update_or_create(
            meeting=shift.meeting, asker=actor, state=Swap.State.ASKED, defaults={"taker": taker}
        )
        record("swap.asked", swap, actor=actor, taker=taker is not None)
    return swap


def decide_swap(swap: Swap, *, agree: bool, taker: Person | None = None, actor: Person) -> None:
    """Agree to a swap, with this taker or with nobody yet, or decline it. Agreeing hands over the keys of the evening.

    Errors: `Outdated` where it was answered or taken back meanwhile; `Unsuitable`, worded alike for every rule.
    """
    require(rules.may_decide_swap(actor, swap))
    with transaction.atomic():
        locked = _current(swap)
        locked.state = Swap.State.AGREED if agree else Swap.State.DECLINED
        locked.taker = taker if agree else locked.taker
        locked.save(update_fields=["state", "taker"])
        if agree:
            _hand_over(team_of(locked.meeting), locked.asker, taker, actor)
        record("swap.decided", locked, actor=actor, agreed=agree, taker=agree and taker is not None)


def withdraw_swap(swap: Swap, *, actor: Person) -> None:
    """Keep the shift after all. Error: `Outdated` where somebody answered meanwhile."""
    require(rules.may_withdraw_swap(actor, swap))
    with transaction.atomic():
        locked = _current(swap)
        locked.state = Swap.State.WITHDRAWN
        locked.save(update_fields=["state"])
        record("swap.withdrawn", locked, actor=actor)


def takers_of(shift: Shift) -> list[Candidate]:
    """Who could take a shift, as far as its card and what stands in clear tell; those on it can read that card."""
    card = shift.meeting.card
    duties = duties_around(shift.meeting, on_card(card))
    first = [] if shift.reserve else standing_by(card, duties)
    others = candidates(shift.meeting, card.cover, duties, as_reserve=shift.reserve)
    return [candidate for candidate in (*first, *others) if candidate.role == shift.role]


def name_on_card(swap: Swap, person_id: UUID | None) -> str:
    """The chosen name of somebody on shift or able to come, as the opened card of the evening has it."""
    card = swap.meeting.card
    names: dict[str, str] = {words["person"]: words["name"] for words in (*card.cover, *card.serving)}
    return names.get(str(person_id), "")


def _current(swap: Swap) -> Swap:
    locked = Swap.objects.select_for_update(of=("self",)).filter(pk=swap.pk, state=Swap.State.ASKED)
    current = locked.select_related("meeting__cycle", "meeting__group", "asker").first()
    if current is None or current.meeting.has_started:
        raise Outdated
    return current


def _hand_over(team: Team, asker: Person, taker: Person | None, actor: Person) -> None:
    rest = without(team, asker)
    if asker not in team.everybody:
        raise Outdated
    if taker is None:
        staff_meeting(team.meeting, rest.serving, reserve=rest.reserve, actor=actor)
        return
    as_reserve = asker in team.reserve
    words = _as_taker(rest, taker, as_reserve=as_reserve)
    if words is None or words[1] != team.everybody[asker][1]:
        raise Unsuitable
    put_on(rest, taker, words, as_reserve=as_reserve, actor=actor)


def _as_taker(rest: Team, taker: Person, *, as_reserve: bool) -> NameAndRole | None:
    if taker in rest.reserve:
        return rest.reserve[taker]
    chosen = able_to_come(rest, as_reserve=as_reserve).get(taker.pk)
    return chosen.as_staff if chosen else None
