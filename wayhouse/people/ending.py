"""Before a role ends, rooms above end what goes with it, or say that somebody is needed in it at this moment."""

from django.dispatch import Signal

# In the transaction, before a role ends: rooms above end what goes with it, or raise `StillNeeded`.
# Arguments: `role`, `actor`.
role_ending = Signal()


class StillNeeded(Exception):  # noqa: N818  an answer to a person, not a fault
    """Somebody depends on this role at this moment: something is handed over first. Leaving is never refused."""
