"""A corrected name or address is read at once by everybody who goes there, and told to whoever read the old one."""

from datetime import timedelta

import time_machine

from conftest import Acting, SignedIn
from wayhouse.groups.actions import keep_venue, rename_group
from wayhouse.groups.models import Group
from wayhouse.groups.tests.conftest import LIBRARY
from wayhouse.meetings.models import Change, EveningCard, Meeting
from wayhouse.meetings.planning import write_cards
from wayhouse.people.models import Person

MILL = {**LIBRARY, "name": "Mill", "address": "2 Weir Road"}


def card(acting: Acting, reader: Person, meeting: Meeting) -> tuple[str, str, str]:
    with acting(reader):
        found = EveningCard.objects.select_related("item").get(meeting=meeting)
        return found.group_name, found.venue, found.address


def test_corrected_words_reach_cards_and_members_at_once(
    acting: Acting, signed_in: SignedIn, ana: Person, bo: Person, cass: Person, with_max: Meeting
) -> None:
    second = Meeting.objects.exclude(pk=with_max.pk).select_related("group").get()
    with acting(ana):
        venue = keep_venue(ana.programme, LIBRARY, actor=ana)
        with_max.group.rewrite(cell=f"{venue.pk}:tue-evening:en:mixed", venue="Library", address="1 Quay Lane")
        write_cards([with_max, second])
        stale = Meeting.objects.select_related("group__item").get(pk=second.pk)
        assert stale.group.name == "Kestrel"
        # Nobody has read a place so early.
        keep_venue(ana.programme, {"address": "1 Quay Street", "rooms": 3}, actor=ana, venue=venue)
        assert not Change.objects.exists()
    with time_machine.travel(with_max.starts_at - timedelta(hours=5), tick=False), acting(ana):
        rename_group(with_max.group, "Osprey", actor=ana)
        keep_venue(ana.programme, MILL, actor=ana, venue=venue)
    assert card(acting, bo, with_max) == ("Osprey", "Mill", "2 Weir Road")
    assert list(Change.objects.values_list("meeting", "kind")) == [(with_max.pk, "place")]
    with time_machine.travel(with_max.starts_at - timedelta(hours=4)):
        page = signed_in(cass).get(f"/evenings/{with_max.pk}/").content.decode()
        assert [words in page for words in ("2 Weir Road", "place of this evening was corrected")] == [True, True]
    with time_machine.travel(with_max.ends_at + timedelta(hours=1)), acting(ana):
        rename_group(Group.objects.get(), "Heron", actor=ana)
        # Whoever staffs an evening may have read the group before.
        write_cards([stale])
    assert card(acting, bo, with_max) == ("Osprey", "Mill", "2 Weir Road")
    assert card(acting, ana, second) == ("Heron", "Mill", "2 Weir Road")
