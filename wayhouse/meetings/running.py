"""Running an evening: its steps, and where on the way somebody is. The place is kept in the sealed session alone."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.utils import timezone

from wayhouse.meetings.models import Meeting
from wayhouse.meetings.parts import PARTS

_KEY = "evening"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the evening, as those who lead it read it."""

    part: str
    title: str
    minutes: int
    say: str
    do: list[str]
    questions: list[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in an evening: the step, counted from 0, and when it began."""

    step: int
    since: datetime
    online: bool


def steps_of(content: Mapping[str, Any], *, online: bool = False) -> list[Step]:
    """The steps of a guide, or those of its shorter online version."""
    if not online:
        return [_step(step) for step in content["steps"]]
    questions = [line for step in content["steps"] if step["part"] == "questions" for line in step["questions"]]
    return [_online_step(step, questions) for step in content["online"]["steps"]]


def place_in(session: Mapping[str, Any], meeting: Meeting) -> Place | None:
    """Where this session is in this meeting, or None where it has not begun it."""
    kept = session.get(_KEY)
    if not kept or kept["meeting"] != str(meeting.pk):
        return None
    return Place(kept["step"], datetime.fromtimestamp(kept["since"], tz=UTC), kept["online"])


def go_to(session: MutableMapping[str, Any], meeting: Meeting, step: int, *, online: bool) -> None:
    """Be at a step from now on. Going to where one is already leaves the clock alone."""
    here = place_in(session, meeting)
    if here and (here.step, here.online) == (step, online):
        return
    since = int(timezone.now().timestamp())
    session[_KEY] = {"meeting": str(meeting.pk), "step": step, "since": since, "online": online}


def finish(session: MutableMapping[str, Any]) -> None:
    """Forget the place."""
    session.pop(_KEY, None)


def minutes_left(meeting: Meeting) -> int | None:
    """Minutes until the end of a meeting that has begun, none below 0; None before it begins."""
    if not meeting.has_started:
        return None
    return max(0, round((meeting.ends_at - timezone.now()).total_seconds() / 60))


def timetable(meeting: Meeting, steps: list[Step]) -> list[tuple[datetime, Step]]:
    """When each step begins if the evening begins on time."""
    minutes = accumulate((step.minutes for step in steps), initial=0)
    return [(meeting.starts_at + timedelta(minutes=passed), step) for passed, step in zip(minutes, steps, strict=False)]


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        part=step["part"],
        title=step["title"],
        minutes=step["minutes"],
        say=step.get("say", ""),
        do=step["do"],
        questions=step.get("questions", []),
    )


def _online_step(step: Mapping[str, Any], questions: list[str]) -> Step:
    part = step["part"]
    asked = questions if part == "questions" else []
    return Step(part, str(PARTS[part]), step["minutes"], say="", do=[step["how"]], questions=asked)
