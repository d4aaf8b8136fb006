"""One's own yes and no: where each purpose stands, and taking back with its effect carried out at once.

The ledger lies in `people`; what a taking back changes lies in the rooms above it, which this room sees.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from wayhouse.core.gate import require
from wayhouse.groups.models import Cycle, Seat
from wayhouse.meetings.forgetting import forget_attendance
from wayhouse.notices.actions import stop_contact
from wayhouse.notices.models import ContactPlan
from wayhouse.people import rules
from wayhouse.people.consents.giving import give_consent, withdraw_consent
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose, Terms, Wording, terms_of, wording_of
from wayhouse.people.models import Person
from wayhouse.safeguarding.safety_plan.copying import destroy_copy

How = ConsentEntry.How


def _reach_no_more(person: Person) -> int:
    """The plan goes, and whatever waits is not sent: one record."""
    stop_contact(actor=person)
    return 1


# What a taking back changes, and in how many records. Any other purpose changes only what happens from then on.
EFFECTS: Mapping[Purpose, Callable[[Person], int]] = {
    Purpose.KEEPING: forget_attendance,
    Purpose.SAFE_CONTACT: _reach_no_more,
    Purpose.EMERGENCY: destroy_copy,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one purpose stands for one person. `entries`: all of the ledger, the latest first."""

    purpose: Purpose
    wording: Wording
    terms: Terms
    entries: list[ConsentEntry]
    in_force: list[ConsentEntry]
    # The thing a yes would be about now; None where it is not asked on one's own page.
    about: UUID | None
    # Whether a yes holds that is a plan of its own: how somebody may be reached is asked and kept by `notices`.
    planned: bool = False

    @property
    def holds(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self.in_force) or self.planned

    @property
    def current(self) -> ConsentEntry | None:
        """The yes that holds, the latest one."""
        return self.in_force[0] if self.in_force else None

    @property
    def asks(self) -> bool:
        """Whether a yes can be given here and now."""
        return self.about is not None and self.about not in {entry.about for entry in self.in_force}

    @property
    def was_reworded(self) -> bool:
        """Whether the yes that holds was given to earlier words."""
        return self.current is not None and self.current.version != self.wording.version

    @property
    def agreed(self) -> Wording | None:
        """The words to which the yes that holds was given."""
        return wording_of(self.purpose, self.current.language, self.current.version) if self.current else None

    @property
    def taken_back(self) -> ConsentEntry | None:
        """The taking back, where that was the last word."""
        last = self.entries[0] if self.entries else None
        return last if last and last.step == ConsentEntry.Step.WITHDRAWN and not self.holds else None


def standings_of(person: Person) -> list[Standing]:
    """Where every purpose stands, in three queries."""
    rows = list(ConsentEntry.objects.filter(person=person).order_by("-pk"))
    cycle = _cycle_of(person)
    found = [_standing(person, purpose, rows, cycle) for purpose in Purpose]
    reached = ContactPlan.objects.filter(person_id=person.pk).exists()
    return [replace(one, planned=reached) if one.purpose == Purpose.SAFE_CONTACT else one for one in found]


def standing_of(person: Person, purpose: Purpose) -> Standing:
    """Where one purpose stands."""
    return next(found for found in standings_of(person) if found.purpose == purpose)


def give(person: Person, purpose: Purpose, version: str, how: "How", *, actor: Person) -> ConsentEntry:
    """Say yes to a purpose that is asked on one's own page. Error: `Reworded`."""
    standing = standing_of(person, purpose)
    require(standing.asks)
    wording = wording_of(purpose, standing.wording.language, version)
    return give_consent(person, wording, about=standing.about, how=how, actor=actor)


def withdraw(person: Person, purpose: Purpose, *, actor: Person) -> ConsentEntry | None:
    """Take back a yes, and carry out at once what follows from it. Participation is taken back by leaving.

    The last entry; None where the ledger had none: nothing held, or a plan of its own, which is gone then.
    """
    require(rules.may_withdraw_consent(actor, person) and purpose != Purpose.PARTICIPATION)
    effect = EFFECTS.get(purpose)
    with transaction.atomic():
        # Before the effect: an evening that is being recorded with this yes is waited for, and then forgotten too.
        Person.objects.select_for_update().get(pk=person.pk)
        changed = effect(person) if effect and standing_of(person, purpose).holds else 0
        taken = withdraw_consent(person, purpose, effects=changed, actor=actor)
        # The plan to be reached writes its own taking back as it goes.
        own = ConsentEntry.objects.filter(person=person, purpose=purpose, step=ConsentEntry.Step.WITHDRAWN)
        return taken or (own.order_by("-pk").first() if changed else None)


def _standing(person: Person, purpose: Purpose, rows: list[ConsentEntry], cycle: UUID | None) -> Standing:
    terms, today = terms_of(purpose), timezone.localdate()
    entries = [row for row in rows if row.purpose == purpose]
    last = {row.about: row for row in reversed(entries)}
    in_force = [
        row
        for row in entries
        if last[row.about] is row and row.step == ConsentEntry.Step.GIVEN and (row.until is None or row.until > today)
    ]
    asked_here = terms.asked in {"here", "cycle"} and rules.may_give_consent(person, person)
    # Between two cycles the yes to the last one goes on, and is not asked for again.
    if terms.asked == "cycle" and cycle is None and in_force:
        asked_here = False
    about = (cycle if terms.asked == "cycle" and cycle else person.pk) if asked_here else None
    return Standing(purpose, wording_of(purpose, _language()), terms, entries, in_force, about)


def _cycle_of(person: Person) -> UUID | None:
    """The cycle in which somebody sits now, the latest one; a seat outlives its cycle, which asks nothing any more."""
    seats = Seat.objects.current().members().filter(person=person, group__closed_on=None)
    going_on = seats.exclude(group__cycle__state=Cycle.State.ENDED)
    return going_on.order_by("-group__cycle__starts_on").values_list("group__cycle", flat=True).first()


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
