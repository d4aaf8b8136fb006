"""Who may do what in threads of two people."""

from wayhouse.mentoring.models import MOST_PAIRS, Letter, Pair
from wayhouse.people.models import Person, Role


def may_keep_hours(actor: Person) -> bool:
    """Whoever mentors."""
    return actor.holds(Role.Kind.MENTOR) and actor.status != Person.Status.LEFT


def may_look_for_mentor(actor: Person) -> bool:
    """Members who take part and are not on a break. Nobody begins for them."""
    return actor.holds(Role.Kind.MEMBER) and actor.status == Person.Status.ACTIVE


def may_write(actor: Person, pair: Pair) -> bool:
    """The two, while the thread goes on and neither takes a break."""
    return Pair.objects.of(actor).going().both_here().filter(pk=pair.pk).exists()


def may_end(actor: Person, pair: Pair) -> bool:
    """Either of the two, at any time and without a reason; where it has ended, to take their words along."""
    return actor.pk in {pair.member_id, pair.mentor_id}


def may_take_back(actor: Person, letter: Letter) -> bool:
    """Who wrote it, at any time: also on a break, and when the thread has ended."""
    return letter.person_id == actor.pk


def may_choose_nudge(actor: Person, pair: Pair) -> bool:
    """The member, about themselves, at any time."""
    return pair.member_id == actor.pk


def may_answer_nudge(actor: Person, pair: Pair) -> bool:
    """The mentor of a thread that goes on."""
    return pair.mentor_id == actor.pk and may_write(actor, pair)


def may_ask(actor: Person) -> bool:
    """Members who take part and are not on a break."""
    return may_look_for_mentor(actor)


def may_answer(actor: Person) -> bool:
    """Mentors who are not on a break; which questions they can open, their keys decide."""
    return actor.holds(Role.Kind.MENTOR) and actor.status == Person.Status.ACTIVE


def may_say(actor: Person, *, as_asker: bool) -> bool:
    """Whoever may ask, or answer, goes on with it; on a break one reads only."""
    return may_ask(actor) if as_asker else may_answer(actor)


def may_open_name(actor: Person, *, as_asker: bool) -> bool:
    """The asker, while they take part; the mentor, while they have room for one more person."""
    if as_asker:
        return may_ask(actor)
    return may_answer(actor) and has_room(actor)


def has_room(mentor: Person) -> bool:
    """Whether they accompany fewer people than they may."""
    return Pair.objects.going().filter(mentor=mentor).count() < MOST_PAIRS
