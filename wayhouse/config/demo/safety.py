"""Safety for the demonstration: who answers, a rota, a drill that was answered, and two concerns. All is invented."""

from datetime import time, timedelta

from django.utils import timezone

from wayhouse.config.demo.cast import Cast
from wayhouse.crypto.keyring import use
from wayhouse.notices.actions import agree_contact
from wayhouse.notices.delivering import deliver_due
from wayhouse.notices.hours import EVERY_DAY, Hours
from wayhouse.notices.kinds import Channel
from wayhouse.notices.plan import Plan
from wayhouse.people.consents.wordings import Purpose, wording_of
from wayhouse.people.models import Person, Role
from wayhouse.safeguarding import law
from wayhouse.safeguarding.conduct import Decided, take_conduct_step
from wayhouse.safeguarding.demands import Asked, enter_demand, take_move
from wayhouse.safeguarding.drills import begin_drill
from wayhouse.safeguarding.models import Concern
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Event, Kind, Level, Post
from wayhouse.safeguarding.protocol.conduct import Rung
from wayhouse.safeguarding.protocol.demands import Matter, Move
from wayhouse.safeguarding.raising import Report, raise_concern
from wayhouse.safeguarding.rota import fill_rota
from wayhouse.safeguarding.safety_plan.copying import keep_copy
from wayhouse.safeguarding.safety_plan.opening import ask_opening
from wayhouse.safeguarding.safety_plan.writing import show_plan, write_plan
from wayhouse.safeguarding.steps import take_step

_TEAM = {"sol": Post.LEAD, "eli": Post.DEPUTY, "ida": Post.DIRECTOR}
_DAYS = 35
_PLAN = {
    "signs": "I stop answering Fern. I sleep at four.",
    "alone": "Twenty minutes along the canal, without the phone.",
    "company": "The library on Moss Street. My neighbour's kitchen.",
    "people": "Fern, at any hour. My sister until ten.",
    "help": "The crisis line. Dr. Okoro, on weekdays.",
    "safer": "The old number is switched off. The spare key is with Fern.",
    "sign": "Is the kettle still broken?",
    "reasons": "Seeing the swifts come back.",
}


