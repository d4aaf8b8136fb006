"""Organisation, programme, people and their roles. No row here says a name: words are sealed."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhouse.accounts.models import User
from wayhouse.crypto.items import words_of
from wayhouse.crypto.models import Item, Keyholder, Scope
from wayhouse.crypto.sealed import Sealed, SealedModel

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Organisation(models.Model):
    """Who runs programmes here. Its name is public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    created_on = models.DateField(auto_now_add=True)


class Programme(models.Model):
    """One programme: its own people, groups and keys. Two programmes know nothing of each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40, default="Europe/Berlin")
    # Coordinators share this scope; it holds roster, keep-apart lists, venues and proposals.
    placement = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="programme")
    # The coordinators' desk: one key holder in every group and evening, its secret sealed in `placement`.
    desk = models.OneToOneField(Keyholder, on_delete=models.PROTECT, related_name="programme")
    desk_item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="+")
    # Counts changes of the roster, so that two coordinators never import over each other.
    roster_revision = models.PositiveIntegerField(default=0)
    # Keep-apart lists and plans may name somebody who is erased, until a coordinator is next here.
    lists_outdated = models.BooleanField(default=False)
    # Somebody took a seat or is to be kept apart: shifts are looked at again by the coordinator who is next here.
    shifts_unchecked = models.BooleanField(default=False)
    # Rows of the roster, or keys of people, are new: the next coordinator closes rows for whom they are about.
    rows_unsealed = models.BooleanField(default=False)
    created_on = models.DateField(auto_now_add=True)


class PersonQuerySet(models.QuerySet["Person"]):
    """Sets of people."""

    def visible_to(self, person: "Person") -> Self:
        """Coordinators see the people of their programme; everybody sees themselves and nobody else."""
        if person.is_coordinator:
            return self.filter(programme=person.programme)
        return self.filter(pk=person.pk)

    def with_role(self, role: "Role.Kind") -> Self:
        """People who hold this role now."""
        return self.filter(roles__kind=role, roles__until_on=None)

    def active(self) -> Self:
        """People who are neither pausing nor gone."""
        return self.filter(status=Person.Status.ACTIVE)


class Person(models.Model):
    """Somebody in one programme: a random id. Pausing and leaving need no reason, and none is kept."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("taking part")
        PAUSED = "paused", _("pausing")
        LEFT = "left", _("left")
        AWAY = "away", _("away")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="people")
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    status_on = models.DateField(auto_now_add=True)
    created_on = models.DateField(auto_now_add=True)
    # Who was welcomed and has not come in goes after this day; None for everybody else.
    unused_until = models.DateField(null=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "user"], name="one_person_for_an_account")]

    def __str__(self) -> str:
        """Never a name."""
        return "person"

    # Roles held now, fetched along with the person by `present`; asked many times on one page.
    role_kinds: "frozenset[str] | None" = None
    # Whether somebody who began again waits for keys that this person holds; fetched along, too.
    keys_wait_for: bool = False

    def holds(self, role: "Role.Kind") -> bool:
        """Whether the person has this role now."""
        if self.role_kinds is None:
            current = self.roles.filter(until_on=None).values_list("kind", flat=True)
            self.role_kinds = frozenset(current)
        return role in self.role_kinds

    # The day on which each role held now began, fetched along with it.
    role_days: "dict[str, date] | None" = None

    def holds_since(self, role: "Role.Kind", day: date) -> bool:
        """Whether the person has had this role since a day."""
        if self.role_days is None:
            self.role_days = dict(self.roles.filter(until_on=None).values_list("kind", "since_on"))
        return role in self.role_days and self.role_days[role] <= day

    @property
    def is_coordinator(self) -> bool:
        """Coordinates this programme."""
        return self.holds(Role.Kind.COORDINATOR)

    @property
    def opens_words_of_others(self) -> bool:
        """Holds any role but a member's."""
        return any(self.holds(kind) for kind in Role.Kind if kind != Role.Kind.MEMBER)

    @property
    def leads_evenings(self) -> bool:
        """Facilitates or mentors."""
        return self.holds(Role.Kind.FACILITATOR) or self.holds(Role.Kind.MENTOR)


