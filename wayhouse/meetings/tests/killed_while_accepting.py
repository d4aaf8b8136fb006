"""Run by `test_rota_killed.py` in a process of its own: accept a rota in children that are killed.

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
from wayhouse.crypto import items  # noqa: E402
from wayhouse.crypto.models import Envelope, Item, Scope  # noqa: E402
from wayhouse.groups.actions import begin_cycle  # noqa: E402
from wayhouse.groups.models import Cycle, Proposal, Seat  # noqa: E402
from wayhouse.groups.tests.killed_while_accepting import in_child  # noqa: E402
from wayhouse.meetings import drawing_up, planning  # noqa: E402
from wayhouse.meetings.models import EveningCard, HostName, Meeting, Shift  # noqa: E402
from wayhouse.meetings.tests.scenes import Town  # noqa: E402
from wayhouse.people import reach  # noqa: E402
from wayhouse.people.invitations import found  # noqa: E402
from wayhouse.people.models import Belonging, Person  # noqa: E402

COUNTED = (Meeting, Shift, EveningCard, HostName, Seat, Scope, Envelope, Item, Belonging, AuditLeaf)
# Where the process is killed: when it enters the work of a module for the n-th time.
MOMENTS: dict[str, tuple[Any, str, int]] = {
    "meetings": (planning, "record", 1),
    "keys": (reach, "let_in", 2),
    "cards": (items, "seal", 2),
    "log": (drawing_up, "record", 1),
}


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
    """Two groups with two evenings each, on paper."""
    words = {"pack": "twelve-evenings", "version": "1.0.0", "title": "Twelve evenings", "weeks": 2}
    with cast.acting(ana):
        cycle = begin_cycle(ana.programme, **words, starts_on=date(2099, 3, 2), actor=ana)  # type: ignore[arg-type]
    town = Town(cast, ana, cycle)
    town.lasts(2)
    bea, zoe, max_ = [*town.leads("Bea", "Zoe"), *town.mentors("Max")]
    tuesday, thursday = town.group("Kestrel"), town.group("Wren", slot="thu-evening")
    return town.proposal(
        {(group, week): [lead, max_] for week in (1, 2) for group, lead in ((tuesday, bea), (thursday, zoe))}
    )


def accept(cast: Cast, ana: Person, proposal: Proposal) -> None:
    """As the page does it."""
    with cast.acting(ana):
        drawing_up.accept_rota(Proposal.objects.get(pk=proposal.pk), revision=1, actor=ana)


def die_while_accepting(cast: Cast, ana: Person, proposal: Proposal, moment: str) -> None:
    """Be killed right after the work of that moment was done, before anything is committed."""
    module, name, times = MOMENTS[moment]
    work: Callable[..., Any] = getattr(module, name)
    left = [times]

    def work_and_die(*words: Any, **details: Any) -> Any:
        done = work(*words, **details)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    with patch.object(module, name, work_and_die):
        accept(cast, ana, proposal)


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
