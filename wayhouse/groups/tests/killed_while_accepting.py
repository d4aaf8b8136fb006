"""Run by `test_killed.py` in a process of its own: prepare a proposal, then accept it in children that are killed.

Prints one JSON object: for each moment of death what the database holds afterwards, and at last after a whole run.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from unittest.mock import patch

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection  # noqa: E402

from conftest import Cast  # noqa: E402
from wayhouse.audit.models import AuditLeaf  # noqa: E402
from wayhouse.audit.record import record  # noqa: E402
from wayhouse.crypto.models import Envelope, Item, Scope  # noqa: E402
from wayhouse.groups import actions, placing  # noqa: E402
from wayhouse.groups.models import Cycle, Group, Proposal, Seat  # noqa: E402
from wayhouse.groups.tests.conftest import LIBRARY, enrol_people  # noqa: E402
from wayhouse.people.invitations import found  # noqa: E402
from wayhouse.people.models import Belonging, Person, Role  # noqa: E402

COUNTED = (Group, Seat, Scope, Envelope, Item, Belonging, AuditLeaf)
# After which of the three entries in the log the process is killed.
MOMENTS = ("first group", "second group", "last word")


def main() -> None:
    """Die at each moment, then once not at all."""
    call_command("migrate", verbosity=0)
    cast = Cast()
    _programme, token = found("Lantern Trust (invented)", "Open Circle", "Ana", time_zone="Europe/Berlin")
    ana = cast.accept(token, "ana")
    proposal = prepare(cast, ana)
    told = {"before": held(proposal)}
    for moment in MOMENTS:
        signal_of_death = in_child(partial(die_while_accepting, cast, ana, proposal, moment))
        told[moment] = {**held(proposal), "killed by": signal_of_death}
    ended_well = in_child(partial(accept, cast, ana, proposal)) is None
    told["whole"] = {**held(proposal), "ended well": ended_well}
    sys.stdout.write(json.dumps(told))


def prepare(cast: Cast, ana: Person) -> Proposal:
    """Two groups on paper."""
    programme = ana.programme
    with cast.acting(ana):
        actions.keep_venue(programme, LIBRARY, actor=ana)
        slots = ["tue-evening", "thu-evening"]
        enrol_people(programme, "Bo", "Max", kind=Role.Kind.FACILITATOR, slots=slots)
        enrol_people(programme, *"ABCDEF")
        enrol_people(programme, *"GHIJKL", slots=["thu-evening"])
        cycle = actions.begin_cycle(
            programme,
            pack="twelve-evenings",
            version="1.0.0",
            title="Twelve evenings",
            starts_on=date(2027, 3, 1),
            weeks=14,
            actor=ana,
        )
        return placing.propose_groups(cycle, actor=ana, seconds=10)


def accept(cast: Cast, ana: Person, proposal: Proposal) -> None:
    """As the page does it."""
    with cast.acting(ana):
        placing.accept_groups(Proposal.objects.get(pk=proposal.pk), revision=1, actor=ana)


def die_while_accepting(cast: Cast, ana: Person, proposal: Proposal, moment: str) -> None:
    """Be killed right after the log has taken the entry of that moment, before anything is committed."""
    moments = iter(MOMENTS)

    def record_and_die(*words: Any, **details: Any) -> None:
        record(*words, **details)
        if next(moments) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    with patch.object(actions, "record", record_and_die), patch.object(placing, "record", record_and_die):
        accept(cast, ana, proposal)


def in_child(work: Callable[[], None]) -> int | None:
    """Do something in a copy of this process; the signal that ended it, or None where it ended well."""
    connection.close()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if status else None


def held(proposal: Proposal) -> dict[str, Any]:
    """What the database holds, counted."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        (sound,) = cursor.fetchone()
    counts: dict[str, Any] = {model._meta.model_name or "": model.objects.count() for model in COUNTED}
    states = [Proposal.objects.get(pk=proposal.pk).state, Cycle.objects.get().state]
    return {**counts, "states": states, "sound": sound}


if __name__ == "__main__":
    main()
