"""The register of what authorities ask for: enter it, go one step, hold records, and let a colleague in.

Nothing here answers anybody or sends anything: people do that, outside, and write down what they did.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.core.gate import require
from wayhouse.core.prepared import prepared
from wayhouse.core.together import together
from wayhouse.crypto import items
from wayhouse.crypto.sealed import HasItem, open_all
from wayhouse.people import holds, reach
from wayhouse.people.models import Person
from wayhouse.safeguarding import posts, rules, steps
from wayhouse.safeguarding.looking_again import keep_days_of_demand
from wayhouse.safeguarding.models import Appointment, Concern, Demand, DemandEntry, DemandOpening
from wayhouse.safeguarding.protocol import Kind, Post
from wayhouse.safeguarding.protocol.demands import Brought, Matter, Move, NotPossible, Standing, move
from wayhouse.safeguarding.refusals import ConcernsYou

DEMAND = "demand"
TOLD, MAY_NOT = "told", "may_not"
# The entry of each move in the log.
_VERBS = {
    Move.CHECK: "demand.checked",
    Move.NARROW: "demand.narrowed",
    Move.CHALLENGE: "demand.challenged",
    Move.PROPOSE: "demand.proposed",
    Move.HOLD: "demand.hold_proposed",
    Move.LIFT: "demand.lift_proposed",
    Move.STAY: "demand.stay_proposed",
    Move.CONFIRM: "demand.signed",
    Move.WITHDRAW: "demand.proposal_dropped",
    Move.UNSIGN: "demand.unsigned",
    Move.ANSWER: "demand.answered",
    Move.REFUSE: "demand.refused",
    Move.TELL: "demand.person_informed",
    Move.MAY_NOT_TELL: "demand.person_not_informed",
    Move.NOTE: "demand.noted",
    Move.CLOSE: "demand.closed",
    Move.TAKE_UP: "demand.reopened",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authority asks for, as it was received. `people`: concerns by which those whom it concerns are known."""

    who: str
    basis: str
    what: str
    about: str
    until: date | None = None
    people: Sequence[Concern] = ()
    concern: Concern | None = None


def enter_demand(asked: Asked, *, without: Collection[Post] = (), actor: Person) -> Demand:
    """Enter it. It is sealed to those who answer, without whom it concerns and those who hold one of these posts.

    What a concern was kept from somebody stays kept from them. Errors: `ConcernsYou` where that is whoever enters it;
    `NobodyAnswers`.
    """
    named = [*asked.people, *([asked.concern] if asked.concern else [])]
    require(rules.may_enter_demand(actor) and all(rules.may_answer(actor, concern) for concern in named))
    open_all(named)
    excluded = posts.kept_from(actor.programme, without, "").union(*(one.kept_from for one in named), _ids(asked))
    require(asked.concern is None or asked.concern.kind == Kind.LEGAL_DEMAND)
    if str(actor.pk) in excluded:
        raise ConcernsYou
    with transaction.atomic():
        posts.locked_safety(actor.programme)
        team = posts.answering(actor.programme, without=excluded)
        if actor not in team:
            # The trustee enters nothing while two others are there.
            raise ConcernsYou
        scope = reach.keep_among(DEMAND, team)
        item = items.seal(scope, DEMAND, _words(asked, excluded))
        demand = Demand.objects.create(item=item, programme=actor.programme, scope=scope, year=clock.today().year)
        keep_days_of_demand(demand)
        record("demand.received", demand, actor=actor)
        if asked.concern:
            steps.write_down(asked.concern, steps.REGISTERED, {"note": "–"}, actor=actor)
    return demand


