"""A safety plan when roles end, when somebody leaves, and when they erase everything."""

import pytest

from conftest import Acting
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Scope
from wayhouse.groups.models import Group
from wayhouse.leaving.actions import erase, leave, take_copy
from wayhouse.leaving.consents import withdraw
from wayhouse.people import reach
from wayhouse.people.actions import end_role
from wayhouse.people.consents.ledger import ConsentEntry
from wayhouse.people.consents.wordings import Purpose
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding.models import EmergencyCopy, SafetyPlan
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Post
from wayhouse.safeguarding.safety_plan import writing
from wayhouse.safeguarding.safety_plan.copying import keep_copy

WORDS = {"signs": "I stop sleeping", "people": "Fern", "reasons": "the garden"}


def test_taking_the_yes_back_where_everything_is_taken_back_destroys_the_copy(
    acting: Acting, ana: Person, cass: Person, sol: Person
) -> None:
    with acting(ana):
        appoint(sol, Post.LEAD, "Sol", actor=ana)
    with acting(cass):
        writing.write_plan(WORDS, actor=cass)
        for leaving in (False, True):
            keep_copy("2", "en", actor=cass)
            assert EmergencyCopy.objects.filter(person=cass).exists()
            if leaving:
                leave(cass, actor=cass)
            else:
                withdraw(cass, Purpose.EMERGENCY, actor=cass)
            assert not EmergencyCopy.objects.exists()
            assert not Scope.objects.filter(kind="plan-half").exists()
    assert ConsentEntry.objects.filter(purpose=Purpose.EMERGENCY, step="withdrawn", effects=1).count() == 1


def test_a_role_that_ends_and_somebody_who_leaves_take_the_reader_out_and_never_the_owner(
    acting: Acting, ana: Person, bo: Person, cass: Person, tuesday: Group
) -> None:
    for who in (cass, bo):
        with acting(who):
            writing.write_plan(WORDS, actor=who)
    hers, his = (SafetyPlan.objects.select_related("item__scope").get(person=who) for who in (cass, bo))
    with acting(cass):
        writing.show_plan(hers, bo, "Bo", actor=cass)
    end_role(Role.objects.get(person=bo, kind=Role.Kind.FACILITATOR), actor=ana)
    assert not SafetyPlan.objects.shown_to(bo).exists()
    for who, own, other in ((bo, his, hers), (cass, hers, his)):
        with acting(who):
            assert SafetyPlan.objects.get(pk=own.pk).signs == "I stop sleeping"
            with pytest.raises(CannotOpen):
                _ = SafetyPlan.objects.get(pk=other.pk).signs
    with acting(cass):
        reach.let_in(SafetyPlan.objects.get(pk=hers.pk).item.scope, bo)
        assert SafetyPlan.objects.shown_to(bo).exists()
        leave(cass, actor=cass)
        assert not SafetyPlan.objects.shown_to(bo).exists()
        copy = take_copy(cass, actor=cass)
        assert [part.words for part in copy.plan] == list(WORDS.values())
        erase(cass, actor=cass)
    assert [found.person for found in SafetyPlan.objects.all()] == [bo]
    assert Scope.objects.filter(kind="plan").count() == 1
