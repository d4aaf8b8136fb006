"""Why nothing on offer fits somebody: the first thing that is missing, so that a coordinator knows what to arrange."""

from collections.abc import Sequence

from wayhouse.groups.roster import Cell, Roster
from wayhouse.groups.suiting import interpreted_from, suits
from wayhouse.people.models import RosterEntry


def lacking(entry: RosterEntry, roster: Roster, cells: Sequence[Cell]) -> str:
    """A code (`reasons.py` has the words) for somebody who has no option among the cells of the roster.

    Where no single thing is missing it is the one that stands for a keep-apart too, so that it tells nothing.
    """
    if not entry.slots:
        return "no_times"
    if not any(slot in venue.slots for venue in roster.venues for slot in entry.slots):
        return "no_venue"
    then = [cell for cell in cells if cell.slot in entry.slots]
    if not then:
        return "no_lead"
    spoken = [cell for cell in then if cell.language in entry.languages]
    if not spoken and interpreted_from(entry) is None:
        return "no_language"
    if not any(cell.venue and suits(entry, cell.venue) for cell in spoken or then):
        return "no_place"
    return "no_interpreter" if not spoken and not roster.interpreters else "no_suitable_group"
