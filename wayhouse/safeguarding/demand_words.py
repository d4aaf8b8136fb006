"""The register of demands in the words of people."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhouse.safeguarding.protocol.demands import Matter, Move, Need, Stage

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STAGES: "dict[Stage, _StrPromise]" = {
    Stage.RECEIVED: _("received"),
    Stage.CHECKED: _("checked"),
    Stage.CONTESTED: _("we asked for less, or objected"),
    Stage.DECIDED: _("decided by two"),
    Stage.ANSWERED: _("answered"),
    Stage.REFUSED: _("nothing was given"),
    Stage.CLOSED: _("finished"),
}
MATTERS: "dict[Matter, _StrPromise]" = {
    Matter.NOTHING: _("Give nothing"),
    Matter.NARROWED: _("Give less than was asked"),
    Matter.COMPLIED: _("Give what was asked"),
    Matter.CONTESTED: _("Give nothing and object in court"),
    Matter.HOLD: _("Hold the records of those whom it concerns"),
    Matter.LIFT: _("End the hold"),
    Matter.STAY: _("The hold stays, until it is looked at again"),
}
MOVES: "dict[Move, _StrPromise]" = {
    Move.CHECK: _("Check whether it is valid"),
    Move.NARROW: _("We asked for less"),
    Move.CHALLENGE: _("We objected"),
    Move.PROPOSE: _("Propose a decision"),
    Move.CONFIRM: _("Sign as the second person"),
    Move.WITHDRAW: _("Drop the proposal"),
    Move.UNSIGN: _("Take back my signature"),
    Move.ANSWER: _("It was answered"),
    Move.REFUSE: _("It was refused"),
    Move.HOLD: _("Propose to hold the records"),
    Move.LIFT: _("Propose to end the hold"),
    Move.STAY: _("Propose that the hold stays"),
    Move.TELL: _("The person was told"),
    Move.MAY_NOT_TELL: _("The person may not be told"),
    Move.NOTE: _("Write a note"),
    Move.CLOSE: _("Finish"),
    Move.TAKE_UP: _("Take up again"),
}
# What a step is for, where the word alone does not say it.
WHAT_FOR: "dict[Move, _StrPromise]" = {
    Move.HOLD: _(
        "After a second signature nothing about these people is erased, not by a clock and not by themselves, until "
        "two end the hold. Nobody who does not read this page is told. It is no reason to write down more."
    ),
    Move.LIFT: _("After a second signature the clocks go on. What somebody asked to have erased is erased then."),
    Move.STAY: _("After a second signature it stands as before, with another day on which two look at it again."),
    Move.TELL: _("From then on their own page says that a law holds their records, and when it is looked at again."),
    Move.MAY_NOT_TELL: _(
        "Only where the law forbids it. Their pages say nothing untrue: they read, as everybody does, that a law may "
        "order us to keep something and to be silent about it. Tell them as soon as it is allowed."
    ),
    Move.ANSWER: _("The house sends nothing. Write down what a person gave, and to whom."),
    Move.REFUSE: _("Our usual answer neither says that somebody is known here nor that they are not."),
}
SAID: "dict[str, _StrPromise]" = {
    "who": _("Who asks"),
    "basis": _("Which law or order they name"),
    "what": _("What exactly they ask for"),
    "about": _("What or whom it concerns, in their words"),
    "until": _("Until when"),
    "validity": _("Is it valid? Signature, court, law, scope"),
    "counsel": _("Who was asked for legal advice? If nobody, why not?"),
    "law_sheet": _("Law sheet"),
    "asked": _("What was asked of the authority"),
    "reason": _("Why"),
    "matter": _("What is decided"),
    "again": _("Look again on"),
    "given": _("What exactly was given"),
    "whom": _("To whom, and how"),
    "said": _("What was answered"),
    "person": _("Who"),
    "told": _("What were they told?"),
    "note": _("Note"),
}
MISSING: "dict[Need, _StrPromise]" = {
    Need.ANSWERS: _("You do not answer for this."),
    Need.SECOND: _(
        "A second person signs, and whoever proposed it must still answer for it. Else drop it and begin anew."
    ),
    Need.AS_PROPOSED: _("The proposal has changed meanwhile. Read it again."),
    Need.NOTHING_WAITS: _("A proposal waits for its second person."),
    Need.SOMEBODY: _("Nobody whom it concerns is known here, or they are gone. There is nothing to hold."),
    Need.SIGNED: _("Only one of the two who signed can do this."),
    Need.GIVES: _("Both who signed must still answer for it. Take it up again, and let two decide."),
    Need.ALL_KNOW: _("First write down for each person that they were told, or why they may not be."),
}
KNOWS: "dict[str, _StrPromise]" = {
    "": _("not told yet"),
    "told": _("told"),
    "may_not": _("may not be told"),
}
