import pytest

from conftest import Acting
from wayhouse.arrivals import avoiding, welcoming, writing
from wayhouse.arrivals.models import AvoidList, Contact, Voice
from wayhouse.crypto.models import Scope
from wayhouse.leaving.actions import erase, leave
from wayhouse.people.models import Person


@pytest.mark.parametrize("way_out", [leave, erase])
def test_whoever_goes_takes_their_list_along(acting: Acting, cass: Person, way_out: object) -> None:
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
        way_out(cass, actor=cass)  # type: ignore[operator]
    assert (AvoidList.objects.count(), Scope.objects.filter(kind="avoid").count()) == (0, 0)


def test_whoever_is_erased_takes_along_what_they_thought_of_a_newcomer(acting: Acting, ana: Person, bo: Person) -> None:
    opened, _code = writing.write_first(ana.programme, Contact.Kind.FIRST, "Hello.", language="en")
    writing.send(opened.contact)
    with acting(bo):
        welcoming.give_voice(opened.contact, Voice.Reason.THEM, actor=bo)
        assert Voice.objects.select_related("item").get().in_words == str(Voice.Reason.THEM.label)
        erase(bo, actor=bo)
    assert (Voice.objects.count(), Scope.objects.filter(kind="voice").count()) == (0, 0)
