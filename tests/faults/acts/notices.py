"""Agreeing to be reached, by which browser, and stopping that."""

from faults.acts import Done, act
from faults.house import House
from wayhouse.notices.actions import agree_contact, stop_contact, try_out
from wayhouse.notices.calendars import share_calendar, stop_calendar
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan
from wayhouse.notices.push import add_device, remove_devices

BY_MAIL = Plan(channels=(Channel.EMAIL,), email="cass@example.org")

# A browser as RFC 8291 has one, Appendix A.
KEYS = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
ENDPOINT = "https://fcm.googleapis.com/take/this"


@act("contact.agreed")
def agree_to_be_reached(house: House) -> Done:
    cass = house.person("cass")
    return lambda: agree_contact(BY_MAIL, actor=cass)


@act("contact.stopped")
def stop_all_messages(house: House) -> Done:
    cass = house.person("cass")
    agree_contact(BY_MAIL, actor=cass)
    return lambda: stop_contact(actor=cass)


@act("push_device.added")
def let_a_browser_take_messages(house: House) -> Done:
    cass = house.person("cass")
    return lambda: add_device(ENDPOINT, *KEYS, actor=cass)


@act("push_devices.removed")
def let_no_browser_take_messages(house: House) -> Done:
    cass = house.person("cass")
    add_device(ENDPOINT, *KEYS, actor=cass)
    return lambda: remove_devices(actor=cass)


@act("contact.tried")
def try_it_out(house: House) -> Done:
    cass = house.person("cass")
    agree_contact(BY_MAIL, actor=cass)
    return lambda: try_out(actor=cass)


@act("calendar.shared")
def share_times(house: House) -> Done:
    cass = house.person("cass")
    return lambda: share_calendar("Choir", actor=cass)


@act("calendar.stopped")
def stop_sharing_times(house: House) -> Done:
    cass = house.person("cass")
    share_calendar("Choir", actor=cass)
    return lambda: stop_calendar(actor=cass)
