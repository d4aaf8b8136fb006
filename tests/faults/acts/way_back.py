"""The way back after everything was lost, and what is granted afterwards."""

from datetime import timedelta

from django.utils import timezone

from faults.acts import Done, act, coordinating
from faults.house import House
from faults.invariants import ANOTHER
from wayhouse.people import way_back as ways
from wayhouse.people.granting import carry_out_grants
from wayhouse.people.models import WayBack


@act("way_back.asked")
def ask_for_a_way_back(house: House) -> Done:
    return coordinating(house, lambda: _asked(house))


@act("way_back.confirmed")
def confirm_a_way_back(house: House) -> Done:
    return _confirming(house)


@act("way_back.stopped")
def stop_a_way_back(house: House) -> Done:
    with house.acting():
        found = _asked(house)
    return lambda: ways.stop_way_back(found, actor=house.ana)


@act("way_back.ran_out")
def close_a_way_back_that_ran_out(house: House) -> Done:
    with house.acting():
        _asked(house)
    WayBack.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    return ways.close_expired_ways_back


@act("way_back.used", "account.begun_again", thrifty=True)
def take_a_way_back(house: House) -> Done:
    token = _confirming(house)()
    return lambda: ways.take_way_back(str(token), "cass", ANOTHER, "Cass")


@act("keys.granted")
def give_what_waits(house: House) -> Done:
    _user, secret, _code = ways.take_way_back(str(_confirming(house)()), "cass", ANOTHER, "Cass")
    house.cast.secrets[house.people["cass"].pk] = secret
    return coordinating(house, lambda: carry_out_grants(house.ana))


def _asked(house: House) -> WayBack:
    return ways.ask_way_back(house.person("cass"), WayBack.How.MET, actor=house.ana)


def _confirming(house: House) -> Done:
    with house.acting():
        found = _asked(house)

    def done() -> str:
        with house.acting("bo"):
            return ways.confirm_way_back(found, WayBack.How.SPOKE, actor=house.person("bo"))

    return done
