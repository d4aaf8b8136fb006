"""Somebody without a name, who wrote at night."""

from dataclasses import dataclass

import pytest

from wayhouse.arrivals import writing
from wayhouse.arrivals.models import Contact
from wayhouse.arrivals.writing import Opened
from wayhouse.people.models import Programme

WORDS = "I cannot sleep. Can I come?"


@dataclass(frozen=True)
class Stranger:
    """What they wrote, and the six words on their paper."""

    opened: Opened
    code: str

    @property
    def contact(self) -> Contact:
        """As it stands in the database now."""
        return Contact.objects.select_related("programme", "scope").get(pk=self.opened.contact.pk)


def writes(programme: Programme, kind: Contact.Kind = Contact.Kind.FIRST, words: str = WORDS) -> Stranger:
    """Somebody writes, and has the code on paper."""
    opened, code = writing.write_first(programme, kind, words, language="en")
    writing.send(opened.contact)
    return Stranger(opened, code)


@pytest.fixture
def stranger(programme: Programme) -> Stranger:
    return writes(programme)
