"""Compiling inner loops with numba, where it is installed (the extra `insight`)."""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code that lets other threads run; as it is where numba is not installed.

    Compiling takes some seconds. The code is kept in `place_of`, where that can be written, for the next process.
    """
    if not can_compile():
        return function
    import numba

    place = place_of(Path(function.__code__.co_filename).parent)
    settings: Any = numba.config
    settings.CACHE_DIR = str(place or "")
    made: Any = numba.njit(nogil=True, error_model="numpy", cache=place is not None)(function)
    return cast("Function", made)


def can_compile() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def is_kept(folder: Path, name: str) -> bool:
    """Whether the machine code of a function in this folder of sources was kept by an earlier process."""
    place = place_of(folder)
    return place is not None and any(place.rglob(f"*{name}*.nbi"))


@cache
def place_of(folder: Path) -> Path | None:
    """Where machine code of these sources is kept: a folder of their own, below the user's cache; None for nowhere.

    numba looks at one file alone, but functions grow into those of other files, of `chance.py` too: any change asks
    for a new place.
    """
    digest = hashlib.sha256()
    for source in [*sorted(folder.glob("*.py")), Path(__file__).with_name("chance.py")]:
        digest.update(source.read_bytes())
    try:
        below = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        place = Path(below) / "wayhouse" / digest.hexdigest()[:16]
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return place if os.access(place, os.W_OK) else None
