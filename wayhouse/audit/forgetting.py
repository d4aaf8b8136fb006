"""Details of old entries. The entries themselves stay: every proof goes on holding without their details."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wayhouse.audit.models import AuditDetail

# Practice handbook 4.4: the log of who did what is kept for 24 months.
DETAILS_KEPT = timedelta(days=730)


def old_details(now: datetime) -> QuerySet[AuditDetail]:
    """Details of entries that are older than that at a moment."""
    return AuditDetail.objects.filter(leaf__day__lte=timezone.localdate(now) - DETAILS_KEPT)


def drop_old_details() -> int:
    """Delete them. How many there were."""
    return old_details(timezone.now()).delete()[0]
