"""What the next page says was done: each thing once, since a button that is pressed twice does it once."""

from typing import Any

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage


class Storage(SessionStorage):
    """Setting MESSAGE_STORAGE. The same words that wait already are not added again."""

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        """Let the next page say it."""
        if Message(int(level), message, extra_tags) not in self:
            super().add(level, message, extra_tags)
