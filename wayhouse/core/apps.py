"""The ground floor as Django sees it."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core`; it has no tables."""

    name = "wayhouse.core"

    def ready(self) -> None:
        """Take the short ways before the first page is drawn, and find the words before the first form is made."""
        from wayhouse.core.amiss import speak
        from wayhouse.core.straight import go_straight

        go_straight()
        speak()
