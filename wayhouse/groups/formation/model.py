"""The cell model in CP-SAT: who goes to which bin, and how many groups each bin opens.

What makes its bound tight is the strong link, seat <= groups, for every option, and the same for interpreters
(design page "Planning"). It is a relaxation of the problem as long as a bin may hold several groups (`draft.py`).
OR-Tools is imported when a model is built: it takes a second and 124 MB.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from wayhouse.groups.formation.draft import Bin, Filled, Scope, interpreters, moves_within
from wayhouse.groups.formation.tables import NONE, Tables

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar


@dataclass(slots=True)
class BinVariables:
    """The variables of one bin: a seat for each person, sums by mix label, interpreter pool and previous group."""

    bin: Bin
    groups: "IntVar"
    load: "IntVar"
    deviation: "IntVar"
    seats: dict[int, "IntVar"] = field(default_factory=dict)
    excess: dict[str, "IntVar"] = field(default_factory=dict)
    interpreters: dict[int, "IntVar"] = field(default_factory=dict)
    continues: dict[int, "IntVar"] = field(default_factory=dict)
    moved: dict[int, "IntVar"] = field(default_factory=dict)


class CellModel:
    """A CP-SAT model of a scope. `model` is what the solver takes; `draft` reads a solution; `hint` gives a start."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        from ortools.sat.python import cp_model

        self.model: CpModel = cp_model.CpModel()
        self.tables = tables
        self.scope = scope
        self._sum = cp_model.LinearExpr.sum
        self._cost: list[tuple[IntVar, int]] = []
        self._pools: dict[int, list[IntVar]] = {}
        self._unplaced: dict[int, IntVar] = {}
        self.bins = [self._bin(part) for part in scope.bins]
        self._seat_people()
        for variables in self.bins:
            self._limit_bin(variables)
        self._limit_all()
        costs, weights = zip(*self._cost, strict=True) if self._cost else ((), ())
        self.model.minimize(cp_model.LinearExpr.weighted_sum(costs, weights))

    def draft(self, value: Callable[["IntVar"], int]) -> list[Filled]:
        """The filled bins of a solution, of which `value` gives the variables."""
        return [
            Filled(
                variables.bin,
                value(variables.groups),
                tuple(person for person, seat in variables.seats.items() if value(seat)),
                tuple(group for group, var in variables.continues.items() if value(var)),
            )
            for variables in self.bins
            if value(variables.groups)
        ]

    def hint(self, draft: Iterable[Filled | None]) -> None:
        """Start from a draft, an entry for each bin. Every variable gets a value, or the solver ignores them all."""
        placed: set[int] = set()
        for variables, entry in zip(self.bins, draft, strict=True):
            filled = entry or Filled(variables.bin, 0, (), ())
            placed.update(filled.members)
            self._hint_bin(variables, filled)
        for person, unplaced in self._unplaced.items():
            self.model.add_hint(unplaced, person not in placed)

    def _bin(self, part: Bin) -> BinVariables:
        weights, size, most = self.tables.weights, self.tables.size, part.limit * self.tables.size.max
        variables = BinVariables(
            part,
            self.model.new_int_var(0, part.limit, ""),
            self.model.new_int_var(0, most, ""),
            self.model.new_int_var(0, most, ""),
        )
        groups, load = variables.groups, variables.load
        self.model.add(load >= size.min * groups)
        self.model.add(load <= size.max * groups)
        self.model.add(variables.deviation >= load - size.target * groups)
        self.model.add(variables.deviation >= size.target * groups - load)
        self._cost += [(groups, weights.open_group), (variables.deviation, weights.size_deviation)]
        for pool in self.tables.uses[part.cell]:
            self._pools.setdefault(pool, []).append(groups)
        return variables

    def _seat_people(self) -> None:
        """One seat for each person, or none."""
        by_cell: dict[int, list[BinVariables]] = {}
        for variables in self.bins:
            by_cell.setdefault(variables.bin.cell, []).append(variables)
        for person in self.scope.people:
            row = []
            for choice in self.tables.choices[person]:
                for variables in by_cell.get(choice.cell, ()):
                    seat = self.model.new_bool_var("")
                    variables.seats[person] = seat
                    self._cost.append((seat, choice.cost))
                    row.append(seat)
            unplaced = self.model.new_bool_var("")
            self._unplaced[person] = unplaced
            self._cost.append((unplaced, self.tables.weights.unplaced))
            self.model.add_exactly_one([*row, unplaced])

    def _limit_bin(self, variables: BinVariables) -> None:
        self.model.add(variables.load == self._sum(list(variables.seats.values())))
        for seat in variables.seats.values():
            self.model.add(seat <= variables.groups)
        self._limit_mix(variables)
        self._limit_interpreters(variables)
        self._keep_apart(variables)
        self._continue(variables)

    def _limit_mix(self, variables: BinVariables) -> None:
        labels: dict[str, list[IntVar]] = {}
        for person, seat in variables.seats.items():
            if (label := self.tables.mix[person]) is not None:
                labels.setdefault(label, []).append(seat)
        for label, seats in labels.items():
            if 2 * len(seats) > self.tables.size.min:
                excess = self.model.new_int_var(0, len(seats), "")
                self.model.add(excess >= 2 * self._sum(seats) - variables.load)
                variables.excess[label] = excess
                self._cost.append((excess, self.tables.weights.mix_excess))

    def _limit_interpreters(self, variables: BinVariables) -> None:
        needs: dict[int, list[IntVar]] = {}
        for person, seat in variables.seats.items():
            if (pool := self.tables.choice[person][variables.bin.cell].interpreter) != NONE:
                needs.setdefault(pool, []).append(seat)
        for pool, seats in needs.items():
            count = self.model.new_int_var(0, min(len(seats), self.scope.capacity[pool]), "")
            self.model.add(self.tables.problem.interpreter_ratio * count >= self._sum(seats))
            for seat in seats:
                self.model.add(seat <= count)
            variables.interpreters[pool] = count
            self._cost.append((count, self.tables.weights.interpreter))
            self._pools.setdefault(pool, []).append(count)

    def _keep_apart(self, variables: BinVariables) -> None:
        """At most one person of each keep-apart list for each group."""
        lists: dict[int, list[IntVar]] = {}
        for person, seat in variables.seats.items():
            for apart in self.tables.apart[person]:
                lists.setdefault(apart, []).append(seat)
        for seats in lists.values():
            if len(seats) > 1:
                self.model.add(self._sum(seats) <= variables.groups)

    def _continue(self, variables: BinVariables) -> None:
        """Previous groups that go on in this bin, at most one for each group; who stays elsewhere in the cell moves."""
        for person, seat in variables.seats.items():
            group = self.tables.stays[person]
            if not moves_within(self.tables, person, variables.bin.cell, ()):
                continue
            if group not in variables.continues:
                variables.continues[group] = self.model.new_bool_var("")
            moved = self.model.new_bool_var("")
            self.model.add(moved >= seat - variables.continues[group])
            variables.moved[person] = moved
            self._cost.append((moved, self.tables.weights.moved))
        if variables.continues:
            self.model.add(self._sum(list(variables.continues.values())) <= variables.groups)

    def _limit_all(self) -> None:
        """Limits across bins: pools, groups in all, each previous group continued once, larger bins of a cell first."""
        for pool, taken in self._pools.items():
            self.model.add(self._sum(taken) <= self.scope.capacity[pool])
        self.model.add(self._sum([variables.groups for variables in self.bins]) <= self.scope.groups)
        continues: dict[int, list[IntVar]] = {}
        for variables in self.bins:
            for group, var in variables.continues.items():
                continues.setdefault(group, []).append(var)
        for several in continues.values():
            self.model.add_at_most_one(several)
        for one, other in pairwise(self.bins):
            if one.bin.cell == other.bin.cell:
                self.model.add(other.groups <= other.bin.limit * one.groups)
                self.model.add(other.load <= other.bin.limit * one.load)

    def _hint_bin(self, variables: BinVariables, filled: Filled) -> None:
        hint, size, members = self.model.add_hint, len(filled.members), set(filled.members)
        cell = filled.bin.cell
        hint(variables.groups, filled.groups)
        hint(variables.load, size)
        hint(variables.deviation, abs(size - self.tables.size.target * filled.groups))
        for person, seat in variables.seats.items():
            hint(seat, person in members)
        for label, excess in variables.excess.items():
            hint(excess, max(0, 2 * sum(self.tables.mix[person] == label for person in members) - size))
        for pool, count in variables.interpreters.items():
            need = sum(self.tables.choice[person][cell].interpreter == pool for person in members)
            hint(count, interpreters(self.tables, need))
        for group, continued in variables.continues.items():
            hint(continued, group in filled.continues)
        for person, moved in variables.moved.items():
            hint(moved, person in members and moves_within(self.tables, person, cell, filled.continues))
