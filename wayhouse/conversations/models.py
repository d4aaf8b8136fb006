"""What a group writes among itself. Words are sealed to those who sit in it; numbers and days stand in clear.

A day and no hour is kept of anything: when somebody was here is nobody's business.
"""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from wayhouse.crypto.models import Envelope, Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.groups.models import Group
from wayhouse.meetings.models import Meeting
from wayhouse.people.models import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LONGEST_POST = 4000


class Circle(models.Model):
    """A group's own space. Its scope follows that of the group, without the coordinators' desk.

    Quiet hours go from an hour to an hour of the programme's day, both or neither.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="circle")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="circle")
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)

    def is_quiet_at(self, hour: int) -> bool:
        """Whether nobody is to be told anything in this hour of the programme's day."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Sets of threads."""

    def opens_for(self, holders: Collection[uuid.UUID]) -> Self:
        """Those that were begun when these key holders, or one of them, were already there."""
        keys = Envelope.objects.filter(scope=models.OuterRef("scope"), holder__in=holders)
        then = models.Exists(keys.filter(epoch=models.OuterRef("since_epoch")))
        # Changed words lie in a later epoch, whose key may be still to come back to somebody who lost theirs.
        first = models.Exists(keys.filter(epoch=models.OuterRef("first__item__epoch")))
        return self.filter(then & (models.Q(first=None) | first))


class Thread(models.Model):
    """Something that was begun, and what was said to it.

    `since_epoch`: the epoch in which it was begun; whoever came later does not see it, nor what is said to it since.
    `latest`: the number of its newest post, by which threads are put in order.
    """

    class Kind(models.TextChoices):
        TALK = "talk", _("Something to share")
        PROBLEM = "problem", _("A question to the group")

    class Turn(models.TextChoices):
        CLARIFY = "clarify", _("Asking back")
        IDEAS = "ideas", _("Ideas")
        THANKS = "thanks", _("Thanks")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="threads")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TALK)
    turn = models.CharField(max_length=8, choices=Turn.choices, default="")
    first: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "Post", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    latest = models.PositiveBigIntegerField(default=0)
    since_epoch = models.PositiveIntegerField()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scope", "-latest"], name="threads_of_a_scope")]

    @property
    def is_problem(self) -> bool:
        """Whether it is a question to the group, with its turns."""
        return self.kind == Thread.Kind.PROBLEM


class PostQuerySet(models.QuerySet["Post"]):
    """Sets of posts."""

    def opens_for(self, holders: Collection[uuid.UUID]) -> Self:
        """Those of threads that were begun when one of these key holders was there, and whose own epoch opens."""
        keys = Envelope.objects.filter(
            scope=models.OuterRef("item__scope"), epoch=models.OuterRef("item__epoch"), holder__in=holders
        )
        return self.filter(models.Exists(keys), thread__in=Thread.objects.opens_for(holders))

    def without(self, closed: Collection[uuid.UUID]) -> Self:
        """Those of everybody but these people, whose words are closed (`people.holds.closed_ids`)."""
        return self.exclude(person__in=closed)


class Post(SealedModel):
    """What somebody wrote. `number` grows with each post of a scope; `revision` counts changes by its writer."""

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        STRUCK = "struck", _("taken back")
        HIDDEN = "hidden", _("hidden")

    class Reason(models.TextChoices):
        NAMES = "names", _("It names somebody or a place outside this group.")
        STORY = "story", _("It tells the story of somebody else.")
        SHAMES = "shames", _("It can shame somebody.")
        PRAISE = "praise", _("It praises or invites to what we left.")
        WEAPONS = "weapons", _("It is about weapons or how to hurt somebody.")
        SELLS = "sells", _("It sells or collects something.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveBigIntegerField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN)
    written_on = models.DateField()
    # Of a question to the group: in which turn it was said, and whether who asked wants to try it.
    turn = models.CharField(max_length=8, choices=Thread.Turn.choices, default="")
    picked = models.BooleanField(default=False)
    # Of a hidden one.
    hidden_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # Somebody else looked at it already: hidden again it would go on for ever.
    looked_at_again = models.BooleanField(default=False)

    text: Sealed[str] = Sealed()
    # Why it was hidden. It stays when the words are shown again, and nobody reads it then.
    reason: Sealed[str] = Sealed()

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "number"], name="posts_of_a_thread")]


class Seen(models.Model):
    """Up to which number somebody has seen a space. Their own counter reads it; nobody is told what others read."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seen")
    scope = models.ForeignKey(Scope, on_delete=models.CASCADE, related_name="seen")
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "scope"], name="one_counter_of_a_space")]


class Appeal(SealedModel):
    """A writer asks that somebody else looks at what was hidden, and shows it to the coordinators for that.

    A copy of the words in the group's own scope, which coordinators open, with why they were hidden; it goes when they
    have decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="appeal")
    asked_on = models.DateField()

    text: Sealed[str] = Sealed()
    reason: Sealed[str] = Sealed()

    @property
    def why(self) -> "_StrOrPromise":
        """Why the words were hidden. Error: `CannotOpen`."""
        return why_hidden(self.reason)


def why_hidden(reason: str) -> "_StrOrPromise":
    """A reason in words; of what was hidden in an earlier release none is known."""
    return Post.Reason(reason).label if reason else _("The reason is not known any more.")


class PulseMark(models.Model):
    """That somebody answered after an evening: a tag that only their own key computes (`Keyring.blind_tag`)."""

    tag = models.CharField(max_length=32, primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pulse_marks")


class PulseTally(models.Model):
    """Sums of answers that were not shown yet, in a box of the server: no answer lies anywhere by itself.

    `closes_at`: when the evening that was answered last is answered no more.
    """

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="pulse_tally")
    closes_at = models.DateTimeField()
    box = models.BinaryField()


class PulseResult(SealedModel):
    """How evenings felt to at least five people: means as whole numbers, in the group's own space, never changed.

    `means`: by the names of `pulse.QUESTIONS`, 0 to 10, None where fewer than five answered; `weeks` of the cycle.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="pulse_results")
    shown_on = models.DateField()

    means: "Sealed[dict[str, int | None]]" = Sealed(())
    weeks: Sealed[list[int]] = Sealed(())
    answers: Sealed[int] = Sealed(0)


class GroundRules(SealedModel):
    """One version of what a group agrees on, in the group's own scope: newcomers read it, coordinators can.

    `agreed_on`: the day on which everybody had agreed for the first time; None while it is proposed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="ground_rules")
    version = models.PositiveSmallIntegerField()
    proposed_on = models.DateField()
    agreed_on = models.DateField(null=True)

    lines: Sealed[list[str]] = Sealed(())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "version"], name="one_version_of_ground_rules")]


class Agreement(SealedModel):
    """That somebody agrees to ground rules, or wants to talk about them. Who said which is shown to nobody.

    Sealed to the group and the desk, because the group's own page counts it; that somebody answered stands in clear.

    `seats`: the seats taken at that moment. It holds until somebody sits there who was not among them.
    """

    rules = models.ForeignKey(GroundRules, on_delete=models.CASCADE, related_name="agreements")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="agreements")
    seats: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)

    agrees: Sealed[bool] = Sealed(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rules", "person"], name="one_answer_to_ground_rules")]
