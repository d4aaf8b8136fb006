"""Coordinators share a desk. When one stops, its locks change, and nobody who stays stands before a closed door."""

from conftest import Acting, Cast, SignedIn
from wayhouse.groups.models import Group
from wayhouse.people.actions import end_role, give_role
from wayhouse.people.models import Person, Role


def test_who_stays_goes_on_reading_in_the_same_session(
    cast: Cast, acting: Acting, signed_in: SignedIn, ana: Person, sol: Person, max: Person, tuesday: Group
) -> None:
    with acting(ana):
        for person in (sol, max):
            give_role(person, Role.Kind.COORDINATOR, actor=ana)
    windows = [signed_in(person) for person in (ana, sol)]
    address = f"/groups/{tuesday.pk}/"
    assert [window.get(address).status_code for window in windows] == [200, 200]
    with acting(ana):
        end_role(max.roles.get(kind=Role.Kind.COORDINATOR), actor=ana)
    assert [window.get(address).status_code for window in windows] == [200, 200]
    assert signed_in(max).get(address).status_code == 404
