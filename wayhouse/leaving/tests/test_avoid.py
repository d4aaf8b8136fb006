import pytest

from conftest import Acting
from wayhouse.arrivals import avoiding
from wayhouse.arrivals.models import AvoidList
from wayhouse.crypto.models import Scope
from wayhouse.leaving.actions import erase, leave
from wayhouse.people.models import Person


@pytest.mark.parametrize("way_out", [leave, erase])
def test_whoever_goes_takes_their_list_along(acting: Acting, cass: Person, way_out: object) -> None:
    with acting(cass):
        avoiding.keep_list(cass, ["Dee"], actor=cass)
        way_out(cass, actor=cass)  # type: ignore[operator]
    assert (AvoidList.objects.count(), Scope.objects.filter(kind="avoid").count()) == (0, 0)
