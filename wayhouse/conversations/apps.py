"""The room of conversations."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Registers the room."""

    name = "wayhouse.conversations"
