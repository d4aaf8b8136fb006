"""Invitations as they lie in the database: a token's fingerprint, and whose keys wait behind it."""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from wayhouse.crypto.models import Keyholder

INVITATION_LASTS = timedelta(hours=72)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Sets of invitations."""

    def open(self) -> Self:
        """Not used and not past their time."""
        return self.filter(accepted_on=None, expires_at__gt=timezone.now())

    def expired(self) -> Self:
        """Not used, and their time is over."""
        return self.filter(accepted_on=None, expires_at__lte=timezone.now())


class Invitation(models.Model):
    """A one-time token, and the key holder that keeps what the invited person will be able to open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    holder = models.OneToOneField(Keyholder, on_delete=models.SET_NULL, null=True, related_name="invitation")
    expires_at = models.DateTimeField()
    accepted_on = models.DateField(null=True)

    objects = InvitationQuerySet.as_manager()
