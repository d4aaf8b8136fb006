"""`python -m wayhouse.meetings.rota PROBLEM.json`, and behind it `wayhouse plan rota`."""

import sys

from wayhouse.core.kernel import run_kernel
from wayhouse.meetings.rota import Problem, ProblemError, solve

sys.exit(run_kernel(Problem.from_json, solve, ProblemError, sys.argv[1:]))
