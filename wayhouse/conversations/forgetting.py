"""What a group wrote among itself goes a while after its last evening; a group that goes on keeps what is newer."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhouse.conversations.models import Appeal, Post, Thread
from wayhouse.core import clock
from wayhouse.crypto.models import Item
from wayhouse.meetings.models import Meeting

# Plans and goals go ninety days after the leaving (practice handbook, 4.4); words to a group are not kept longer.
KEPT_FOR = timedelta(days=90)


def old_posts(now: datetime) -> QuerySet[Post]:
    """Posts that are as old, in spaces of groups whose last evening is as long ago, at a moment."""
    day = timezone.localdate(now) - KEPT_FOR
    later = Meeting.objects.filter(group=OuterRef("thread__scope__circle__group"), ends_at__gt=now - KEPT_FOR)
    old = Post.objects.filter(thread__scope__circle__group__cycle__starts_on__lte=day, written_on__lte=day)
    return old.filter(~Exists(later))


def drop_old_posts(keep: Collection[UUID] = ()) -> int:
    """Delete them with their words, and threads in which nothing is left, but for these people; how many there were."""
    with transaction.atomic():
        due = old_posts(clock.now()).exclude(person__in=keep)
        posts = list(due.values_list("pk", "item_id", "thread_id"))
        ids = [pk for pk, _item, _thread in posts]
        appealed = list(Appeal.objects.filter(post__in=ids).values_list("item_id", flat=True))
        Post.objects.filter(pk__in=ids).delete()
        Item.objects.filter(pk__in=[*appealed, *(item for _pk, item, _thread in posts)]).delete()
        left = Exists(Post.objects.filter(thread=OuterRef("pk")))
        Thread.objects.filter(~left, pk__in={thread for _pk, _item, thread in posts}).delete()
    return len(posts)
