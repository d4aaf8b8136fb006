"""Every address of the house, asked for by everybody, about their own things, their neighbours' and a stranger's.

Two whole organisations live here. `test_matrix.py` compares what they get with `matrix.yaml`.
"""

import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from conftest import Cast, may_open, next_monday
from wayhouse.arrivals.models import Contact, Voice
from wayhouse.arrivals.writing import send, write_first
from wayhouse.conversations import moderating, writing
from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.core import clock
from wayhouse.crypto import items
from wayhouse.groups import actions as groups
from wayhouse.groups.kept import keep_proposal
from wayhouse.groups.models import Cycle, Group, Proposal
from wayhouse.meetings.models import AccessTask, Guide, Meeting, Poll, Swap
from wayhouse.meetings.planning import plan_meetings
from wayhouse.meetings.staffing import staff_meeting
from wayhouse.mentoring.asking import answer_question, ask_question
from wayhouse.mentoring.offering import keep_hours
from wayhouse.mentoring.writing import begin_pair
from wayhouse.notices.hours import Hours
from wayhouse.people import reach
from wayhouse.people.invitations import found
from wayhouse.people.models import Person, Role, WayBack
from wayhouse.people.way_back import ask_way_back
from wayhouse.safeguarding import protocol as safety
from wayhouse.safeguarding.conduct import Decided, take_conduct_step
from wayhouse.safeguarding.demands import Asked, enter_demand
from wayhouse.safeguarding.models import ClosedDay, OnCall
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol.conduct import Rung
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.safety_plan.copying import keep_copy
from wayhouse.safeguarding.safety_plan.opening import ask_opening
from wayhouse.safeguarding.safety_plan.writing import show_plan, write_plan
from wayhouse.safeguarding.steps import NOTE, write_down

TABLE = Path(__file__).with_name("matrix.yaml")
VISITOR = "visitor"
# Stands in all that anybody writes here, and on every page that shows it as text.
BAD = "<b onclick=quake()>"
# Who there is, and whose things are meant: the reader's own group; the other group of the same programme.
STAFF = {
    "bo": Role.Kind.FACILITATOR, "max": Role.Kind.MENTOR, "sol": Role.Kind.SAFEGUARDING_LEAD,
    "aud": Role.Kind.AUDITOR, "pat": Role.Kind.PARTNER,
}  # fmt: skip
MEMBERS = ("cass", "dee")
OWN, SIBLING, FOREIGN, MISSING = "own", "sibling", "foreign", "missing"
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[^\']+')
# Arguments that name no thing of anybody.
_NO_THINGS = {
    "suffix", "key", "guide_key", "token", "kind", "week", "event", "duty", "purpose", "act", "step", "move", "deed",
}  # fmt: skip
Words = dict[str, str]


@dataclass
class World:
    """One organisation: its people, and the arguments of addresses about the things of its two groups."""

    people: dict[str, Person]
    own: Words
    sibling: Words


@dataclass
class Matrix:
    """What everybody got: by address, whose things, and outcome, the people who got it."""

    found: dict[str, dict[str, dict[str, list[str]]]] = field(default_factory=dict)

    def note(self, pattern: str, whose: str, outcome: str, who: str) -> None:
        """Write one answer down."""
        self.found.setdefault(pattern, {}).setdefault(whose, {}).setdefault(outcome, []).append(who)


