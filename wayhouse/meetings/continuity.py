"""How steadily a group comes together: two indicators with exact definitions, and whom a hello may reach.

Source: practice handbook, section 3.2 (I1, I2) and 2.1 d. A person's row of marks holds, in order, one entry for each
evening that was held and to which they were asked: True for "was here" or "by phone or online". Evenings that we
cancelled and evenings during a pause have no mark at all, so neither can look like an absence. Guest evenings
are not told apart yet: this release has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

Marks = Sequence[bool]

# Rates of fewer people would tell about somebody; counts of an evening are for those who may see attendance anyway.
FEWEST_PEOPLE = 5
# I2 asks for some evenings before it says anything about a person, and forgives holidays.
FEWEST_OFFERED = 4
LONGEST_GAP = 2
MISSED_BEFORE_HELLO = 2


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, and how many people are behind it."""

    part: int
    whole: int
    people: int

    @property
    def percent(self) -> int | None:
        """Whole percent, halves up; None where too few people are behind it."""
        if self.people < FEWEST_PEOPLE or not self.whole:
            return None
        return (200 * self.part + self.whole) // (2 * self.whole)


def offered(marks: Marks) -> list[bool]:
    """The marks that count: those after the person's first attendance, which itself could not be missed."""
    seen = list(marks)
    return seen[seen.index(True) + 1 :] if True in seen else []


def attendance_rate(people: Iterable[Marks]) -> Share:
    """I1: evenings attended of evenings offered, over all people of a group."""
    rows = [row for marks in people if (row := offered(marks))]
    return Share(part=sum(map(sum, rows)), whole=sum(map(len, rows)), people=len(rows))


def attendance_continuity(people: Iterable[Marks]) -> Share:
    """I2: of the people with at least four offered evenings, those who never missed more than two in a row."""
    rows = [row for marks in people if len(row := offered(marks)) >= FEWEST_OFFERED]
    steady = sum(longest_gap(row) <= LONGEST_GAP for row in rows)
    return Share(part=steady, whole=len(rows), people=len(rows))


def longest_gap(marks: Marks) -> int:
    """The longest run of evenings missed one after the other."""
    return max((len(list(run)) for came, run in groupby(marks) if not came), default=0)


def would_welcome_hello(marks: Marks) -> bool:
    """Whether the last two evenings were missed, whatever lies before; also for somebody who never came yet."""
    latest = marks[-MISSED_BEFORE_HELLO:]
    return len(latest) == MISSED_BEFORE_HELLO and not any(latest)
