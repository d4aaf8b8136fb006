"""The safe-contact plan: where, when and in which words somebody may be reached, and whether anything may stay."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils.translation import override, pgettext

from wayhouse.notices.hours import EVERY_DAY, Hours
from wayhouse.notices.kinds import PAGES, Channel, Kind

# As much as a locked screen shows.
LONGEST_TITLE, LONGEST_WORDS = 40, 120


@dataclass(frozen=True, slots=True)
class Plan:
    """What one person agreed to. Without a plan nobody is ever written to."""

    # In the order in which they are tried.
    channels: tuple[Channel, ...] = ()
    email: str = ""
    phone: str = ""
    language: str = "en"
    hours: Hours = field(default_factory=Hours)
    # What a lock screen shows, in words that the person chose; without them neutral ones.
    title: str = ""
    words: str = ""
    # Whether anything may be left where others could find it later: an e-mail, a text, a message that waits.
    may_stay: bool = True
    # Whether somebody on call may be paged at every hour.
    paged: bool = False

    def says(self, kind: Kind) -> tuple[str, str]:
        """The title and the sentence of a notice, in the person's language: all that leaves the house."""
        with override(self.language):
            # A plan that was agreed before lines were checked still opens a way.
            title = " ".join(self.title.split()) or pgettext("title of a message", "Note")
            return title, self.words if self.words and kind not in PAGES else str(kind.label)

    def when(self, at: datetime, *, urgent: bool) -> datetime | None:
        """The first moment from `at` on at which a notice may go; None where there is none at all."""
        return at if urgent and self.paged else self.hours.next_moment(at)

    def as_words(self) -> dict[str, Any]:
        """As it is sealed."""
        return {
            "channels": list(self.channels),
            "email": self.email,
            "phone": self.phone,
            "language": self.language,
            "hours": [self.hours.start.isoformat(), self.hours.end.isoformat()],
            "days": list(self.hours.days),
            "zone": self.hours.zone,
            "title": self.title,
            "words": self.words,
            "may_stay": self.may_stay,
            "paged": self.paged,
        }

    @classmethod
    def from_words(cls, words: dict[str, Any]) -> "Plan":
        """As it was sealed."""
        start, end = map(time.fromisoformat, words["hours"])
        hours = Hours(start, end, tuple(words.get("days", EVERY_DAY)), words["zone"])
        plain = {name: words[name] for name in ("email", "phone", "language", "title", "words", "may_stay", "paged")}
        return cls(channels=tuple(map(Channel, words["channels"])), hours=hours, **plain)
