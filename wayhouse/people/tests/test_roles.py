import pytest
from django.core.exceptions import PermissionDenied

from conftest import Acting, Cast
from wayhouse.accounts.models import Session
from wayhouse.people.actions import come_back, end_role, give_role, pause
from wayhouse.people.models import Person, Role


def test_ending_a_role_ends_the_sessions(cast: Cast, acting: Acting, ana: Person, max: Person) -> None:
    cast.sign_in(max)
    with acting(ana):
        end_role(max.roles.get(), actor=ana)
    assert not Session.objects.filter(user=max.user).exists()


def test_dee_may_neither_give_nor_end_roles(acting: Acting, dee: Person, cass: Person) -> None:
    with acting(dee):
        with pytest.raises(PermissionDenied):
            give_role(dee, Role.Kind.COORDINATOR, actor=dee)
        with pytest.raises(PermissionDenied):
            end_role(cass.roles.get(), actor=dee)
    assert not dee.roles.filter(kind=Role.Kind.COORDINATOR).exists()


def test_pausing_and_coming_back_is_ones_own(acting: Acting, cass: Person, dee: Person) -> None:
    with pytest.raises(PermissionDenied):
        pause(cass, actor=dee)
    pause(cass, actor=cass)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.PAUSED
    with pytest.raises(PermissionDenied):
        come_back(cass, actor=dee)
    come_back(cass, actor=cass)
    assert Person.objects.get(pk=cass.pk).status == Person.Status.ACTIVE
