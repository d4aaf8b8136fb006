"""What a page tells about a kernel at work: figures, and nothing that names anybody."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhouse.groups.models import Drawing

# How long somebody may let a kernel work, in seconds.
SPANS = (
    (15, gettext_lazy("15 seconds")),
    (60, gettext_lazy("1 minute")),
    (180, gettext_lazy("3 minutes")),
    (300, gettext_lazy("5 minutes")),
)
USUAL = 15


def figures_of(drawing: Drawing) -> dict[str, Any]:
    """The figures of a drawing for its page."""
    passed = int((timezone.now() - drawing.begun_at).total_seconds())
    return {
        "drawing": drawing,
        "passed": max(0, min(passed, drawing.seconds)),
        "finishing": passed >= drawing.seconds or drawing.stop_asked,
        "gap": _gap(drawing.percent),
    }


def _gap(percent: int | None) -> str:
    if percent is None:
        return _("Not known yet")
    if percent == 0:
        return _("None: proven best")
    return _("At most %(percent)s %%") % {"percent": percent}
