"""What is done with packs: a cycle begins from one, with its guides as they are on that day."""

from datetime import date

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.blueprints import rules
from wayhouse.blueprints.pack import Pack
from wayhouse.core.gate import require
from wayhouse.groups.actions import begin_cycle
from wayhouse.groups.models import Cycle
from wayhouse.meetings.models import Guide
from wayhouse.people.models import Person


def start_cycle(pack: Pack, starts_on: date, *, language: str, actor: Person) -> Cycle:
    """Begin a cycle of this pack in the week of `starts_on`; its guides are copied in every language.

    Error: `ValueError` where the day is no Monday.
    """
    require(rules.may_start_cycle(actor))
    if starts_on.weekday() != 0:
        raise ValueError("a cycle begins on a Monday")
    with transaction.atomic():
        cycle = begin_cycle(
            actor.programme,
            pack=pack.key,
            version=pack.version,
            title=pack.title(language),
            starts_on=starts_on,
            weeks=pack.weeks,
            actor=actor,
        )
        cycle.entry_weeks = list(pack.entry_weeks)
        cycle.save(update_fields=["entry_weeks"])
        Guide.objects.bulk_create(_guides(cycle, pack))
        record("cycle.started", cycle, actor=actor, pack=pack.key)
    return cycle


def _guides(cycle: Cycle, pack: Pack) -> list[Guide]:
    week_of = {evening.guide: evening.week for evening in pack.evenings}
    return [
        Guide(
            cycle=cycle,
            key=key,
            language=language,
            week=week_of.get(key),
            title=content["title"],
            content={**content, "cards": pack.cycles[language]["cards"]},
        )
        for language, guides in pack.guides.items()
        for key, content in guides.items()
    ]
