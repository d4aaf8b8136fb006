"""The proposals of a cycle that are kept beside each other, until one of them is accepted."""

from collections.abc import Mapping
from typing import Any

from wayhouse.crypto import items
from wayhouse.groups.models import Cycle, Proposal
from wayhouse.groups.refusals import Outdated

MOST = 4


def keep_proposal(cycle: Cycle, kind: Proposal.Kind, words: Mapping[str, Any], numbers: Mapping[str, Any]) -> Proposal:
    """Keep one more; of more than `MOST` the oldest goes. Call it in a transaction with the cycle locked."""
    before = Proposal.objects.filter(cycle=cycle, kind=kind)
    latest = before.order_by("-number").first()
    kept = list(before.open().order_by("-number").values_list("pk", flat=True))
    before.filter(pk__in=kept[MOST - 1 :]).update(state=Proposal.State.REPLACED)
    item = items.seal(cycle.programme.placement, "proposal", words)
    number = latest.number + 1 if latest else 1
    return Proposal.objects.create(item=item, cycle=cycle, kind=kind, number=number, **numbers)


def current(proposal: Proposal, revision: int) -> Proposal:
    """The same proposal, locked, where it is open and nobody changed it since. Error: `Outdated`."""
    locked = Proposal.objects.select_for_update().open().filter(pk=proposal.pk, revision=revision).first()
    if locked is None:
        raise Outdated
    return locked


def is_accepted(proposal: Proposal, revision: int) -> bool:
    """Whether just what somebody looked at was accepted, as it stands now. Who says yes to it again changes nothing."""
    return Proposal.objects.filter(pk=proposal.pk, revision=revision, state=Proposal.State.ACCEPTED).exists()


def set_accepted(locked: Proposal) -> None:
    """This one counts from now on; those beside it are kept no longer."""
    others = Proposal.objects.open().filter(cycle=locked.cycle_id, kind=locked.kind).exclude(pk=locked.pk)
    others.update(state=Proposal.State.REPLACED)
    locked.state = Proposal.State.ACCEPTED
    locked.save(update_fields=["state"])
