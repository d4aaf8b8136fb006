"""Nothing is kept without an end: every kind of record has its clock, goes with its person, or names nobody."""

from django.apps import apps
from django.db import models
from django.utils import timezone
from retention import PAGE, page

from wayhouse.leaving.clocks import CLOCKS
from wayhouse.people.models import Person

ROOMS = frozenset(
    config.label for config in apps.get_app_configs() if config.name.startswith("wayhouse.")
) - {"crypto", "audit", "accounts"}  # fmt: skip
# Kinds that hold nobody's words and lead to nobody; they stay with their programme.
NAMES_NOBODY = {
    "people.Organisation", "people.Programme", "groups.Venue", "groups.Cycle", "groups.Group", "meetings.Guide",
    "meetings.Meeting", "meetings.Change", "meetings.EveningRecord",
    # Its people are taken off when they are erased.
    "people.KeepApart",
    # Erasing deletes it by the id of its person.
    "notices.ContactPlan", "notices.PushDevice", "notices.CalendarFeed", "notices.SweepRun",
    # What a group shares stays with it; each word goes with whoever wrote it.
    "conversations.Circle", "conversations.Thread", "conversations.GroundRules",
    # Marks that only their own key computes, gone when the evening is asked about no more; sums and means of many.
    "conversations.PulseMark", "conversations.PulseTally", "conversations.PulseResult",
    # Whether a programme may open groups; who answers how fast, and in numbers whether it was in time.
    "groups.OpeningConditions", "safeguarding.Safety", "safeguarding.Limit", "safeguarding.Timeliness",
    # What was learnt from several together, with nobody in it.
    "safeguarding.LearningNote",
    # How long a concern is kept is for the law of the place (docs/how-to/safeguarding.md); no clock deletes one yet.
    "safeguarding.Concern", "safeguarding.Entry", "safeguarding.Message", "safeguarding.Timer", "safeguarding.Drill",
    # The same goes for what authorities asked for; a hold goes when two end it.
    "safeguarding.Demand", "safeguarding.DemandEntry", "people.Hold",
    # A day on which a step, a demand or a hold is looked at again ends with it; days on which nobody works.
    "safeguarding.DayToCome", "safeguarding.ClosedDay",
}  # fmt: skip


def test_every_kind_of_record_has_its_end() -> None:
    clocked = {clock.rows(timezone.now()).model for clock in CLOCKS}
    ours = {model for model in apps.get_models() if model._meta.app_label in ROOMS}
    ends: set[type[models.Model]] = {Person, *clocked}
    while more := {model for model in ours - ends if _goes_with(model, ends)}:
        ends |= more
    endless = {model._meta.label for model in ours - ends}
    assert endless == NAMES_NOBODY - {model._meta.label for model in clocked}


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def _goes_with(model: type[models.Model], others: set[type[models.Model]]) -> bool:
    links = (field.remote_field for field in model._meta.fields if field.related_model in others)
    return any(getattr(link, "on_delete", None) is models.CASCADE for link in links)
