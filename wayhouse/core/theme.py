"""Light, dark, or as the device says: a cookie of this browser session and nothing more."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"
THEMES = ("light", "dark")
# Value, icon and words of each button of the switch; the last one forgets the choice.
CHOICES = (("light", "sun", _("Light")), ("dark", "moon", _("Dark")), ("", "contrast", _("As on this device")))


def chosen(request: HttpRequest) -> str:
    """The theme the reader chose, "light" or "dark", else "" for what the device prefers."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""
