"""Answers to people whose wish cannot be granted as it stands. Nothing was changed by any of them."""


class Outdated(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody else changed or accepted this meanwhile, or what it builds on changed."""


class Unsuitable(Exception):  # noqa: N818  an answer to a person, not a fault
    """It breaks a hard rule. Which one is not said: a keep-apart must never show; `choosing.py` knows the others."""


class AlreadyThere(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody is where they were to be put."""


class AlreadyDrawing(Exception):  # noqa: N818  an answer to a person, not a fault
    """A proposal for this cycle is being drawn up right now."""