def take_move(
    demand: Demand, what: Move, words: Mapping[str, str], *, matter: Matter | None = None, actor: Person
) -> Demand:
    """Go one step; `words` by the names of fields that the table asks for, all sealed. Returns the demand as it is.

    Error: `NotPossible` where the table has no such line from here, or something is missing.
    """
    require(rules.may_handle_demand(actor, demand))
    with transaction.atomic():
        locked = _lock(demand)
        before, said = locked.standing, {name: text.strip() for name, text in words.items() if text.strip()}
        if what == Move.CONFIRM and not _is_shown(locked, said.get("proposal", "")):
            said.pop("proposal", None)
        here = _hold_still(locked)
        locked.take(move(before, what, _brought(locked, actor, said, matter, here)))
        _consequences(locked, what, before, said, here)
        locked.save()
        keep_days_of_demand(locked)
        if matter:
            said["matter"] = str(matter)
        _write(locked, what, said, actor)
        record(_VERBS[what], locked, actor=actor, matter=str(before.waits[0] if before.waits else matter or "none"))
    return locked


def open_demand(demand: Demand, *, along: Iterable[HasItem] = (), actor: Person) -> list[DemandEntry]:
    """Read it, oldest line first. The log says so before anything is shown, and the others who answer see it.

    `along`: what else a page opens, so that keys are looked up once.
    """
    today = clock.today()
    handled, noted, entries = _record(person=actor.pk, demand=demand.pk, today=today)
    require(rules.may_handle_demand(actor, demand, found=handled))
    if not noted:
        with transaction.atomic():
            _row, first = DemandOpening.objects.get_or_create(demand=demand, person=actor, day=today)
            if first:
                record("demand.opened", demand, actor=actor)
    open_all([demand], entries, along)
    return sorted(entries, key=lambda entry: entry.item.seq)


def admit_to_demand(demand: Demand, colleague: Person, *, actor: Person) -> None:
    """Somebody else who answers reads it from now on. Not whom it concerns, or from whom it was kept."""
    require(rules.may_handle_demand(actor, demand) and rules.answers(colleague))
    require(colleague.programme_id == demand.programme_id)
    with transaction.atomic():
        locked = _lock(demand)
        require(str(colleague.pk) not in locked.kept_from)
        reach.let_in(locked.scope, colleague)
        record("demand.shared", locked, actor=actor)


def shown_for_signing(entries: Sequence[DemandEntry]) -> DemandEntry | None:
    """What waits for a second signature: the last proposal among entries, the oldest first."""
    asking = {Move.PROPOSE, Move.HOLD, Move.LIFT, Move.STAY}
    return next((entry for entry in reversed(entries) if entry.what in asking), None)


def _lock(demand: Demand) -> Demand:
    return Demand.objects.select_for_update(of=("self",)).select_related("programme", "item", "scope").get(pk=demand.pk)


def _entries(demand: Demand) -> list[DemandEntry]:
    return list(demand.entries.select_related("item").order_by("item__seq"))


@prepared
def _noted(demand: UUID, person: UUID, today: date) -> "QuerySet[DemandOpening, int]":
    return DemandOpening.objects.filter(demand=demand, person=person, day=today).values_list("pk", flat=True)


@prepared
def _lines(demand: UUID) -> QuerySet[DemandEntry]:
    return DemandEntry.objects.filter(demand=demand).select_related("item")


_record = together(rules.handled, _noted, _lines)


def _is_shown(demand: Demand, named: str) -> bool:
    entries = _entries(demand)
    open_all(entries)
    waits = shown_for_signing(entries)
    return waits is not None and str(waits.pk) == named


def _hold_still(demand: Demand) -> set[str]:
    """The ids of those whom it concerns and who are here; nobody of them is erased until this is over."""
    wanted = [UUID(one["id"]) for one in demand.people]
    rows = Person.objects.filter(pk__in=wanted, programme=demand.programme_id).order_by("pk")
    return {str(pk) for pk in rows.select_for_update().values_list("pk", flat=True)} if wanted else set()


def _brought(
    demand: Demand, actor: Person, said: Mapping[str, str], matter: Matter | None, here: Collection[str]
) -> Brought:
    readers = Appointment.objects.current().filter(person__belongings__scope=demand.scope_id)
    return Brought(
        actor=str(actor.pk),
        post=posts.post_of(actor),
        filled=frozenset(said),
        matter=matter,
        readers=frozenset(str(pk) for pk in readers.values_list("person", flat=True)),
        here=len(here),
        all_know=all(one["knows"] for one in demand.people if one["id"] in here),
    )


