"""What each person carries in this cycle and carried in the one before, against a fair share of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.meetings.limits import most_in_four_weeks
from wayhouse.meetings.rostering import Colleague
from wayhouse.people.models import Role, label_of_role


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carries in this cycle, and carried in the one before.

    `fair` is their share of all evenings of their role in this cycle, by the time they give.
    """

    name: str
    role: "str | Promise"
    evenings: int
    reserve: int
    a_week: int
    before: int
    fair: int

    @property
    def both(self) -> int:
        """Evenings of the two cycles together."""
        return self.evenings + self.before

    @property
    def judged(self) -> str:
        """Whether it is fair, in words. The kernel minds a difference of more than one, and so do we."""
        beyond = self.evenings - self.fair
        if abs(beyond) <= 1:
            return _("fair")
        words = {"evenings": abs(beyond)}
        if beyond > 0:
            return ngettext("%(evenings)s more", "%(evenings)s more", abs(beyond)) % words
        return ngettext("%(evenings)s fewer", "%(evenings)s fewer", abs(beyond)) % words


def loads_of(colleagues: Sequence[Colleague], serving: Counter[UUID], reserve: Counter[UUID]) -> list[Load]:
    """The load of each colleague, whoever carries most first."""
    shares = _shares(colleagues, serving)
    found = [
        Load(
            name=one.entry.name,
            role=label_of_role(one.role),
            evenings=serving[one.person.pk],
            reserve=reserve[one.person.pk],
            a_week=one.a_week,
            before=one.before,
            fair=shares[one.person.pk],
        )
        for one in colleagues
    ]
    return sorted(found, key=lambda load: (-load.evenings, -load.before, load.name.casefold()))


def _shares(colleagues: Sequence[Colleague], serving: Counter[UUID]) -> dict[UUID, int]:
    shares: dict[UUID, int] = {}
    for role in (Role.Kind.FACILITATOR, Role.Kind.MENTOR):
        mine = [one for one in colleagues if one.role == role]
        evenings = sum(serving[one.person.pk] for one in mine)
        given = max(1, sum(most_in_four_weeks(one.a_week) for one in mine))
        shares |= {one.person.pk: round(evenings * most_in_four_weeks(one.a_week) / given) for one in mine}
    return shares
