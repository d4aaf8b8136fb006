"""Whoever leaves comes off the evenings ahead, and their name off the cards of those evenings.

A card is sealed to those who run its evening: whoever leaves cannot open it. It is marked, and whoever can open it
takes the name off without noticing, the next time they are here. Long after the evening every card is deleted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.record import record
from wayhouse.core.gate import require
from wayhouse.crypto.models import Item
from wayhouse.crypto.sealed import open_all
from wayhouse.groups.models import Seat
from wayhouse.meetings import rules
from wayhouse.meetings.models import RECORD_WITHIN, AccessTask, EveningCard, Meeting, Shift, Swap
from wayhouse.people import reach
from wayhouse.people.holds import holds_of
from wayhouse.people.models import Person, Programme

# Nobody looks up who was expected longer than this after an evening.
CARD_KEPT = timedelta(days=28)

Entries = list[dict[str, Any]]


def come_off_evenings(person: Person, *, actor: Person) -> None:
    """Give up every evening ahead, at once and without a reason. Who plans sees what is missing then."""
    require(rules.may_come_off_evenings(actor, person))
    with transaction.atomic():
        ahead = Meeting.objects.filter(shifts__person=person, ends_at__gt=timezone.now())
        for meeting in ahead.select_related("scope").order_by("pk"):
            reach.show_out(meeting.scope, person)
        mark_cards(person)
        Swap.objects.filter(asker=person, state=Swap.State.ASKED).update(state=Swap.State.WITHDRAWN)
        if not holds_of(person.pk):
            _forget_needs(person)
        count, _of_kinds = Shift.objects.filter(person=person, meeting__ends_at__gt=timezone.now()).delete()
        record("evenings.given_up", person, actor=actor, evenings=count)


def _forget_needs(person: Person) -> None:
    """Delete what somebody needed to come: whoever comes back could not open it, and asks anew."""
    rows = list(AccessTask.objects.filter(person=person).values_list("pk", "item_id"))
    AccessTask.objects.filter(pk__in=[pk for pk, _item in rows]).delete()
    Item.objects.filter(pk__in=[item for _pk, item in rows]).delete()


def mark_cards(person: Person) -> None:
    """Have the name of somebody who lost their seat taken off the cards, by whoever opens them next."""
    _cards_that_may_name(person).update(outdated=True)


def trim_cards(cards: Iterable[EveningCard], *, actor: Person) -> None:
    """Take off these cards whoever does not belong on them any more. The actor must open them. Error: `CannotOpen`."""
    marked = [card for card in cards if card.outdated]
    if not marked:
        return
    with transaction.atomic():
        locked = EveningCard.objects.select_for_update(of=("self",)).filter(pk__in=[card.pk for card in marked])
        rows = list(locked.filter(outdated=True).select_related("item", "meeting__group"))
        open_all(rows)
        for card in rows:
            _trim(card)
        record("cards.trimmed", actor.programme, actor=actor, cards=len(rows))


def trim_cards_of(programme: Programme, *, actor: Person) -> None:
    """The same for every marked card of a programme, by a coordinator, who opens them all."""
    trim_cards(EveningCard.objects.filter(outdated=True, meeting__group__programme=programme), actor=actor)


def drop_past_cards(person: Person) -> int:
    """Delete the cards of evenings that are over and may name somebody who is erased. How many there were."""
    return _drop(_cards_that_may_name(person), until=timezone.now() - RECORD_WITHIN)


def drop_old_cards() -> int:
    """Delete the cards that nobody looks at any more; needs nobody's key. How many there were."""
    return _drop(EveningCard.objects.all(), until=timezone.now() - CARD_KEPT)


def old_cards(now: datetime) -> "QuerySet[EveningCard]":
    """The cards that nobody looks at any more at a moment."""
    return EveningCard.objects.filter(meeting__ends_at__lte=now - CARD_KEPT)


def _cards_that_may_name(person: Person) -> "QuerySet[EveningCard]":
    """Those of the groups in which somebody sat, and, for whoever serves or stands in, those of the programme."""
    if Shift.objects.filter(person=person).exists() or person.leads_evenings:
        return EveningCard.objects.filter(meeting__group__programme=person.programme_id)
    return EveningCard.objects.filter(meeting__group__in=Seat.objects.filter(person=person).values("group"))


def _drop(cards: "QuerySet[EveningCard]", *, until: datetime) -> int:
    with transaction.atomic():
        old = cards.filter(meeting__ends_at__lte=until)
        sealed = list(old.values_list("item_id", flat=True))
        old.delete()
        Item.objects.filter(pk__in=sealed).delete()
    return len(sealed)


def _trim(card: EveningCard) -> None:
    group = card.meeting.group
    seated = _ids(Seat.objects.current().members().filter(group=group))
    serving = _ids(Shift.objects.filter(meeting=card.meeting_id))
    here = {str(pk) for pk in Person.objects.filter(programme=group.programme_id).active().values_list("pk", flat=True)}
    card.rewrite(
        expected=_only(card.expected, seated),
        pausing=_only(card.pausing, seated),
        serving=_only(card.serving, serving),
        cover=_only(card.cover, here),
    )
    card.outdated = False
    card.save(update_fields=["outdated"])


def _ids(rows: "QuerySet[Any]") -> set[str]:
    return {str(pk) for pk in rows.values_list("person_id", flat=True)}


def _only(entries: Entries, people: set[str]) -> Entries:
    return [entry for entry in entries if entry["person"] in people]
