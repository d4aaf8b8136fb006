"""Lives in a house with a database on disk and writes one canary into every sealed word. Run by test_canary.py."""

import json
import logging
import sys
from io import StringIO
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from conftest import Cast, may_open, next_monday  # noqa: E402
from wayhouse.arrivals.avoiding import keep_list  # noqa: E402
from wayhouse.arrivals.models import Contact, Voice  # noqa: E402
from wayhouse.arrivals.welcoming import give_voice, welcome_contact  # noqa: E402
from wayhouse.arrivals.writing import send, write_first  # noqa: E402
from wayhouse.conversations import ground_rules, moderating, writing  # noqa: E402
from wayhouse.conversations.models import Appeal, Post, PulseResult, Thread  # noqa: E402
from wayhouse.crypto import items  # noqa: E402
from wayhouse.crypto.keyring import Keyring, use  # noqa: E402
from wayhouse.crypto.models import Scope  # noqa: E402
from wayhouse.crypto.sealed import SealedModel, sealed_models, sealed_words  # noqa: E402
from wayhouse.groups import actions as groups  # noqa: E402
from wayhouse.groups.models import Cycle, Group, Proposal  # noqa: E402
from wayhouse.meetings.models import AccessTask, Guide, Meeting, Poll, PollAnswer  # noqa: E402
from wayhouse.meetings.planning import plan_meetings  # noqa: E402
from wayhouse.meetings.staffing import staff_meeting  # noqa: E402
from wayhouse.mentoring import asking, masks  # noqa: E402
from wayhouse.mentoring.asked import Card, Question, Saying  # noqa: E402
from wayhouse.mentoring.models import Letter, Side  # noqa: E402
from wayhouse.mentoring.offering import keep_hours  # noqa: E402
from wayhouse.mentoring.writing import begin_pair  # noqa: E402
from wayhouse.notices.actions import agree_contact, notify  # noqa: E402
from wayhouse.notices.calendars import share_calendar  # noqa: E402
from wayhouse.notices.hours import Hours  # noqa: E402
from wayhouse.notices.kinds import Channel, Kind  # noqa: E402
from wayhouse.notices.plan import Plan  # noqa: E402
from wayhouse.notices.push import add_device  # noqa: E402
from wayhouse.people import reach  # noqa: E402
from wayhouse.people.importing import draft_roster  # noqa: E402
from wayhouse.people.invitations import found  # noqa: E402
from wayhouse.people.models import KeepApart, Person, Role  # noqa: E402
from wayhouse.people.roster.reading import read_roster  # noqa: E402
from wayhouse.safeguarding import demands, talking  # noqa: E402
from wayhouse.safeguarding.conduct import Decided, take_conduct_step  # noqa: E402
from wayhouse.safeguarding.models import (  # noqa: E402  # noqa: E402
    Concern,
    ConductStep,
    Demand,
    DemandEntry,
    Entry,
    LearningNote,
    Limit,
    ReleasedHalf,
    Safety,
)
from wayhouse.safeguarding.posts import appoint  # noqa: E402
from wayhouse.safeguarding.protocol import Kind as Worry  # noqa: E402
from wayhouse.safeguarding.protocol import Level  # noqa: E402
from wayhouse.safeguarding.protocol import Post as Held  # noqa: E402
from wayhouse.safeguarding.protocol.conduct import Rung  # noqa: E402
from wayhouse.safeguarding.protocol.demands import Move  # noqa: E402
from wayhouse.safeguarding.raising import Report, raise_concern  # noqa: E402
from wayhouse.safeguarding.safety_plan.copying import keep_copy  # noqa: E402
from wayhouse.safeguarding.safety_plan.opening import ask_opening  # noqa: E402
from wayhouse.safeguarding.safety_plan.writing import write_plan  # noqa: E402
from wayhouse.safeguarding.steps import NOTE, write_down  # noqa: E402

# A browser's keys as RFC 8291 has them, Appendix A.
BROWSER = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)