def name_posts(cast: Cast, ana: Person) -> None:
    """Sol leads, Eli is the deputy, Ida directs; two are on call each day. Ana's keyring must be in use."""
    for handle, post in _TEAM.items():
        person = cast.bring_guest(handle, handle.capitalize(), Role.Kind.SAFEGUARDING_LEAD, host=ana)
        appoint(person, post, handle.capitalize(), actor=ana)
    sol, eli, ida = (cast.accounts[handle] for handle in _TEAM)
    today = timezone.localdate()
    pairs = [(sol, eli), (eli, ida), (sol, ida)]
    days = {today + timedelta(days=number): pairs[number // 7 % len(pairs)] for number in range(_DAYS)}
    fill_rota(ana.programme, days, actor=ana)


def drill(cast: Cast) -> None:
    """All three may be paged in two ways; somebody on call is called for a drill, and answers at once."""
    for number, handle in enumerate(_TEAM):
        whole_day = Hours(time(8), time(8), EVERY_DAY, "Europe/Berlin")
        ways = (Channel.SMS, Channel.EMAIL)
        email, phone = f"{handle}@example.org", f"+4930000000{number}"
        plan = Plan(channels=ways, email=email, phone=phone, hours=whole_day, paged=True)
        agree_contact(plan, actor=cast.accounts[handle])
    sol, eli = cast.accounts["sol"], cast.accounts["eli"]
    with use(cast.keyring("sol")):
        begun = begin_drill(sol.programme, actor=sol)
    # Whoever starts it knows already: the second on call is called first.
    deliver_due()
    with use(cast.keyring("eli")):
        take_step(begun.concern, Event.ACKNOWLEDGE, {}, actor=eli)


def live(cast: Cast) -> None:
    """Max is worried about somebody, and Cass told of something that broke a ground rule."""
    sol, max_, cass = (cast.accounts[handle] for handle in ("sol", "max", "cass"))
    told = Report(
        Level.THIS_WEEK, Kind.HARM_FROM_OTHERS, "unsure", "Old friends wait outside after the evening.", raiser="Max"
    )
    held = _raise(cast, "max", max_, told)
    with use(cast.keyring("sol")):
        take_step(held, Event.ACKNOWLEDGE, {}, actor=sol)
        take_step(held, Event.FIND_SAFE, {"wish": "To go home with somebody for a while."}, actor=sol)
    _raise(
        cast, "cass", cass, Report(Level.CONDUCT, Kind.CONDUCT, "staff", "Phones on the table again.", raiser="Cass")
    )
    _write_plan(cast)
    _break_glass(cast)


def _break_glass(cast: Cast) -> None:
    """Dee said at night that she is in danger; Sol asks to open the copy of her plan, which waits for Ana."""
    dee, sol = cast.accounts["dee"], cast.accounts["sol"]
    with use(cast.keyring("dee")):
        write_plan({name: _PLAN[name] for name in ("signs", "people", "safer")}, actor=dee)
        keep_copy(wording_of(Purpose.EMERGENCY, "en").version, "en", actor=dee)
    told = Report(Level.NOW, Kind.SELF_HARM, "me", "I am at the bridge again.", raiser="Dee")
    raised = _raise(cast, "dee", dee, told)
    with use(cast.keyring("sol")):
        take_step(raised, Event.ACKNOWLEDGE, {}, actor=sol)
        ask_opening(raised, "No answer since midnight. The plan may say who is with them.", actor=sol)


def _write_plan(cast: Cast) -> None:
    """Cass wrote a safety plan, and shows it to Bo."""
    cass = cast.accounts["cass"]
    with use(cast.keyring("cass")):
        plan = write_plan(_PLAN, actor=cass)
        show_plan(plan, cast.accounts["bo"], "Bo", actor=cass)


def write_to(cast: Cast) -> None:
    """A court asks for more than it may; Sol has checked it and proposes to give nothing, and Eli has to sign."""
    sol = cast.accounts["sol"]
    until = timezone.localdate() + timedelta(days=12)
    asked = Asked(
        "A district court (invented)", "An order without a signature", "All names of one evening",
        "Everybody who came on a Tuesday in spring", until,
    )  # fmt: skip
    with use(cast.keyring("sol")):
        demand = enter_demand(asked, actor=sol)
        sheet = law.choices("de")[0][0]
        found = {
            "law_sheet": sheet,
            "validity": "No signature, and no law is named.",
            "counsel": "Our lawyer, by phone.",
        }
        take_move(demand, Move.CHECK, found, actor=sol)
        why = {"reason": "It names no law, and it asks for people whom it does not concern."}
        take_move(demand, Move.PROPOSE, why, matter=Matter.NOTHING, actor=sol)


def talk_about(cast: Cast) -> None:
    """The telephone of Cass rang once more. She is asked for an agreement, which she reads on her own page."""
    sol, bo, cass = (cast.accounts[handle] for handle in ("sol", "bo", "cass"))
    told = Report(
        Level.CONDUCT, Kind.CONDUCT, "seat", "Her phone rang for the third time.", str(cass.pk), "Cass", raiser="Bo"
    )
    concern = _raise(cast, "bo", bo, told)
    agreed = Decided(
        Rung.AGREEMENT,
        "Your phone rang on three evenings, and two people lost their thread.",
        agreement="It stays switched off in the box beside the door. If you wait for a call, you tell Bo before.",
        review_on=timezone.localdate() + timedelta(days=28),
    )
    with use(cast.keyring("sol")):
        take_step(concern, Event.ACKNOWLEDGE, {}, actor=sol)
        take_conduct_step(concern, agreed, actor=sol)


def _raise(cast: Cast, handle: str, person: Person, report: Report) -> Concern:
    with use(cast.keyring(handle)):
        return raise_concern(report, actor=person)
