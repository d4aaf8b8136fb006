"""Names for new groups: birds and trees, which say nothing about anybody. A coordinator may choose another."""

from collections.abc import Iterable, Iterator
from itertools import chain, count

NAMES = (
    "Kestrel", "Wren", "Heron", "Swift", "Linnet", "Plover", "Dunlin", "Siskin", "Curlew", "Avocet",
    "Redwing", "Fieldfare", "Goldcrest", "Nuthatch", "Skylark", "Lapwing", "Teal", "Osprey", "Puffin", "Robin",
    "Alder", "Rowan", "Hazel", "Juniper", "Willow", "Maple", "Linden", "Aspen", "Elder", "Cedar",
)  # fmt: skip


def free_names(taken: Iterable[str]) -> Iterator[str]:
    """Names that no group has yet; numbers follow when the birds are used up."""
    used = set(taken)
    numbered = (f"{name} {number}" for number in count(2) for name in NAMES)
    return (name for name in chain(NAMES, numbered) if name not in used)
