"""The room of conversations."""

from datetime import timedelta

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Registers the room."""

    name = "wayhouse.conversations"

    def ready(self) -> None:
        """Let the worker tell what is new, and drop marks that are of no use any more."""
        from wayhouse.conversations import telling
        from wayhouse.notices.sweeps import register

        register("conversations.news", telling.tell_news, every=timedelta(minutes=20))
        register("conversations.marks", telling.drop_old_marks, every=timedelta(hours=6))
