"""Who may leave, and what may be erased."""

from datetime import date, timedelta

from wayhouse.people import rules as people
from wayhouse.people.holds import known_to
from wayhouse.people.models import Person

# Practice handbook 4.4: plans and all else of a person stay ninety days after they left, so that the door stays open.
KEPT_FOR = timedelta(days=90)


def may_leave(actor: Person, person: Person) -> bool:
    """Only the person themselves, without a reason."""
    return people.may_leave(actor, person)


def may_erase(actor: Person, person: Person) -> bool:
    """Only the person themselves. A coordinator hands over first: somebody who stays has to change the locks."""
    return actor.pk == person.pk and not person.is_coordinator


def may_take_copy(actor: Person, person: Person) -> bool:
    """Only the person themselves."""
    return actor.pk == person.pk


def kept_by_law(person: Person) -> list[date]:
    """Of every hold that the person was told of, the day on which it is looked at again."""
    return sorted(terms.again for terms in known_to(person.pk))


def kept_until(person: Person) -> date:
    """The day on which all that is left of somebody who left is erased."""
    return person.status_on + KEPT_FOR
