"""Forming groups from people's options: a pure kernel, without Django (docs/reference/planning-groups.md)."""

from wayhouse.groups.formation.cooling import prepare
from wayhouse.groups.formation.problem import Cell, Option, Person, Pool, Previous, Problem, Size, Weights
from wayhouse.groups.formation.reading import ProblemError
from wayhouse.groups.formation.result import Group, Progress, Reason, Result, Unplaced
from wayhouse.groups.formation.solve import solve
from wayhouse.groups.formation.what_if import Chance, what_if

__all__ = [
    "Cell",
    "Chance",
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
    "prepare",
    "solve",
    "what_if",
]
