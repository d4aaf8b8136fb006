"""The protocol of a concern, as data: kinds, levels with their limits, states with their guards. Imports no Django.

Practice handbook 4.1 to 4.3. `docs/reference/safeguarding-states.md` is written from here (`page.py`).
"""

from wayhouse.safeguarding.protocol.kinds import KINDS, Kind
from wayhouse.safeguarding.protocol.levels import Duty, Level, Span, ladder, limits, reviews
from wayhouse.safeguarding.protocol.machine import Case, Facts, NotAllowed, step
from wayhouse.safeguarding.protocol.table import TABLE, Event, Outcome, Post, State

__all__ = [
    "KINDS",
    "TABLE",
    "Case",
    "Duty",
    "Event",
    "Facts",
    "Kind",
    "Level",
    "NotAllowed",
    "Outcome",
    "Post",
    "Span",
    "State",
    "ladder",
    "limits",
    "reviews",
    "step",
]