def main(canary: str) -> None:
    """Write the canary everywhere, use the house, fail in it once, and tell which models were reached."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    cast = Cast()
    people = _people(cast)
    with cast.acting(people["cass"]):
        keep_list(people["cass"], ["Dee"], actor=people["cass"])
    with cast.acting(people["ana"]):
        _live(people)
    sol = _worry(cast, people)
    keep_hours(Hours(), takes=3, answers=True, actor=people["max"])
    with cast.acting(people["cass"]):
        begin_pair(people["max"].pk, "Cass", "Hello.", quiet_weeks=2, actor=people["cass"])
    mask = _ask(cast, people)
    reached = []
    for model in sealed_models():
        # What is written to a concern opens for those who answer, and not for coordinators; of two, for the two.
        reader = {
            Entry: sol,
            Concern: sol,
            ConductStep: sol,
            Demand: sol,
            DemandEntry: sol,
            Letter: people["cass"],
            Side: people["cass"],
        }.get(model, people["ana"])
        with use(mask) if model in {Question, Saying, Card} else cast.acting(reader):
            reached.append(_write(model, canary))
    _be_reached(people["cass"], canary)
    client = cast.sign_in(people["ana"])
    client.raise_request_exception = False
    for address in ("/", "/people/", "/groups/", "/evenings/", "/space/again/", f"/{canary}/", f"/people/?q={canary}"):
        client.get(address)
    Client().post("/account/login/", {"login": canary, "password": canary})
    _fail_aloud(canary)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    kinds = sorted(Scope.objects.values_list("kind", flat=True).distinct())
    json.dump({"reached": [name for name in reached if name], "kinds": kinds}, sys.stdout)


def _people(cast: Cast) -> dict[str, Person]:
    programme, token = found("Lantern Trust (invented)", "Open Circle", "Ana", time_zone="Europe/Berlin")
    may_open(programme)
    ana = cast.accept(token, "ana")
    kinds = {"bo": Role.Kind.FACILITATOR, "cass": Role.Kind.MEMBER, "max": Role.Kind.MENTOR}
    return {"ana": ana, **{name: cast.enter(name, kind, ana) for name, kind in kinds.items()}}


def _live(people: dict[str, Person]) -> None:
    ana, bo, cass, mentor = people["ana"], people["bo"], people["cass"], people["max"]
    programme = ana.programme
    cycle = groups.begin_cycle(
        programme, pack="p", version="1.0.0", title="t", starts_on=next_monday(), weeks=2, actor=ana
    )
    Guide.objects.create(cycle=cycle, key="arriving", language="en", week=1, title="Arriving", content={})
    words = {"name": "Kestrel", "venue": "Library", "slot": "tue-evening"}
    group = groups.open_group(cycle, words, facilitators={}, members={cass: "Cass", ana: "Ana"}, actor=ana)
    _talk(group, ana)
    groups.keep_venue(programme, {"name": "Library", "slots": ["tue-evening"]}, actor=ana)
    staff = {bo: ("Bo", Role.Kind.FACILITATOR), mentor: ("Max", Role.Kind.MENTOR)}
    for meeting in plan_meetings(cycle, actor=ana):
        staff_meeting(meeting, staff, actor=ana)
    first = Meeting.objects.filter(group__cycle=cycle).select_related("group")[0]
    _poll(group, cass)
    need = items.seal(reach.between(cass), "access", {"need": "interpreter"}, subject_id=cass.pk)
    AccessTask.objects.create(item=need, meeting=first, person=cass)
    apart = items.seal(programme.placement, "apart", {"people": [str(bo.pk), str(cass.pk)]})
    KeepApart.objects.create(item=apart, programme=programme)
    draft_roster(programme, read_roster(b"Chosen name,Languages,Availability\nFern Field,en,tue-evening\n"), actor=ana)
    _propose(cycle)
    opened, _code = write_first(programme, Contact.Kind.FIRST, "I cannot sleep.", language="en")
    send(opened.contact)
    for person in (ana, bo):
        give_voice(opened.contact, Voice.Reason.MET, actor=person)
    welcome_contact(opened.contact, "Quiet Fox", ["en"], actor=ana)


def _poll(group: Group, cass: Person) -> None:
    last = Meeting.objects.filter(group=group).latest("starts_at")
    asked = items.seal(group.scope, "poll", {"times": [last.starts_at.isoformat()]})
    poll = Poll.objects.create(item=asked, meeting=last, closes_at=last.starts_at)
    said = items.seal(group.scope, "poll-answer", {"marks": ["yes"]}, subject_id=cass.pk)
    PollAnswer.objects.create(item=said, poll=poll, person=cass)


def _talk(group: Group, ana: Person) -> None:
    """Ana sits in the group here, so that her keys reach what only its people open; nobody hides their own words."""
    ground_rules.propose_rules(group, ["We listen."], actor=ana)
    thread = writing.begin_thread(group, "Hello.", kind=Thread.Kind.TALK, actor=ana)
    Post.objects.update(state=Post.State.HIDDEN)
    assert thread.first is not None
    moderating.ask_again(thread.first, group, actor=ana)
    assert Appeal.objects.exists()
    felt = items.seal(thread.scope, "pulse", {"means": {"heard": 8}, "weeks": [1], "answers": 5}, standing=False)
    PulseResult.objects.create(item=felt, group=group, shown_on=timezone.localdate())


def _worry(cast: Cast, people: dict[str, Person]) -> Person:
    """Ana raises a concern, so that her keys open its words; Sol writes to it, and a limit is changed."""
    ana = people["ana"]
    sol = cast.enter("sol", Role.Kind.SAFEGUARDING_LEAD, ana)
    with cast.acting(ana):
        appoint(sol, Held.LEAD, "Sol", actor=ana)
        concern = raise_concern(Report(Level.NOW, Worry.SELF_HARM, "me"), actor=ana)
        talking.write_message(concern, "Please call", actor=ana)
        write_plan({"signs": "I stop sleeping"}, actor=ana)
        keep_copy("2", "en", actor=ana)
    with cast.acting(sol):
        write_down(concern, NOTE, {"note": "Called"}, actor=sol)
        _decide(people["cass"], sol)
        asked = ask_opening(concern, "She does not answer", actor=sol)
        letter = demands.Asked("A court", "Order 7", "Everything", "A man called K.")
        demands.take_move(demands.enter_demand(letter, actor=sol), Move.NOTE, {"note": "Rang back"}, actor=sol)
        item = items.seal(Safety.objects.get().scope, "limit", {"reason": "few of us"})
        Limit.objects.create(programme=ana.programme, level=1, duty="acknowledge", amount=10, item=item)
        learnt = items.seal(Safety.objects.get().scope, "learning", {"words": "Call first."})
        today = timezone.localdate()
        LearningNote.objects.create(programme=ana.programme, month=today, until_on=today, item=learnt)
    with cast.acting(ana):
        # Another coordinator would do this; what counts here is that the words are sealed.
        half = items.seal(asked.item.scope, "break-glass", {"key": "half"}, subject_id=ana.pk, standing=False)
        ReleasedHalf.objects.create(opening=asked, item=half)
    return sol


def _ask(cast: Cast, people: dict[str, Person]) -> Keyring:
    """Cass asks without a name, Max answers, and Cass would open hers; the keys of Cass's mask open all of it."""
    cass = people["cass"]
    with cast.acting(cass):
        question = asking.ask_question("How was it?", actor=cass)
    with cast.acting(people["max"]):
        exchange = asking.answer_question(question, "Slow.", actor=people["max"])
    with cast.acting(cass):
        seat = masks.seat_in(exchange.pk, cass)
        assert seat is not None
        asking.open_name(seat, "Cass", actor=cass)
    return seat.keyring


