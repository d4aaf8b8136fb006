"""Chance that is the same on every machine and in compiled code: xorshift (Marsaglia 2003)."""

import numpy as np
from numpy.typing import NDArray

from wayhouse.core.compiled import compiled

State = NDArray[np.int64]

SEED_SHIFT = 88_172_645_463_325_252


def new_state(seed: int) -> State:
    """The state of chance for a seed, never zero."""
    return np.array([SEED_SHIFT + (seed % 2**31) * 7_919], np.int64)


@compiled
def draw(state: State, below: int) -> int:
    """A whole number from 0 to `below` - 1."""
    value = state[0]
    value ^= value << 13
    value ^= (value >> 7) & 0x1FFFFFFFFFFFFFF
    value ^= value << 17
    state[0] = value
    return int(((value >> 11) & 0x1FFFFFFFFFFFFF) % below)


@compiled
def draw_share(state: State) -> float:
    """A number above 0 and at most 1."""
    return float((draw(state, 1 << 30) + 1) / np.float64(1 << 30))
