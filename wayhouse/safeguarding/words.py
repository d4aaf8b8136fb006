"""The protocol in the words of people: levels, kinds, states, steps and what is owed."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhouse.notices.models import Delivery
from wayhouse.safeguarding.protocol import Duty, Event, Kind, Level, Outcome, State
from wayhouse.safeguarding.protocol.table import Guard

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEVELS: "dict[Level, _StrPromise]" = {
    Level.NOW: _("Now: somebody could be badly hurt or die within hours"),
    Level.TODAY: _("Today: something serious could happen in the next days, or a threat was made"),
    Level.THIS_WEEK: _("This week: a worry, and nothing says that harm is near"),
    Level.CONDUCT: _("A ground rule was broken, and nobody is in danger"),
}
SHORT_LEVELS: "dict[Level, _StrPromise]" = {
    Level.NOW: _("now"),
    Level.TODAY: _("today"),
    Level.THIS_WEEK: _("this week"),
    Level.CONDUCT: _("conduct"),
}
KINDS: "dict[Kind, _StrPromise]" = {
    Kind.SELF_HARM: _("Somebody may hurt or kill themselves"),
    Kind.HARM_FROM_OTHERS: _("Somebody is threatened, followed, beaten or used by others"),
    Kind.VIOLENCE: _("Somebody may hurt others"),
    Kind.AT_RISK: _("A child, or an adult who needs care, is at risk"),
    Kind.CONDUCT: _("Hurtful behaviour in a group"),
    Kind.ALLEGATION: _("Something that somebody who works here did"),
    Kind.BREACH: _("Something private got out, or a device is lost"),
    Kind.LEGAL_DEMAND: _("Police, a court or an office asks for something"),
}
STATES: "dict[State, _StrPromise]" = {
    State.DRAFT: _("being written"),
    State.RAISED: _("raised"),
    State.ACKNOWLEDGED: _("somebody has it"),
    State.SAFE_NOW: _("safe for now"),
    State.DECIDED: _("decided"),
    State.IN_PLAN: _("a plan is agreed"),
    State.REVIEW: _("being looked at again"),
    State.CLOSED: _("finished"),
    State.REOPENED: _("taken up again"),
    State.RAISED_IN_ERROR: _("raised in error"),
}
EVENTS: "dict[Event, _StrPromise]" = {
    Event.ACKNOWLEDGE: _("I have it"),
    Event.FIND_SAFE: _("Safe for now"),
    Event.DECIDE: _("Decide about sharing"),
    Event.PROPOSE: _("Propose to share against the will"),
    Event.CONFIRM: _("Sign as the second person"),
    Event.WITHDRAW: _("Drop the proposal"),
    Event.PLAN: _("Write down the plan"),
    Event.REVIEW: _("Look at it again"),
    Event.CLOSE: _("Finish"),
    Event.REOPEN: _("Take up again"),
    Event.STRIKE: _("Raised in error"),
    Event.HAND_OVER: _("A professional has taken over"),
    Event.TAKE_BACK: _("It is ours again"),
    Event.SET_LEVEL: _("Set another level"),
}
DUTIES: "dict[Duty, _StrPromise]" = {
    Duty.ACKNOWLEDGE: _("Say that you have it"),
    Duty.SAFE_NOW: _("Find out what the person wants and whether they are safe"),
    Duty.CONTACT: _("Speak with the person"),
    Duty.CONTACT_AGAIN: _("Speak with the person again"),
    Duty.PLAN: _("Agree on a plan"),
    Duty.REVIEW: _("Look at it again"),
    Duty.AFTERCARE: _("Offer aftercare to those who carried it"),
    Duty.CONSIDER_AUTHORITY: _("Decide, with the law sheet, whether an authority has to know"),
    Duty.CONTAIN: _("Contain it: lock accounts, call back what went out"),
    Duty.TELL_OFFICER: _("Tell whoever answers for data protection"),
    Duty.TELL_AUTHORITY: _("Decide about telling the supervisory authority"),
    Duty.SECOND_READER: _("Let a colleague in: only one of you can read it"),
}
OUTCOMES: "dict[Outcome, _StrPromise]" = {
    Outcome.NO_SHARING: _("Nothing is shared"),
    Outcome.WITH_CONSENT: _("Shared because the person wants it"),
    Outcome.WITHOUT_CONSENT: _("Shared although the person does not want it"),
    Outcome.LEGAL_DUTY: _("Shared because the law asks for it"),
}
FIELDS: "dict[str, _StrPromise]" = {
    "wish": _("What does the person want?"),
    "reason": _("Why"),
    "outcome": _("What is shared"),
    "near": _("The danger is near"),
    "serious": _("It is serious"),
    "credible": _("Whoever says so can be believed"),
    "less_intrusive": _("A gentler way was tried, or cannot work"),
    "smallest": _("Only the smallest part is shared"),
    "told": _("Was the person told? If not, why not?"),
    "law_sheet": _("Law sheet"),
    "plan": _("The plan, as agreed with the person"),
    "found": _("What you found"),
    "person_told": _("What was the person told?"),
    "raiser_told": _("What does whoever raised it know?"),
    "aftercare": _("What was offered to those who carried it?"),
    "learning": _("What do we learn? Write nothing about anybody"),
    "professional": _("Who has taken over?"),
    "accepted_at": _("At what time did they accept?"),
    "level": _("Level"),
    "note": _("Note"),
    "name": _("Who"),
    "whom": _("With whom"),
    "what": _("What exactly"),
}
WRITTEN: "dict[str, _StrPromise]" = {
    "note": _("A note"),
    "shared": _("Something was shared"),
    "told": _("The person was told something"),
    "named": _("It was named whom it is about"),
}
# What else stands in the record of a concern: the person's safety plan, and aftercare.
OPENINGS: "dict[str, _StrPromise]" = {
    "plan_asked": _("Asked to open the safety plan"),
    "plan_read": _("Read the safety plan"),
    "cared_for": _("Had somebody to talk to about it"),
}
AFTERCARE: "dict[str, _StrPromise]" = {
    "had": _("A talk about it took place"),
    "not_wanted": _("No talk about it is wanted"),
}
# Lines that the house writes beside those of people.
BY_HOUSE: "dict[str, _StrPromise]" = {
    "registered": _("It was entered in the register of demands"),
    "ladder": _("A step of the conduct ladder was decided"),
}
LACKING: "dict[Guard, _StrPromise]" = {
    Guard.ANSWERS: _("You do not answer for this."),
    Guard.ON_ROTA: _("Somebody who is on call today says this, or the director."),
    Guard.SECOND_PERSON: _("A second person signs: not the one who proposed it."),
    Guard.ANOTHER_HAS_IT: _("Two say this: one says “I have it”, and another says that it was raised in error."),
    Guard.AS_PROPOSED: _("The proposal has changed meanwhile. Read it again."),
    Guard.NOTHING_PENDING: _("A proposal waits for its second person."),
    Guard.TICKS: _("Each line of the list has to be true."),
}
ABOUT: "dict[str, _StrPromise]" = {
    "me": _("Myself"),
    "staff": _("Somebody who works here"),
    "lead": _("The safeguarding lead"),
    "deputy": _("The deputy of the safeguarding lead"),
    "director": _("The director"),
    "unsure": _("Not sure, or somebody else"),
    "drill": _("Nobody: this is a drill"),
    "seat": _("Somebody"),
}

# What became of a call on one way, for colleagues of whoever was called.
CALL_STATES = {
    Delivery.State.DUE: _("waiting"),
    Delivery.State.SENDING: _("being sent"),
    Delivery.State.DELIVERED: _("delivered"),
    Delivery.State.FAILED: _("did not arrive"),
    Delivery.State.SKIPPED: _("skipped: no way to them"),
}
NOT_NEEDED, PERHAPS_TWICE = _("not needed any more"), _("delivered, perhaps twice")
