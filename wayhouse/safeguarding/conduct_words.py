"""The conduct ladder in the words of people: what a step is, what may be done with it, and what was."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhouse.safeguarding.protocol.conduct import Deed, Must, Place, Rung

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RUNGS: "dict[Rung, _StrPromise]" = {
    Rung.TALK: _("A talk"),
    Rung.AGREEMENT: _("A written agreement"),
    Rung.AWAY: _("Time away"),
    Rung.ENDING: _("Ending"),
}
# What each means, for the person.
MEANING: "dict[Rung, _StrPromise]" = {
    Rung.TALK: _(
        "We want to talk with you about it, or have done so. Nothing else follows from this, and it is over after half "
        "a year at most."
    ),
    Rung.AGREEMENT: _(
        "We would like to agree with you on how it goes on. You can say yes, or say how you see it. "
        "It is over after half a year at most."
    ),
    Rung.AWAY: _("You do not come for a while. Your seat is kept, and on the day below you are back by yourself."),
    Rung.ENDING: _(
        "You do not take part any more. Your seat is kept until the time to appeal is over, or your appeal is decided."
    ),
}
PLACES: "dict[Place, _StrPromise]" = {
    Place.PROPOSED: _("waits for a second person"),
    Place.STANDING: _("it holds"),
    Place.APPEALED: _("you asked somebody else to decide"),
    Place.UPHELD: _("somebody else looked, and it holds"),
    Place.SET_ASIDE: _("it does not hold any more"),
    Place.OVER: _("it is over"),
}
TEAM_PLACES = PLACES | {Place.APPEALED: _("appealed: somebody else decides")}
DEEDS: "dict[Deed, _StrPromise]" = {
    Deed.CONFIRM: _("Sign as the second person"),
    Deed.DROP: _("Drop it; the person is told nothing"),
    Deed.UPHOLD: _("Decide the appeal: it holds"),
    Deed.OVERTURN: _("Decide the appeal: it does not hold"),
    Deed.KEEP: _("Look at it again: it holds"),
    Deed.END: _("Look at it again: it is no longer needed"),
    Deed.CLOSE: _("It is done: nothing is open any more"),
    Deed.TAKE_BACK: _("Take it back"),
    Deed.SAY: _("Say how you see it"),
    Deed.AGREE: _("Yes, I agree"),
    Deed.APPEAL: _("Ask somebody else to decide"),
}
# What was done, for the record of both sides.
DONE: "dict[Deed, _StrPromise]" = {
    Deed.CONFIRM: _("A second person signed it"),
    Deed.DROP: _("It was dropped"),
    Deed.UPHOLD: _("Somebody else decided: it holds"),
    Deed.OVERTURN: _("Somebody else decided: it does not hold"),
    Deed.KEEP: _("Somebody else looked again: it holds"),
    Deed.END: _("Somebody else looked again: it is no longer needed"),
    Deed.CLOSE: _("It is done"),
    Deed.TAKE_BACK: _("It was taken back"),
    Deed.SAY: _("In the person's own words"),
    Deed.AGREE: _("The person agreed"),
    Deed.APPEAL: _("The person asked somebody else to decide"),
}
OWN_DONE = DONE | {
    Deed.SAY: _("In your own words"),
    Deed.AGREE: _("You agreed"),
    Deed.APPEAL: _("You asked somebody else to decide"),
}
MISSES: "dict[Must, _StrPromise]" = {
    Must.ANSWERS: _("You do not answer for this."),
    Must.SECOND: _(
        "A second person signs, and whoever proposed it must still answer for it. Else drop it and begin anew."
    ),
    Must.DECIDED_IT: _("Only whoever decided it takes it back."),
    Must.SOMEBODY_ELSE: _("Somebody who did not decide it looks at it again."),
    Must.ANEW: _("Somebody decides who neither decided it nor looked at it again."),
    Must.REASON: _("Write the reason, in words for the person."),
    Must.IN_TIME: _("The time to appeal is over. You can still say how you see it."),
}
