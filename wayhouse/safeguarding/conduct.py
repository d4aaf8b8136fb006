"""The conduct ladder: a talk, a written agreement, time away, ending; each told, looked at again, and open to appeal.

It begins with a concern about somebody. Every word is written for the person, who reads it on a page of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.crypto import items, scopes
from wayhouse.crypto.sealed import open_all
from wayhouse.notices.actions import notify
from wayhouse.notices.kinds import Kind as Notice
from wayhouse.people import away, reach
from wayhouse.people.models import Belonging, Person
from wayhouse.safeguarding import posts, rules, steps
from wayhouse.safeguarding.conduct_readers import others
from wayhouse.safeguarding.looking_again import keep_days_of_step
from wayhouse.safeguarding.models import Appointment, Concern, ConductStep
from wayhouse.safeguarding.naming import named_in
from wayhouse.safeguarding.protocol.conduct import (
    APPEAL_WITHIN,
    DECIDED_WITHIN,
    OVER_AFTER,
    Deed,
    Given,
    NotFollowing,
    Place,
    Rung,
    begin,
    follow,
    open_to,
)
from wayhouse.safeguarding.times import Calendar, zone_of

CONDUCT = "conduct"
# What one person may decide: longer is an ending, which takes two.
LONGEST_AWAY = timedelta(weeks=12)
# The entry of each deed in the log.
_VERBS = {
    Deed.CONFIRM: "conduct.confirmed",
    Deed.DROP: "conduct.dropped",
    Deed.TAKE_BACK: "conduct.reversed",
    Deed.KEEP: "conduct.reviewed",
    Deed.END: "conduct.lifted",
    Deed.CLOSE: "conduct.completed",
    Deed.SAY: "conduct.answered",
    Deed.AGREE: "conduct.agreed",
    Deed.APPEAL: "conduct.appealed",
    Deed.UPHOLD: "conduct.appeal_decided",
    Deed.OVERTURN: "conduct.appeal_decided",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided: the reason and all else in words for the person. `until`: the first day back, for time away."""

    rung: Rung
    reason: str
    agreement: str = ""
    until: date | None = None
    review_on: date | None = None
    signpost: str = ""


def take_conduct_step(concern: Concern, decided: Decided, *, actor: Person) -> ConductStep:
    """Decide a step about the person of a concern. An ending waits for a second signature; all else is told at once.

    Errors: `NotFollowing` for an ending without an earlier step; `ValueError` where a word or a day that the step
    needs is missing; `NobodyAnswers` where whoever it is about is the only one left.
    """
    require(rules.may_answer(actor, concern))
    person = person_of(concern)
    require(person is not None and person.pk != actor.pk)
    assert person is not None  # noqa: S101  as above
    _check(decided)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        earlier = ConductStep.objects.told_to(person).exclude(place=Place.SET_ASIDE).exists()
        # Whoever coordinates hands over first: somebody who stays changes the locks.
        step = begin(decided.rung, str(actor.pk), earlier=earlier and not person.is_coordinator)
        made = _make(concern, person, decided, step.place, actor)
        if step.place == Place.STANDING:
            _tell(made, person, decided.rung)
        made.save(force_insert=True)
        keep_days_of_step(made)
        steps.write_down(concern, steps.LADDER, {"note": "–"}, actor=actor)
        record("conduct.decided", made, actor=actor)
    return made


def do_with_step(step: ConductStep, deed: Deed, words: Mapping[str, str], *, actor: Person) -> ConductStep:
    """What those who answer do with a step: sign, drop, take back, look again, decide an appeal. `words`: "reason".

    Error: `NotFollowing`.
    """
    require(rules.may_handle_conduct(actor, step))
    return _do(step, deed, words, actor)


def answer_step(step: ConductStep, deed: Deed, words: Mapping[str, str], *, actor: Person) -> ConductStep:
    """What the person does: say something, agree, appeal. `words`: "words", kept with it. Error: `NotFollowing`."""
    require(rules.may_answer_conduct(actor, step))
    return _do(step, deed, words, actor)


def admit_to_conduct(step: ConductStep, colleague: Person, *, actor: Person) -> None:
    """Somebody else who answers reads it from now on: somebody who did not decide. Never the person."""
    require(rules.may_handle_conduct(actor, step) and rules.answers(colleague))
    require(colleague.programme_id == step.programme_id and colleague.pk != step.person_id)
    with transaction.atomic():
        locked = _lock(step)
        require(str(colleague.pk) not in locked.kept_from)
        reach.let_in(locked.scope, colleague)
        record("conduct.shared", locked, actor=actor)


def given_by(step: ConductStep, actor: Person) -> Given:
    """What somebody brings along, words aside."""
    now = clock.now()
    readers = Appointment.objects.current().filter(person__belongings__scope=step.scope_id)
    return Given(
        actor=str(actor.pk),
        is_the_person=actor.pk == step.person_id,
        readers=frozenset(str(pk) for pk in readers.exclude(person=step.person_id).values_list("person", flat=True)),
        in_time=step.appeal_until is not None and now <= step.appeal_until,
    )


def deeds_of(step: ConductStep, actor: Person) -> list[Deed]:
    """What somebody may do with a step now."""
    return open_to(step.step, given_by(step, actor))


def person_of(concern: Concern) -> Person | None:
    """Whom a concern is about, where they are known here."""
    known = named_in(concern)
    return Person.objects.filter(pk=UUID(known[0]), programme=concern.programme_id).first() if known else None