class Belonging(models.Model):
    """A scope that a person belongs to, whether they hold keys yet or not. Higher rooms write it through `reach`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="belongings")
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="belongings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "scope"], name="belongs_to_a_scope_once")]


class Role(models.Model):
    """What somebody is in a programme, from a day until a day."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("member")
        MENTOR = "mentor", _("mentor")
        FACILITATOR = "facilitator", _("facilitator")
        COORDINATOR = "coordinator", _("coordinator")
        SAFEGUARDING_LEAD = "safeguarding", _("safeguarding lead")
        AUDITOR = "auditor", _("auditor")
        PARTNER = "partner", _("partner")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    since_on = models.DateField(auto_now_add=True)
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(until_on=None), name="one_current_role_of_a_kind"
            )
        ]


class Profile(SealedModel):
    """What a person is called, sealed to themselves."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="profile")
    name: Sealed[str] = Sealed()


class RosterEntryQuerySet(models.QuerySet["RosterEntry"]):
    """Sets of roster entries."""

    def visible_to(self, person: Person) -> Self:
        """Coordinators see the roster of their programme, without those who left; for others no entry exists."""
        if not person.is_coordinator:
            return self.none()
        return self.filter(person__programme=person.programme).exclude(person__status=Person.Status.LEFT)


class RosterEntry(SealedModel):
    """What planning needs to know about a person, sealed to the coordinators of the programme.

    Words as in the roster spreadsheet (`people/roster/columns.py`); keep-apart lies in `KeepApart`.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="roster_entry")

    name: Sealed[str] = Sealed()
    role: Sealed[str] = Sealed("member")
    languages: Sealed[list[str]] = Sealed(())
    slots: Sealed[list[str]] = Sealed(())
    preferred_slots: Sealed[list[str]] = Sealed(())
    needs: Sealed[list[str]] = Sealed(())
    mode: Sealed[str] = Sealed("either")
    area: Sealed[str] = Sealed()
    travel: Sealed[str] = Sealed("district")
    kinds: Sealed[list[str]] = Sealed(("mixed",))
    preferred_kind: Sealed[str] = Sealed()
    mix: Sealed[str] = Sealed()
    meetings_a_week: Sealed[int] = Sealed(1)

    objects = RosterEntryQuerySet.as_manager()

    def as_words(self) -> dict[str, Any]:
        """All words of the entry."""
        return words_of(self.item)


class KeepApart(SealedModel):
    """People who must not meet. Opened for the solver and the leads; no page ever shows it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="keep_apart")
    people: Sealed[list[str]] = Sealed(())
    # The id of whoever named the others in a list of their own; empty where staff wrote it.
    asked_by: Sealed[str] = Sealed()


class RosterDraftQuerySet(models.QuerySet["RosterDraft"]):
    """Sets of drafts."""

    def open_for(self, person: Person) -> Self:
        """The person's own draft, while it lasts."""
        return self.filter(author=person, programme=person.programme, expires_at__gt=timezone.now())

    def expired(self) -> Self:
        """Drafts whose hour is over."""
        return self.filter(expires_at__lte=timezone.now())


class RosterDraft(SealedModel):
    """A spreadsheet that was read and not imported yet, sealed to the coordinators for an hour. The file is gone.

    `rows`: fates as in `people/roster/comparing.py`, as JSON. `revision` is that of the roster it was compared with.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="drafts")
    author = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="draft")
    revision = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    rows: "Sealed[list[dict[str, Any]]]" = Sealed(())
    examples: Sealed[int] = Sealed(0)

    objects = RosterDraftQuerySet.as_manager()


def label_of_role(kind: str) -> "_StrOrPromise":
    """The word for a role in the reader's language."""
    return Role.Kind(kind).label


# Tables of this room whose files stand beside; Django looks for them here.
from wayhouse.people.absence import Away  # noqa: E402
from wayhouse.people.consents.ledger import ConsentEntry  # noqa: E402
from wayhouse.people.holds import Hold  # noqa: E402
from wayhouse.people.invited import INVITATION_LASTS, Invitation  # noqa: E402
from wayhouse.people.own_rows import OwnRow  # noqa: E402
from wayhouse.people.vouching import WayBack  # noqa: E402

__all__ = [
    "INVITATION_LASTS",
    "Away",
    "Belonging",
    "ConsentEntry",
    "Hold",
    "Invitation",
    "KeepApart",
    "Organisation",
    "OwnRow",
    "Person",
    "Profile",
    "Programme",
    "Role",
    "RosterDraft",
    "RosterEntry",
    "WayBack",
    "label_of_role",
]
