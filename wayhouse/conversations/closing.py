"""What somebody wrote is closed where it may not be erased yet: their group reads as if it were gone."""

from wayhouse.conversations.models import Post, Thread
from wayhouse.people.models import Person


def close_posts(person: Person) -> None:
    """Nobody reads it any more, and nothing says that it was there. Call it in a transaction, with the log written."""
    Thread.objects.filter(first__person=person).update(first=None)
    Post.objects.filter(person=person).update(state=Post.State.CLOSED)
