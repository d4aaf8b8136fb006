"""What is done with the rota of those on call: fill it, ask somebody to take a day, say yes or no."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.people.models import Person, Programme
from wayhouse.safeguarding import readiness, rules
from wayhouse.safeguarding.models import OnCall, OnCallSwap

# Who is first and who is second on a day.
Pair = tuple[Person, Person]


def fill_rota(programme: Programme, days: Mapping[date, Pair], *, actor: Person) -> None:
    """Write down who is on call; what stood on these days is replaced. Error: `ValueError` for one person twice."""
    require(rules.may_keep_rota(actor, programme))
    people = {person for pair in days.values() for person in pair}
    require(all(person.programme_id == programme.pk and rules.answers(person) for person in people))
    if any(first == second for first, second in days.values()):
        raise ValueError("the second is somebody else than the first")
    with transaction.atomic():
        OnCall.objects.filter(programme=programme, day__in=days).delete()
        OnCall.objects.bulk_create(
            OnCall(programme=programme, person=person, day=day, place=place)
            for day, pair in days.items()
            for place, person in zip(OnCall.Place, pair, strict=True)
        )
        readiness.refresh(programme)
        record("rota.filled", programme, actor=actor, days=len(days))


def ask_on_call_swap(on_call: OnCall, taker: Person, *, actor: Person) -> OnCallSwap:
    """Ask somebody to take one's day. Until they say yes it is still one's own."""
    require(rules.may_ask_swap(actor, on_call))
    other = OnCall.objects.filter(programme=on_call.programme_id, day=on_call.day, person=taker)
    require(taker.programme_id == actor.programme_id and rules.answers(taker) and taker != actor)
    with transaction.atomic():
        require(not other.exists())
        swap, _made = OnCallSwap.objects.update_or_create(on_call=on_call, defaults={"taker": taker})
        record("on_call.asked", on_call, actor=actor)
    return swap


def answer_on_call_swap(swap: OnCallSwap, *, agree: bool, actor: Person) -> None:
    """Take the day, or not."""
    require(rules.may_answer_swap(actor, swap))
    with transaction.atomic():
        on_call = OnCall.objects.select_for_update().get(pk=swap.on_call_id)
        # Somebody may have been put on the same day meanwhile: nobody is first and second.
        taken = OnCall.objects.filter(programme=on_call.programme_id, day=on_call.day, person=actor).exists()
        if agree and not taken:
            on_call.person = actor
            on_call.save(update_fields=["person"])
        swap.delete()
        readiness.refresh(on_call.programme)
        record("on_call.answered", on_call, actor=actor, agreed=agree)
