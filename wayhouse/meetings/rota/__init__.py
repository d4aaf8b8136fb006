"""Planning the rota of facilitators and mentors: a pure kernel, without Django (docs/reference/planning-rota.md)."""

from wayhouse.groups.formation.reading import ProblemError
from wayhouse.meetings.rota.cooling import prepare
from wayhouse.meetings.rota.cover import Change, Shift, cover
from wayhouse.meetings.rota.problem import Group, Locked, Option, Problem, Staff, Weights
from wayhouse.meetings.rota.result import Meeting, Progress, Reason, Result, Unstaffed
from wayhouse.meetings.rota.solve import solve

__all__ = [
    "Change",
    "Group",
    "Locked",
    "Meeting",
    "Option",
    "Problem",
    "ProblemError",
    "Progress",
    "Reason",
    "Result",
    "Shift",
    "Staff",
    "Unstaffed",
    "Weights",
    "cover",
    "prepare",
    "solve",
]