def _do(step: ConductStep, deed: Deed, words: Mapping[str, str], actor: Person) -> ConductStep:
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=step.person_id)
        locked = _lock(step)
        before, given = locked.step, given_by(locked, actor)
        after = follow(before, deed, replace(given, filled=frozenset(said)))
        locked.place = after.place
        if deed == Deed.CONFIRM:
            locked.second_by = actor.pk
            _tell(locked, person, after.rung)
        if deed == Deed.APPEAL:
            _ask_others(locked)
        if deed in {Deed.UPHOLD, Deed.OVERTURN}:
            locked.decide_by = None
        if after.place == Place.SET_ASIDE and locked.told_at:
            _undo(locked, person)
        if actor.pk != person.pk and locked.told_at and deed != Deed.CONFIRM:
            notify([person.pk], Notice.NOTE, once=f"conduct:{locked.pk}:{len(locked.lines)}")
        locked.save()
        line = _line(str(deed), said.get("reason", "") or said.get("words", ""), actor, person)
        locked.rewrite(looked=sorted(after.looked), lines=[*locked.lines, line])
        keep_days_of_step(locked)
        record(_VERBS[deed], locked, actor=actor)
    return locked


def _check(decided: Decided) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    whole = {
        Rung.TALK: True,
        Rung.AGREEMENT: bool(decided.agreement.strip()) and decided.review_on is not None,
        Rung.AWAY: decided.until is not None and tomorrow <= decided.until <= clock.today() + LONGEST_AWAY,
        Rung.ENDING: bool(decided.signpost.strip()),
    }
    in_time = decided.review_on is None or decided.review_on <= clock.today() + OVER_AFTER
    if not decided.reason.strip() or not whole[decided.rung] or not in_time:
        raise ValueError("a step needs a reason, and what belongs to it")


def _make(concern: Concern, person: Person, decided: Decided, place: Place, actor: Person) -> ConductStep:
    excluded = {*concern.kept_from, str(person.pk)}
    team = posts.answering(concern.programme, without=excluded)
    team = team if actor in team else [*team, actor]
    holder = reach.holder_of(person)
    scope = scopes.create_scope(CONDUCT, [*reach.holders_of(team), *([holder] if holder else [])])
    Belonging.objects.bulk_create(Belonging(person=one, scope=scope) for one in team)
    words = {
        "rung": decided.rung.value,
        "reason": decided.reason.strip(),
        "agreement": decided.agreement.strip(),
        "until": decided.until.isoformat() if decided.until else "",
        "review_on": decided.review_on.isoformat() if decided.review_on else "",
        "signpost": decided.signpost.strip(),
        "kept_from": sorted(excluded),
    }
    item = items.seal(scope, CONDUCT, words, subject_id=person.pk)
    by_two = place == Place.PROPOSED
    made = ConductStep(item=item, programme=concern.programme, person=person, scope=scope, place=place)
    made.signed_by, made.by_two = actor.pk, by_two
    return made


def _tell(step: ConductStep, person: Person, rung: Rung) -> None:
    """From now on the person reads it, may appeal, and what it says holds."""
    now, calendar = clock.now(), Calendar(step.programme)
    step.told_at, step.appeal_until = now, calendar.due(APPEAL_WITHIN, now)
    if rung == Rung.AWAY:
        back_on = date.fromisoformat(step.until)
        step.ends_at = datetime.combine(back_on, time.min, calendar.zone)
        other = _away_until(person, step)
        # A longer time away stays as long, and an ending stays one.
        longest = back_on if other is None else other.day and max(other.day, back_on)
        away.send_away(person, longest)
    if rung == Rung.ENDING:
        # Carried out after the time to appeal; until then the seat is theirs.
        step.ends_at = step.appeal_until
        away.send_away(person, None)
    notify([person.pk], Notice.NOTE, once=f"conduct:{step.pk}")


def _ask_others(step: ConductStep) -> None:
    """The clock of an appeal runs; those who did not decide are told that something waits."""
    now = clock.now()
    step.decide_by = Calendar(step.programme).due(DECIDED_WITHIN, now)
    notify(others(step), Notice.QUESTION, once=f"appeal:{step.pk}", ends_at=step.decide_by)


def _undo(step: ConductStep, person: Person) -> None:
    """It does not hold any more: whoever was away for it is back, unless another step keeps them away."""
    held = step.ends_at is not None
    step.ends_at, step.decide_by = None, None
    told = ConductStep.objects.told_to(person).exclude(pk=step.pk)
    # What never sent anybody away brings nobody back, and an ending that was carried out stays one.
    if not held or told.filter(by_two=True, place=Place.OVER).exists():
        return
    if until := _away_until(person, step):
        away.send_away(person, until.day)
    else:
        away.welcome_back(person)


@dataclass(frozen=True, slots=True)
class _Until:
    """Until which day somebody is away; None for an ending."""

    day: date | None


def _away_until(person: Person, step: ConductStep) -> _Until | None:
    """What keeps somebody away beside a step: an ending before everything else, then the longest time away."""
    rows = ConductStep.objects.told_to(person).open().exclude(pk=step.pk).filter(ends_at__gt=clock.now())
    if rows.filter(by_two=True).exists():
        return _Until(None)
    last = rows.order_by("-ends_at").values_list("ends_at", flat=True).first()
    return _Until(last.astimezone(zone_of(step.programme)).date()) if last else None


def _line(what: str, words: str, actor: Person, person: Person) -> dict[str, str]:
    by = "person" if actor.pk == person.pk else str(posts.post_of(actor) or "")
    return {"what": what, "at": clock.now().isoformat(timespec="seconds"), "by": by, "words": words}


def _lock(step: ConductStep) -> ConductStep:
    rows = ConductStep.objects.select_for_update(of=("self",)).select_related("programme", "item", "scope", "person")
    locked = rows.get(pk=step.pk)
    open_all([locked])
    return locked


__all__ = ["Decided", "NotFollowing", "admit_to_conduct", "answer_step", "do_with_step", "take_conduct_step"]
