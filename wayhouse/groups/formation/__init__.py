"""Forming groups from people's options: a pure kernel, without Django (docs/reference/planning-groups.md)."""

from wayhouse.groups.formation.problem import Cell, Option, Person, Pool, Previous, Problem, Size, Weights
from wayhouse.groups.formation.reading import ProblemError
from wayhouse.groups.formation.result import Group, Progress, Reason, Result, Unplaced
from wayhouse.groups.formation.solve import solve

__all__ = [
    "Cell",
    "Group",
    "Option",
    "Person",
    "Pool",
    "Previous",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Result",
    "Size",
    "Unplaced",
    "Weights",
    "solve",
]
