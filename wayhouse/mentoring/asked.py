"""Questions that somebody asks without a name, answers without a name, and names that open to both or to nobody.

No row says whose a question or an answer is. Each side has a *mask*: a key pair and a tag that follow from their own
secret key and the number of the question (`Keyring.mask`). They find what is theirs by computing tags; whoever has the
database, with every key of the server, cannot try people out. Words are about nobody, signed by nobody, with a day.
"""

import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from wayhouse.crypto import shred
from wayhouse.crypto.models import Keyholder, Scope
from wayhouse.crypto.sealed import Sealed, SealedModel
from wayhouse.people.models import Belonging, Person, Programme

LONGEST_QUESTION = 2000
# A question, with everything that was said to it, goes after so long.
ASKED_FOR = timedelta(days=28)
# Somebody asks at most so many questions side by side.
MOST_QUESTIONS = 3


class QuestionQuerySet(models.QuerySet["Question"]):
    """Sets of questions."""

    def lasting(self, programme: Programme | uuid.UUID, today: date) -> Self:
        """Those of a programme whose time is not over, and that no restore brought back."""
        return self.filter(programme=programme, asked_on__gt=today - ASKED_FOR, scope__in=shred.salted())

    def put_to(self, mentor: Person) -> Self:
        """Those that somebody can open as a mentor."""
        return self.filter(Exists(Belonging.objects.filter(scope=OuterRef("scope"), person=mentor)))


class Question(SealedModel):
    """What somebody asks those who have been there: sealed to the mentors who answered questions on that day.

    `tag` is the asker's, `holder` their mask.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="questions")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="question", editable=False)
    holder = models.OneToOneField(Keyholder, on_delete=models.PROTECT, related_name="question", editable=False)
    tag = models.CharField(max_length=32, unique=True)
    asked_on = models.DateField(db_index=True)

    text: Sealed[str] = Sealed()

    objects = QuestionQuerySet.as_manager()

    def __str__(self) -> str:
        """Never a word of it."""
        return "question"

    @property
    def kept_until(self) -> date:
        """The day on which it goes, with everything that was said to it."""
        return self.asked_on + ASKED_FOR


class Exchange(models.Model):
    """What one mentor and the asker say to each other, as two masks. `tag` is the mentor's, `holder` their mask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="exchanges")
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="exchange", editable=False)
    holder = models.OneToOneField(Keyholder, on_delete=models.PROTECT, related_name="exchange", editable=False)
    tag = models.CharField(max_length=32, unique=True)
    # One of the two wants no more of it; what was said is gone.
    closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Never a word of it."""
        return "exchange"


class Saying(SealedModel):
    """What one of the two masks said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="sayings")
    number = models.PositiveIntegerField()
    from_asker = models.BooleanField()
    said_on = models.DateField()

    text: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "number"], name="one_saying_of_a_number")]


class Card(SealedModel):
    """That one of the two would open their name, and the name. No page shows it before both cards are there.

    `person`: the id, by which a thread of two becomes possible. A no leaves no row.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="cards")
    from_asker = models.BooleanField()

    name: Sealed[str] = Sealed()
    person: Sealed[str] = Sealed()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "from_asker"], name="one_card_of_a_side")]
