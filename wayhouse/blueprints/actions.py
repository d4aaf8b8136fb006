"""What is done with packs: a cycle begins from one, with its guides as they are on that day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.blueprints import rules
from wayhouse.blueprints.pack import Circle, Pack
from wayhouse.core.gate import require
from wayhouse.groups.actions import begin_cycle
from wayhouse.groups.going_on import go_on_in
from wayhouse.groups.models import Cycle
from wayhouse.meetings.models import Guide
from wayhouse.people.models import Person, Programme


def start_cycle(pack: Pack, starts_on: date, *, language: str, actor: Person, key: UUID | None = None) -> Cycle:
    """Begin a cycle of this pack in the week of `starts_on`; its guides are copied in every language.

    The same `key` a second time gives what it gave the first time. Error: `ValueError` where the day is no Monday.
    """
    require(rules.may_start_cycle(actor))
    if starts_on.weekday() != 0:
        raise ValueError("a cycle begins on a Monday")
    with transaction.atomic():
        # One at a time: of two with one key the second finds what the first began.
        Programme.objects.select_for_update(no_key=True).get(pk=actor.programme_id)
        known = Cycle.objects.filter(pk=key, programme=actor.programme_id).first() if key else None
        if known is not None:
            return known
        cycle = begin_cycle(
            actor.programme,
            pack=pack.key,
            version=pack.version,
            title=pack.title(language),
            starts_on=starts_on,
            weeks=pack.weeks,
            actor=actor,
            key=key,
        )
        cycle.entry_weeks = list(pack.entry_weeks)
        cycle.save(update_fields=["entry_weeks"])
        Guide.objects.bulk_create(_guides(cycle, pack))
        record("cycle.started", cycle, actor=actor, pack=pack.key)
    return cycle


def open_circle(
    ended: Cycle, groups: Collection[UUID], pack: Pack, starts_on: date, *, language: str, actor: Person
) -> Cycle:
    """Let groups (by id) of a cycle that has ended go on as an open circle, all or nothing: one cycle for all of them.

    Errors: `ValueError` where the day is no Monday or the pack has no circle; `Outdated` where one of them does not
    wait there any more; `NotReady` where nobody would answer.
    """
    require(rules.may_open_circle(actor, ended))
    if starts_on.weekday() != 0 or pack.circle is None or not groups:
        raise ValueError("a circle begins on a Monday, as its pack says, with a group")
    with transaction.atomic():
        cycle = begin_cycle(
            actor.programme,
            pack=pack.key,
            version=pack.version,
            title=pack.title_of(pack.circle.guide, language),
            starts_on=starts_on,
            weeks=pack.circle.evenings,
            actor=actor,
        )
        cycle.every = pack.circle.every
        cycle.save(update_fields=["every"])
        Guide.objects.bulk_create(_guides_of_circle(cycle, pack, pack.circle))
        go_on_in(cycle, ended, groups, actor=actor)
    return cycle


def _guides_of_circle(cycle: Cycle, pack: Pack, circle: Circle) -> list[Guide]:
    """The same guide for all evenings; the others of the pack can be taken up, but for the talk before the first."""
    found = _guides(cycle, pack)
    for guide in found:
        is_its = guide.key == circle.guide
        guide.week = 1 if is_its else 0 if guide.week == 0 else None
        guide.until_week = circle.evenings if is_its else None
    return found


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
