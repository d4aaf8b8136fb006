"""Long lists of what is held and of what is kept, drawn by functions and not by templates.

Whoever has taken part for a year has dozens of evenings and posts, and each kind of record has five answers.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhouse.core import components
from wayhouse.core.days import day_written
from wayhouse.core.markup import each, markup
from wayhouse.core.recurring import address
from wayhouse.leaving.acts_held import HeldAct
from wayhouse.leaving.due import Due
from wayhouse.leaving.held import HeldEvening
from wayhouse.people.kept import Kept

_DAY = "DATE_FORMAT"


def evenings_held(evenings: Iterable[HeldEvening]) -> SafeString:
    """{% evenings_held held.evenings %}: each with what there is to say of it."""
    line = "<dt>{}</dt><dd>{}</dd>"
    return each(line, ((day_written(one.at, _DAY), ", ".join(one.words)) for one in evenings))


def acts_held(acts: Iterable[HeldAct]) -> SafeString:
    """{% acts_held held.acts %}: each with its day, what came of it, and until when it holds."""
    return each("<li>{}: {}{}{}</li>", (_act(one) for one in acts))


def posts_held(posts: Iterable[tuple[UUID, date]]) -> SafeString:
    """{% posts_held held.mine %}: ways to take each back, by day."""
    line = '<li><a href="{}">{}</a></li>'
    return each(line, ((address("conversations:strike_post", post), day_written(day, _DAY)) for post, day in posts))


def kinds_held(kinds: Iterable[Kept]) -> SafeString:
    """{% kinds_held held.kinds %}: what is kept about somebody, each kind with its five answers."""
    asked = (_("Who sees it"), _("Until when"), _("Correct it"), _("Take it along"), _("Erase it"))
    answers = "".join(f"<dt>{components.literal(words)}</dt><dd>{{}}</dd>" for words in asked)
    return each(f'<details><summary>{{}}</summary><dl class="pairs">{answers}</dl></details>', kinds)


def due_table(due: Iterable[Due]) -> SafeString:
    """{% due_table due %}: head and body of the table of the clocks."""
    labels = (
        *(_("Kind"), _("The clock starts with"), _("Kept for"), _("Then")),
        *(_("Due now"), _("In 7 days"), _("In 30 days")),
    )
    return components.rows(labels, (_due(row) for row in due))


def _act(act: HeldAct) -> tuple[str, str, str, str]:
    outcome = f", {act.outcome}" if act.outcome else ""
    return day_written(act.on, _DAY), act.what, outcome, f" ({day_written(act.until, _DAY)})" if act.until else ""


def _due(row: Due) -> tuple[str, ...]:
    clock, days, hours = row.clock, row.days, row.hours
    period = ngettext("%(number)s day", "%(number)s days", days) % {"number": days}
    if not days:
        period = ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    kind = markup('{}<br><span class="muted">{}</span>', str(clock.kind), str(clock.reason))
    counts = (str(row.now), str(row.week), str(row.month))
    return kind, str(clock.starts), period, str(clock.fate), *counts