def _decide(cass: Person, sol: Person) -> None:
    """A step about Cass; its words open for those who answer, and for her."""
    report = Report(Level.CONDUCT, Worry.CONDUCT, "seat", about_person=str(cass.pk), about_name="Cass")
    take_conduct_step(raise_concern(report, actor=sol), Decided(Rung.TALK, "You shouted."), actor=sol)


def _propose(cycle: Cycle) -> None:
    item = items.seal(cycle.programme.placement, "proposal", {"plan": {"groups": []}, "reasons": []})
    numbers = {"objective": 0, "bound": 0, "optimal": True, "seconds": 0.0}
    Proposal.objects.create(item=item, cycle=cycle, kind=Proposal.Kind.GROUPS, **numbers)


def _be_reached(cass: Person, canary: str) -> None:
    """Everything that the server itself opens, to write to somebody; and one notice, which finds no way."""
    plan = Plan(channels=tuple(Channel), email=f"{canary}@example.org", phone=canary, title=canary, words=canary)
    agree_contact(plan, actor=cass)
    add_device(f"https://fcm.googleapis.com/{canary}", *BROWSER, actor=cass)
    token = share_calendar(canary, actor=cass)
    Client().get(f"/messages/calendar/{token}.ics")
    with transaction.atomic():
        notify([cass.pk], Kind.TEST, once="canary")
    call_command("work", once=True, stdout=StringIO())


def _write(model: type[SealedModel], canary: str) -> str:
    """Put the canary into every word of every row that Ana's keys open; the model's name where there was one."""
    kept = model._meta.label == "people.Profile"
    rows = [] if kept else list(model._default_manager.select_related("item"))
    for row in rows:
        row.rewrite(**{word: _worded(row, word, canary) for word in sealed_words(model)})
    return model._meta.label if rows or kept else ""


def _worded(row: SealedModel, word: str, canary: str) -> object:
    value = getattr(row, word)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [canary, *value]
    return {**value, canary: canary} if isinstance(value, dict) else f"{canary} {value}"


def _fail_aloud(canary: str) -> None:
    """An error whose message, arguments and request all hold the canary."""
    try:
        int(canary)
    except ValueError:
        logging.getLogger("django.request").exception("at %s", canary, extra={"status_code": 500})


if __name__ == "__main__":
    main(sys.argv[1])
