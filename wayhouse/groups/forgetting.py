"""Plans that were replaced: they hold ids of people, and nobody looks at them any more."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.crypto.models import Item
from wayhouse.groups.models import Proposal

PLANS_KEPT = timedelta(days=28)


def replaced_plans(now: datetime) -> QuerySet[Proposal]:
    """Plans that were replaced long ago; the latest of a kind stays, since the next one begins from its settings."""
    later = Proposal.objects.filter(cycle=OuterRef("cycle"), kind=OuterRef("kind"), item__seq__gt=OuterRef("item__seq"))
    old = Proposal.objects.filter(state=Proposal.State.REPLACED, made_on__lte=(now - PLANS_KEPT).date())
    return old.filter(Exists(later))


def drop_replaced_plans() -> int:
    """Delete them; needs nobody's key. How many there were."""
    with transaction.atomic():
        old = list(replaced_plans(timezone.now()).values_list("pk", "item_id"))
        Proposal.objects.filter(pk__in=[pk for pk, _item in old]).delete()
        Item.objects.filter(pk__in=[item for _pk, item in old]).delete()
    return len(old)
