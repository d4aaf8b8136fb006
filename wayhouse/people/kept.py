"""What is kept about a person, and who can read each of it: the same list for everybody with the same roles."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from wayhouse.people.models import Person


class Kept(NamedTuple):
    """One kind of record."""

    what: str
    readers: str


def kept_about(person: Person) -> list[Kept]:
    """Every kind of record of this house that can be about this person."""
    coordinators = _("the coordinators")
    common = [
        Kept(_("The name you chose"), _("you, your group, and the people who run it")),
        Kept(_("The name you sign in with"), _("nobody: only a fingerprint of it is kept")),
        Kept(_("Languages, times, needs, area, kind of group and label, for planning"), coordinators),
        Kept(_("Who you should not meet, if somebody said so"), _("nobody on any page; only the planning uses it")),
        Kept(_("That two people made a way back for you, when, and how they knew you"), _("you and the coordinators")),
        Kept(_("Your roles, and the days they began"), coordinators),
    ]
    if person.leads_evenings:
        common.append(Kept(_("The evenings you lead or accompany"), _("the group, and the coordinators")))
    else:
        group = _("you, the people who run your group, and the coordinators")
        common.append(Kept(_("Your seat in a group, and which evenings you came to"), group))
    device = Kept(_("Your device, your network, and when you were here"), _("nobody: it is not kept"))
    return [*common, Kept(_("That you take a break, never why"), coordinators), device]
