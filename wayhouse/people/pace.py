"""How fast one person reads words of others. Nobody reads two pages a second; a program that takes a roster does."""

import time
from collections import Counter
from uuid import UUID

from django.conf import settings

MINUTE = 60


class Pace:
    """Pages by person in the present minute, in the memory of one worker; nothing of it is kept."""

    def __init__(self) -> None:
        """Nobody has read anything yet."""
        self._minute = -1
        self._pages: Counter[UUID] = Counter()

    def read(self, person: UUID) -> int:
        """Count a page; how many they have read in this minute."""
        minute = int(time.monotonic() // MINUTE)
        if minute != self._minute:
            self._minute = minute
            self._pages.clear()
        self._pages[person] += 1
        return self._pages[person]


_pace = Pace()


def too_fast(person: UUID) -> int | None:
    """Count a page: None while they may go on, else how many pages over the limit they are (from 1)."""
    over = _pace.read(person) - settings.WAYHOUSE_PAGES_A_MINUTE
    return over if over > 0 else None
