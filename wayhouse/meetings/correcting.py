"""Corrected names of groups and places reach the cards of the evenings to come, and whoever read an old place is told.

A calendar holds neither a name nor a place (`notices/calendars.py`): nothing changes there.
"""

from django.utils import timezone

from wayhouse.crypto.sealed import open_all
from wayhouse.groups.correcting import Changes
from wayhouse.meetings.models import PLACE_SHOWN, Change, EveningCard, Meeting

# What a card calls the words of its group.
_ON_CARDS = {"name": "group_name", "venue": "venue", "address": "address"}
_PLACE = frozenset({"venue", "address"})


def renew_cards(changes: Changes) -> None:
    """Write words of groups onto the cards of evenings that are not over. For coordinators. Error: `CannotOpen`."""
    now = timezone.now()
    # In the order in which evenings are staffed.
    held = Meeting.objects.select_for_update().filter(group__in=changes, ends_at__gt=now).order_by("pk")
    coming = {meeting.pk: meeting for meeting in held}
    cards = list(EveningCard.objects.filter(meeting__in=coming).select_related("item").order_by("meeting"))
    open_all(cards)
    for card in cards:
        words = changes[coming[card.meeting_id].group_id]
        card.rewrite(**{_ON_CARDS[word]: value for word, value in words.items() if word in _ON_CARDS})
    for meeting in coming.values():
        shown = meeting.state == Meeting.State.PLANNED and meeting.starts_at - now <= PLACE_SHOWN
        if shown and not _PLACE.isdisjoint(changes[meeting.group_id]):
            Change.objects.create(meeting=meeting, kind=Change.Kind.PLACE)
