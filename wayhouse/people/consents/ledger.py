"""One row for each yes and each taking back. Rows are only ever added; the database refuses to change one."""

from datetime import date
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.people.consents.wordings import Purpose, terms_of

if TYPE_CHECKING:
    from wayhouse.people.models import Person


class ConsentEntryQuerySet(models.QuerySet["ConsentEntry"]):
    """Sets of entries."""

    def in_force(self, day: date | None = None) -> Self:
        """Those that are a yes, the last word about their thing, and not past their day, today or on another day."""
        later = ConsentEntry.objects.filter(
            person=models.OuterRef("person"), purpose=models.OuterRef("purpose"), about=models.OuterRef("about"),
            pk__gt=models.OuterRef("pk"),
        )  # fmt: skip
        lasting = models.Q(until=None) | models.Q(until__gt=day or timezone.localdate())
        return self.filter(lasting, ~models.Exists(later), step=ConsentEntry.Step.GIVEN)


class ConsentEntry(models.Model):
    """Somebody said yes to one purpose, or took it back. A no leaves no row: it is nobody's business.

    `about`: the one thing that it is about, such as a cycle or a goal; the person's own id where it is about no other.
    `effects`: how many records the taking back changed, at once.
    """

    class Step(models.TextChoices):
        GIVEN = "given", _("said yes")
        WITHDRAWN = "withdrawn", _("took it back")

    class How(models.TextChoices):
        SELF = "self", _("by myself")
        HELPER = "helper", _("with somebody who helped")
        INTERPRETER = "interpreter", _("with an interpreter")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16)
    about = models.UUIDField()
    step = models.CharField(max_length=12, choices=Step.choices)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    how = models.CharField(max_length=12, choices=How.choices, default=How.SELF)
    on = models.DateField()
    until = models.DateField(null=True)
    effects = models.PositiveIntegerField(default=0)

    objects = ConsentEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "about"], name="consent_of_a_person")]


def has_consent(person: "Person", purpose: Purpose, about: UUID | None = None) -> bool:
    """Whether somebody's yes holds today. Error: `ValueError` where the purpose needs one thing and none is named."""
    if about is None and terms_of(purpose).for_each:
        raise ValueError("a yes to one thing is none to all of its kind")
    found = ConsentEntry.objects.in_force().filter(person=person, purpose=purpose)
    return (found.filter(about=about) if about else found).exists()