def _consequences(demand: Demand, what: Move, before: Standing, said: Mapping[str, str], here: Collection[str]) -> None:
    """What a move does to those whom it concerns: hold, let go, know."""
    people = [dict(one) for one in demand.people]
    if what == Move.CONFIRM and before.waits and before.waits[0] == Matter.HOLD:
        again = _again(demand)
        for one in (one for one in people if one["id"] in here):
            terms = holds.Terms(UUID(one["id"]), again, told=one["knows"] == TOLD, demand=str(demand.pk))
            terms = replace(terms, kept_from=tuple(demand.kept_from))
            one["hold"], one["look"] = str(holds.place(terms)), again.isoformat()
    elif what == Move.CONFIRM and before.waits and before.waits[0] == Matter.LIFT:
        for one in people:
            _let_go(one)
    elif what == Move.CONFIRM and before.waits and before.waits[0] == Matter.STAY:
        again = _again(demand)
        for one in (one for one in people if one["hold"]):
            holds.look_again_on(UUID(one["hold"]), again)
            one["look"] = again.isoformat()
    elif what in {Move.TELL, Move.MAY_NOT_TELL}:
        _now_knows(people, what, said)
    else:
        return
    demand.rewrite(people=people)


def _now_knows(people: list[dict[str, str]], what: Move, said: Mapping[str, str]) -> None:
    found = [one for one in people if one["id"] == said["person"]]
    if not found:
        raise NotPossible
    for one in found:
        if what == Move.TELL:
            one["knows"], one["again"] = TOLD, ""
            if one["hold"]:
                holds.let_know(UUID(one["hold"]))
        elif one["knows"] != TOLD:
            one["knows"], one["again"] = MAY_NOT, said["again"]


def _let_go(one: dict[str, str]) -> None:
    """The clocks of this person's records go on, unless another hold stands."""
    if one["hold"]:
        end_hold(UUID(one["hold"]))
    one["hold"] = ""


def end_hold(hold_id: UUID) -> None:
    """Lift one hold; what the person asked for meanwhile is done then. Call it where two have signed."""
    ended = holds.lift(hold_id)
    if ended and ended.erasing and not holds.holds_of(ended.person):
        # They asked for it long ago: the next sweep erases everything.
        Person.objects.filter(pk=ended.person, status=Person.Status.LEFT).update(status_on=date.min.replace(year=2000))


def _again(demand: Demand) -> date:
    """The day that the two signed, from the proposal that they read."""
    waits = shown_for_signing(_entries(demand))
    assert waits is not None  # noqa: S101  what is signed was shown
    return date.fromisoformat(dict(waits.fields)["again"])


def _ids(asked: Asked) -> set[str]:
    return {concern.about_person for concern in asked.people if concern.about_person}


def _words(asked: Asked, excluded: Collection[str]) -> dict[str, object]:
    known = {concern.about_person: concern.about_name for concern in asked.people if concern.about_person}
    return {
        "who": asked.who.strip(),
        "basis": asked.basis.strip(),
        "what": asked.what.strip(),
        "about": asked.about.strip(),
        "until": asked.until.isoformat() if asked.until else "",
        "received_on": clock.today().isoformat(),
        "concern": str(asked.concern.pk) if asked.concern else "",
        "people": [{"id": pk, "name": name, "knows": "", "again": "", "hold": ""} for pk, name in known.items()],
        "kept_from": sorted(excluded),
    }


def _write(demand: Demand, what: Move, words: Mapping[str, str], actor: Person) -> None:
    names = {one["id"]: one["name"] for one in demand.people}
    said = {name: names.get(text, text) if name == "person" else text for name, text in words.items()}
    said.pop("proposal", None)
    line = {
        "what": str(what),
        "at": clock.now().isoformat(timespec="seconds"),
        "post": str(posts.post_of(actor) or ""),
        "fields": said,
    }
    DemandEntry.objects.create(item=items.seal(demand.scope, "entry", line), demand=demand)
