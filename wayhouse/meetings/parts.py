"""The words for the parts of a guide, for the mood of a group and for hard moments."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS: dict[str, Promise] = {
    "arriving": _("Arriving"),
    "opening_round": _("Opening round"),
    "ground_rules": _("Ground rules"),
    "input": _("Input"),
    "questions": _("Questions"),
    "exercise": _("Exercise"),
    "free_slot": _("Free time"),
    "break": _("Break"),
    "closing_round": _("Closing round"),
}

# From 1 to 5. The mood is that of the group; nobody's own mood is asked or kept.
MOODS: dict[int, Promise] = {
    1: _("Heavy"),
    2: _("Tense"),
    3: _("Mixed"),
    4: _("Calm"),
    5: _("Warm"),
}

# Short words for the cards that are one tap away while an evening runs.
MOMENTS: dict[str, Promise] = {
    "distressed": _("Distress"),
    "voices-rising": _("Quarrel"),
    "someone-left": _("Left the room"),
}