def addresses() -> Iterator[str]:
    """The patterns of all addresses."""

    def walk(resolver: URLResolver, above: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield above + str(entry.pattern)
            else:
                yield from walk(entry, above + str(entry.pattern))

    return walk(get_resolver(), "")


def expected() -> dict[str, dict[str, dict[str, list[str]]]]:
    """The table as it is agreed."""
    table: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def names_things(pattern: str) -> bool:
    """Whether an address is about one thing that belongs to somebody."""
    return bool(set(_ARGUMENT.findall(pattern)) - _NO_THINGS)


def filled(pattern: str, words: Mapping[str, str]) -> str:
    """An address of this pattern."""
    return "/" + _ARGUMENT.sub(lambda match: words[match[1]], pattern)


def missing() -> Words:
    """The arguments of things that are nowhere."""
    kinds = ("person", "cycle", "proposal", "venue", "group", "meeting", "swap", "way_back", "contact",
             "thread", "post", "appeal", "task", "concern", "plan", "opening", "entry", "appointment",
             "demand", "pair", "letter", "hours", "question", "exchange", "step")  # fmt: skip
    numbers = dict.fromkeys(("pk", "on_call_id", "day_id"), "987654321")
    return {**_COMMON, **{f"{kind}_id": str(uuid.uuid4()) for kind in kinds}, **numbers}


def outcome(response: Any) -> str:
    """An answer in a word or two: the status, or where it leads."""
    if response.status_code not in {301, 302}:
        return str(response.status_code)
    place = str(response["Location"]).partition("?")[0]
    return "sign in" if place == "/account/login/" else f"to {_without_ids(place)}"


def told(response: Any, address: str, *, ids: bool = True) -> tuple[int, str]:
    """All that an answer tells, without the address itself and what is new in each answer.

    `ids`: whether the numbers of things are alike in it.
    """
    text = response.content.decode() if not response.streaming else ""
    place = unquote(str(response.get("Location", "")))
    kept = _CHANGING.sub("", (place + text).replace(address, "ADDRESS"))
    return response.status_code, _without_ids(kept) if ids else kept


def clients(cast: Cast, world: World) -> dict[str, Client]:
    """Everybody signed in, and a visitor."""
    return {VISITOR: Client(), **{name: cast.sign_in(person) for name, person in world.people.items()}}


def inhabited(cast: Cast, organisation: str, suffix: str) -> World:
    """A whole organisation with two groups, their evenings, rooms, proposals and swaps."""
    programme, token = found(organisation, "Open Circle", f"Ana{suffix}", time_zone="Europe/Berlin")
    may_open(programme)
    ana = cast.accept(token, "ana" + suffix)
    people = {"ana": ana, **{name: cast.enter(name + suffix, kind, ana) for name, kind in STAFF.items()}}
    people |= {name: cast.enter(name + suffix, Role.Kind.MEMBER, ana) for name in MEMBERS}
    with cast.acting(ana):
        cycle = _cycle(ana)
        pairs = [_group(cycle, people, *words) for words in (("tue-evening", "cass"), ("thu-evening", "dee"))]
        # Mia comes to the other group, and looks at no address herself.
        mentors = {"cass": people["max"], "dee": cast.enter("mia" + suffix, Role.Kind.MENTOR, ana)}
        words = [_words(cycle, group, people[member], people["bo"], mentors[member]) for group, member in pairs]
        appointed = appoint(people["sol"], safety.Post.LEAD, people["sol"].roster_entry.name, actor=ana)
    made = [
        {
            **one,
            **_talk(cast, group, people[member]),
            **_plan(cast, people[member], people["bo"]),
            **_pair(cast, people[member], mentors[member]),
            **_concern(cast, people[member], people["sol"]),
            "appointment_id": str(appointed.pk),
        }
        for one, (group, member) in zip(words, pairs, strict=True)
    ]
    return World(people, *made)


def _pair(cast: Cast, member: Person, mentor: Person) -> Words:
    """A member writes with a mentor who comes to the evening of their group, and asks something without a name."""
    keep_hours(Hours(), takes=3, answers=True, actor=mentor)
    with cast.acting(member):
        pair = begin_pair(mentor.pk, "I", f"Hello.{BAD}", quiet_weeks=2, actor=member)
        question = ask_question(f"How was it?{BAD}", actor=member)
    with cast.acting(mentor):
        exchange = answer_question(question, f"Slow.{BAD}", actor=mentor)
    ids = {"pair_id": pair.pk, "letter_id": pair.letters.get().pk, "hours_id": mentor.office_hours.pk}
    return {name: str(pk) for name, pk in {**ids, "question_id": question.pk, "exchange_id": exchange.pk}.items()}


def _concern(cast: Cast, member: Person, lead: Person) -> Words:
    """Somebody is worried; the lead has written a line and is on call."""
    report = Report(safety.Level.NOW, safety.Kind.AT_RISK, "me")
    with cast.acting(member):
        concern = raise_concern(report, actor=member)
    with cast.acting(lead):
        entry = write_down(concern, NOTE, {"note": f"Called.{BAD}"}, actor=lead)
        asked = ask_opening(concern, f"She does not answer.{BAD}", actor=lead)
        report = Report(
            safety.Level.CONDUCT, safety.Kind.CONDUCT, "seat", about_person=str(member.pk), about_name=f"Fern{BAD}"
        )
        step = take_conduct_step(
            raise_concern(report, actor=lead), Decided(Rung.TALK, f"You shouted.{BAD}"), actor=lead
        )
        demand = enter_demand(
            Asked(f"A court{BAD}", f"An order{BAD}", f"Everything{BAD}", f"Somebody{BAD}"), actor=lead
        )
    day = clock.today() + timedelta(days=OnCall.objects.count())
    on_call = OnCall.objects.create(programme=lead.programme, person=lead, day=day, place=OnCall.Place.FIRST)
    coming = clock.today() + timedelta(days=99 + ClosedDay.objects.count())
    closed = ClosedDay.objects.create(programme=lead.programme, day=coming)
    return {
        "day_id": str(closed.pk),
        "concern_id": str(concern.pk),
        "entry_id": str(entry.pk),
        "on_call_id": str(on_call.pk),
        "opening_id": str(asked.pk),
        "demand_id": str(demand.pk),
        "step_id": str(step.pk),
    }


def _plan(cast: Cast, member: Person, leader: Person) -> Words:
    """A member wrote a safety plan, and shows it where somebody leads their group."""
    with cast.acting(member):
        plan = write_plan({"signs": f"I stop sleeping{BAD}"}, actor=member)
        keep_copy("2", "en", actor=member)
        if leader.seats.filter(group__seats__person=member).exists():
            show_plan(plan, leader, "Bo", actor=member)
    return {"plan_id": str(plan.pk)}


def _cycle(ana: Person) -> Cycle:
    made = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Twelve evenings", "weeks": 14}
    cycle = groups.begin_cycle(ana.programme, **made, starts_on=next_monday(), actor=ana)  # type: ignore[arg-type]
    Guide.objects.create(cycle=cycle, key="arriving", language="en", week=1, title="Arriving", content=_GUIDE)
    return cycle


def _group(cycle: Cycle, people: Mapping[str, Person], slot: str, member: str) -> tuple[Group, str]:
    words = {"name": f"Kestrel{BAD}", "venue": f"Library{BAD}", "slot": slot, "language": "en", "kind": "mixed"}
    leads = {people["bo"]: people["bo"].roster_entry.name} if member == "cass" else {}
    members = {people[member]: people[member].roster_entry.name}
    group = groups.open_group(cycle, words, facilitators=leads, members=members, actor=people["ana"])
    return group, member


def _words(cycle: Cycle, group: Group, member: Person, leader: Person, mentor: Person) -> Words:
    ana = cycle.programme.people.get(roles__kind=Role.Kind.COORDINATOR)
    plan_meetings(cycle, actor=ana)
    meeting = Meeting.objects.filter(group=group).earliest("week")
    staff = (
        {leader: (leader.roster_entry.name, Role.Kind.FACILITATOR)} if leader.seats.filter(group=group).exists() else {}
    )
    staff[mentor] = (mentor.roster_entry.name, Role.Kind.MENTOR)
    staff_meeting(meeting, staff, actor=ana)
    venue = groups.keep_venue(cycle.programme, {"name": f"Library{BAD}", "slots": ["tue-evening"]}, actor=ana)
    made = {"meeting_id": meeting.pk, "swap_id": Swap.objects.create(meeting=meeting, asker=leader).pk}
    kept = {"cycle_id": cycle.pk, "proposal_id": _proposal(cycle).pk, "venue_id": venue.pk, "group_id": group.pk}
    passkey = Authenticator.objects.create(user=member.user, type="webauthn", data=_passkey())
    way_back = ask_way_back(member, WayBack.How.MET, actor=ana)
    need = items.seal(reach.between(member), "access", {"need": f"interpreter{BAD}"}, subject_id=member.pk)
    made["task_id"] = AccessTask.objects.create(item=need, meeting=meeting, person=member).pk
    times = items.seal(group.scope, "poll", {"times": [meeting.starts_at.isoformat()]})
    Poll.objects.create(item=times, meeting=meeting, closes_at=meeting.starts_at)
    ids = {**made, **kept, "person_id": member.pk, "pk": passkey.pk, "way_back_id": way_back.pk}
    ids["contact_id"] = _contact(cycle, ana, leader)
    return {**_COMMON, **{name: str(value) for name, value in ids.items()}}


def _talk(cast: Cast, group: Group, member: Person) -> Words:
    """What a member wrote to the group, something of it hidden and to be looked at once more."""
    with cast.acting(member):
        thread = writing.begin_thread(group, f"Hello.{BAD}", kind=Thread.Kind.PROBLEM, actor=member)
        here = Group.objects.get(pk=group.pk)
        hidden = writing.answer(thread, here, f"And this.{BAD}", actor=member)
        hidden.rewrite(reason=Post.Reason.NAMES.value)
        Post.objects.filter(pk=hidden.pk).update(state=Post.State.HIDDEN)
        moderating.ask_again(hidden, here, actor=member)
    ids = {"thread_id": thread.pk, "post_id": thread.first_id, "appeal_id": Appeal.objects.get(post=hidden).pk}
    return {name: str(value) for name, value in ids.items()}


def _proposal(cycle: Cycle) -> Proposal:
    Proposal.objects.filter(cycle=cycle).update(state=Proposal.State.REPLACED)
    numbers = {"objective": 0, "bound": 0, "optimal": True, "seconds": 0.0}
    return keep_proposal(cycle, Proposal.Kind.GROUPS, {"plan": _PLAN, "reasons": []}, numbers)


def _contact(cycle: Cycle, *agreeing: Person) -> uuid.UUID:
    """Somebody wrote without a name, and two would like to welcome them."""
    opened, _code = write_first(cycle.programme, Contact.Kind.FIRST, f"I cannot sleep.{BAD}", language="en")
    send(opened.contact)
    for person in agreeing:
        item = items.seal(reach.share("voice", cycle.programme.desk, [person]), "voice", {"reason": "met"})
        Voice.objects.create(contact=opened.contact, person=person, item=item)
    return opened.contact.pk


def _passkey() -> dict[str, Any]:
    """What is kept of a passkey that somebody registered here."""
    name, public = os.urandom(16), ec.generate_private_key(ec.SECP256R1()).public_key()
    key = AttestedCredentialData.create(bytes(16), name, ES256.from_cryptography_key(public))  # type: ignore[no-untyped-call]
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    about = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, key)
    asked = CollectedClientData.create("webauthn.create", os.urandom(32), "https://testserver")
    answer = AuthenticatorAttestationResponse(
        client_data=asked, attestation_object=AttestationObject.create("none", about, {})
    )
    credential = json.loads(json.dumps(dict(RegistrationResponse(raw_id=name, response=answer)), default=dict))
    return {"name": "Key", "credential": {**credential, "clientExtensionResults": {"credProps": {"rk": True}}}}


def _without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|987654321", "ID", text)


_PLAN: dict[str, Any] = {"groups": [], "venues": {}, "interpreters": 4}
_COMMON = {
    "suffix": "csv", "key": "twelve-evenings", "guide_key": "arriving", "kind": "member", "week": "1",
    "token": "t" * 22, "purpose": "keeping", "act": "take", "step": "needs", "event": "acknowledge", "duty": "contact",
    "move": "hold", "deed": "say",
}  # fmt: skip
_GUIDE: dict[str, Any] = {
    "guide": "arriving", "title": "Arriving", "aim": "To arrive.",
    "before": {"room": ["Chairs"], "needs": ["Ask"], "cautions": ["None"]},
    "steps": [{"part": "free_slot", "title": "Yours", "minutes": 90, "do": ["Tea."]}],
    "afterwards": [f"How was it?{BAD}"], "content_cautions": ["Loneliness"],
    "online": {"minutes": 60, "changes": ["Cameras"], "steps": [{"part": "free_slot", "minutes": 60, "how": "Talk."}]},
    "interpreter": ["Turns"], "cards": [{"card": "distressed", "title": "Distress", "steps": ["a", "b", "c"]}],
}  # fmt: skip
