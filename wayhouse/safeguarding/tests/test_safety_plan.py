"""A safety plan is its owner's: nobody else opens it, unless they show it, and until they take that back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from conftest import Cast
from wayhouse.crypto.box import CannotOpen
from wayhouse.crypto.models import Item, Scope
from wayhouse.groups.models import Group
from wayhouse.people.models import Belonging, Person
from wayhouse.safeguarding.models import SafetyPlan
from wayhouse.safeguarding.safety_plan import writing

WORDS = {"signs": "I stop sleeping", "people": "Fern", "reasons": "the garden"}


def url(name: str, *args: object) -> str:
    return reverse(f"safeguarding:{name}", args=args)


def plan() -> SafetyPlan:
    return SafetyPlan.objects.select_related("item__scope").get()


def signs(cast: Cast, who: Person) -> str | None:
    try:
        with cast.acting(who):
            return plan().signs
    except CannotOpen:
        return None


def test_from_the_first_line_to_nothing(
    cast: Cast, ana: Person, bo: Person, cass: Person, dee: Person, tuesday: Group
) -> None:
    page, bos = cast.sign_in(cass), cast.sign_in(bo)
    assert "Write one line at least" in page.post(url("write_plan"), {"signs": " "}).content.decode()
    assert not SafetyPlan.objects.exists()
    page.post(url("write_plan"), WORDS)
    assert [signs(cast, who) for who in (cass, bo, ana, dee)] == ["I stop sleeping", None, None, None]
    # Who leads her group can be chosen, and nobody else.
    for nobody in (dee.pk, cass.seats.get().pk, "x"):
        page.post(url("show_plan"), {"reader": str(nobody)})
    assert not SafetyPlan.objects.shown_to(bo).exists()
    with cast.acting(cass), pytest.raises(PermissionDenied):
        writing.show_plan(plan(), dee, "Dee", actor=cass)
    with cast.acting(bo), pytest.raises(PermissionDenied):
        writing.show_plan(plan(), bo, "Bo", actor=bo)
    assert bos.get(url("shown_plan", plan().pk)).status_code == 404
    page.post(url("show_plan"), {"reader": str(bo.seats.get().pk)})
    assert [signs(cast, who) for who in (cass, bo, ana, dee)] == ["I stop sleeping", "I stop sleeping", None, None]
    assert "Cass" in bos.get(url("shown_plans")).content.decode()
    # What was written later is read as well; what stood there before is nowhere.
    page.post(url("write_plan"), {**WORDS, "signs": "I walk at night"})
    seen = bos.get(url("shown_plan", plan().pk)).content.decode()
    assert ("I walk at night" in seen, "I stop sleeping" in seen, "Fern" in seen) == (True, False, True)
    assert Item.objects.filter(kind="plan").count() == 1
    shown = page.get(url("safety_plan")).content.decode()
    given = Belonging.objects.get(person=bo, scope=plan().item.scope)
    assert (f'name="reader" value="{given.pk}"' in shown, "<bdi>Bo</bdi>" in shown) == (True, True)
    epoch = plan().item.epoch
    page.post(url("take_plan_back"), {"reader": str(given.pk)})
    assert [signs(cast, who) for who in (cass, bo)] == ["I walk at night", None]
    assert plan().item.epoch > epoch, "what is written now lies under another key"
    assert bos.get(url("shown_plan", plan().pk)).status_code == 404
    assert "the garden" in page.get(url("plan_on_paper")).content.decode()
    page.post(url("erase_plan"))
    assert not SafetyPlan.objects.exists()
    assert not Item.objects.filter(kind="plan").exists()
    assert not Scope.objects.filter(kind="plan").exists()
    assert page.get(url("safety_plan")).status_code == 200
