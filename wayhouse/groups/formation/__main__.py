"""`python -m wayhouse.groups.formation PROBLEM.json`, and behind it `wayhouse plan groups`."""

import sys

from wayhouse.core.kernel import run_kernel
from wayhouse.groups.formation import Problem, ProblemError, solve, what_if

sys.exit(run_kernel(Problem.from_json, solve, ProblemError, sys.argv[1:], what_if=what_if))
