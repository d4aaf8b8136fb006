"""A tree in memory, grown and asked as the log grows and asks its own."""

from collections.abc import Sequence

from wayhouse.audit import tree


class Grown:
    """A tree grown leaf by leaf, as the log grows it."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.leaves = [tree.leaf_hash(entry) for entry in entries]
        self.roots = [tree.EMPTY_ROOT]
        self.blocks: dict[tree.Block, bytes] = {}
        frontier: list[bytes] = []
        for index, leaf in enumerate(self.leaves):
            frontier, completed = tree.append(frontier, index, leaf)
            self.roots.append(tree.root(frontier))
            self.blocks |= {(level, index >> level): hash_ for level, hash_ in enumerate([leaf, *completed])}

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return [tree.span_hash(span, self.blocks.__getitem__) for span in tree.inclusion_spans(index, size)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        return [tree.span_hash(span, self.blocks.__getitem__) for span in tree.consistency_spans(old, new)]
