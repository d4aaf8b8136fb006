"""The geometry of a small bar chart: whole numbers in the units of its viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, PLOT, LABELS = 480, 120, 24
FEWEST_SLOTS = 8
_FILLED = 3  # of every 4 units of a slot


@dataclass(frozen=True, slots=True)
class Bar:
    """One evening: a frame as high as the people asked, filled as high as those who came."""

    label: int
    x: int
    width: int
    asked: int
    came: int

    @property
    def middle(self) -> int:
        """Where the label stands."""
        return self.x + self.width // 2

    @property
    def asked_y(self) -> int:
        """The top of the frame."""
        return PLOT - self.asked

    @property
    def came_y(self) -> int:
        """The top of the filling."""
        return PLOT - self.came


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars of a chart."""

    bars: list[Bar]
    width: int = WIDTH
    height: int = PLOT + LABELS


def chart_of(rows: Sequence[tuple[int, int, int]], *, right_to_left: bool) -> Chart:
    """A chart of (label, came, asked) in reading order. Asked is at least 1, came at most asked."""
    slot = WIDTH // max(len(rows), FEWEST_SLOTS)
    width = slot * _FILLED // 4
    tallest = max((asked for _label, _came, asked in rows), default=1)
    bars = []
    for number, (label, came, asked) in enumerate(rows):
        x = WIDTH - number * slot - width if right_to_left else number * slot
        # One unit stays free above, so that the stroke of the tallest frame is not cut.
        bars.append(Bar(label, x, width, asked * (PLOT - 2) // tallest, came * (PLOT - 2) // tallest))
    return Chart(bars)
