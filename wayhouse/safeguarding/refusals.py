"""Answers to people whose wish cannot be granted as it stands. Nothing was changed by any of them."""

from wayhouse.people.ending import StillNeeded
from wayhouse.safeguarding.protocol import NotAllowed


class NobodyAnswers(Exception):  # noqa: N818  an answer to a person, not a fault
    """Nobody with a post and keys is left to read it: whoever worries calls."""


class ConcernsYou(Exception):  # noqa: N818  an answer to a person, not a fault
    """It concerns whoever wants to enter or decide it: a colleague does."""


class NoSuchReceipt(Exception):  # noqa: N818  an answer to a person, not a fault
    """No open concern has this code, or what it opened is gone; it is not said which."""


class NothingToOpen(Exception):  # noqa: N818  an answer to a person, not a fault
    """There is no copy of a plan that may be opened now; it is not said why."""


class NothingOwed(Exception):  # noqa: N818  an answer to a person, not a fault
    """This was done meanwhile, or was never asked for."""


class TooFewReaders(StillNeeded):
    """An open concern would be left with fewer than two who can read it: a colleague is let in before."""


class TooFewConcerns(Exception):  # noqa: N818  an answer to a person, not a fault
    """So few were finished that a note would lead to one of them."""


class TooManyClosed(Exception):  # noqa: N818  an answer to a person, not a fault
    """More days of a year would be closed by hand than a limit may become longer by."""


class WrittenAlready(Exception):  # noqa: N818  an answer to a person, not a fault
    """There is a note of this month."""


__all__ = [
    "ConcernsYou",
    "NoSuchReceipt",
    "NobodyAnswers",
    "NotAllowed",
    "NothingOwed",
    "NothingToOpen",
    "TooFewConcerns",
    "TooFewReaders",
    "TooManyClosed",
    "WrittenAlready",
]
