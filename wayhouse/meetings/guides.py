"""Which guide belongs to an evening, and in which language somebody reads it: their own, their group's, the source."""

from uuid import UUID

from django.conf import settings
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import get_language

from wayhouse.core.prepared import prepared
from wayhouse.meetings.models import Guide, Meeting

_TITLE = "title_"


def reading_order(group_language: str) -> list[str]:
    """The languages in which to offer a guide to the present reader, the best first."""
    wanted = [get_language() or "", group_language, settings.LANGUAGE_CODE]
    return list(dict.fromkeys(language for language in wanted if language))


def guide_of(meeting: Meeting, group_language: str) -> Guide | None:
    """The guide of a meeting in the best language it has, in one query."""
    order = reading_order(group_language)
    wanted = dict(zip(("first", "second", "third"), order + order[-1:] * 2, strict=False))
    found = _guides(cycle=meeting.cycle_id, key=meeting.guide_key, **wanted)
    return next(iter(found), None)


@prepared
def _guides(cycle: UUID, key: str, first: str, second: str, third: str) -> QuerySet[Guide]:
    cases = [When(language=language, then=Value(place)) for place, language in enumerate((first, second, third))]
    best = Case(*cases, default=Value(len(cases)), output_field=IntegerField())
    return Guide.objects.filter(cycle=cycle, key=key).order_by(best, "language")[:1]


def titles(prefix: str = "") -> dict[str, Subquery]:
    """Annotations that bring the titles of a meeting's guide along; `title_of` reads them.

    `prefix` leads from the annotated rows to the meeting, such as "meeting__".
    """
    same = Guide.objects.filter(cycle=OuterRef(f"{prefix}cycle"), key=OuterRef(f"{prefix}guide_key"))
    return {_TITLE + code: _title(same.filter(language=code)) for code, _name in settings.LANGUAGES}


def title_of(row: object, group_language: str) -> str:
    """The title that `titles` brought along, in the best language it has; empty where there is no guide."""
    codes = [*reading_order(group_language), *dict(settings.LANGUAGES)]
    found = (getattr(row, _TITLE + code, None) for code in codes)
    return next((title for title in found if title), "")


def _title(guides: "QuerySet[Guide]") -> Subquery:
    return Subquery(guides.values("title")[:1])
