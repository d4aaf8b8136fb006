"""Why a meeting lacks somebody, in words a coordinator can act on. Codes: `meetings/rota/explain.py`.

A keep-apart is never named: the kernel counts whoever is kept apart among those who cannot come.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from wayhouse.people.models import Role

# By code; where those who lead and mentors are called differently, by code and role.
TEXTS: dict[str, Promise] = {
    "by_hand": _("Changed by hand."),
    "no_option facilitator": _("Nobody who leads fits the time and language of this group."),
    "no_option mentor": _("No mentor fits the time and language of this group."),
    "no_other facilitator": _("Nobody else who leads fits this group."),
    "no_other mentor": _("No other mentor fits this group."),
    "nobody_free facilitator": ngettext_lazy(
        "The one person who could lead is not free.", "Of %(able)s people who could lead, nobody is free.", "able"
    ),
    "nobody_free mentor": ngettext_lazy(
        "The one mentor who fits is not free.", "Of %(able)s mentors who fit, nobody is free.", "able"
    ),
    "free_unused": _("Somebody is free. Choose them by hand, or draw up the rota again."),
    "all_unavailable": _("Everybody who fits is away that week."),
    "unavailable": ngettext_lazy(
        "%(people)s person is away that week.", "%(people)s people are away that week.", "people"
    ),
    "all_other_group": _("Everybody who fits is in another group then: %(groups)s."),
    "only_other_group": _("One person is in another group then: %(groups)s."),
    "other_group": ngettext_lazy(
        "%(people)s person is in another group then: %(groups)s.",
        "%(people)s people are in other groups then: %(groups)s.",
        "people",
    ),
    "all_at_limit": _("Everybody who fits serves as often as they offered."),
    "at_limit": ngettext_lazy(
        "%(people)s person serves as often as they offered.",
        "%(people)s people serve as often as they offered.",
        "people",
    ),
    "all_due_rest": _("Everybody who fits needs a week of rest."),
    "due_rest": ngettext_lazy(
        "%(people)s person needs a week of rest.", "%(people)s people need a week of rest.", "people"
    ),
    "one_more facilitator": ngettext_lazy(
        "One more person who leads could take %(meetings)s evening of this group.",
        "One more person who leads could take up to %(meetings)s evenings of this group.",
        "meetings",
    ),
    "one_more mentor": ngettext_lazy(
        "One more mentor could take %(meetings)s evening of this group.",
        "One more mentor could take up to %(meetings)s evenings of this group.",
        "meetings",
    ),
}


def sentences(codes: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Each reason as a sentence in the reader's language, each once; `names` of groups by id."""
    found = (_sentence(one["code"], one["params"], names) for one in codes)
    return list(dict.fromkeys(sentence for sentence in found if sentence))


def _sentence(code: str, params: Mapping[str, Any], names: Mapping[str, str]) -> str:
    role = params.get("role", Role.Kind.FACILITATOR)
    text = TEXTS.get(code) or TEXTS.get(f"{code} {role}")
    if text is None:
        return ""
    groups = ", ".join(names[group] for group in str(params.get("groups", "")).split(", ") if group in names)
    return str(text % {**params, "groups": groups})
