"""The models one would write first, for comparison: everything in one CP-SAT model with its defaults."""

from collections import defaultdict
from typing import Any

Json = dict[str, Any]

LARGEST = 150_000  # variables; more do not fit, or find nothing within minutes


def groups(problem: Json, seconds: float) -> Json | None:
    """Every person in every group that could be: a result in its JSON form, None if too large or nothing was found."""
    from ortools.sat.python import cp_model

    most = {cell["id"]: min(cell["max_groups"], problem["max_groups"]) for cell in problem["cells"]}
    if sum(most[option["cell"]] for person in problem["people"] for option in person["options"]) > LARGEST:
        return None
    model = cp_model.CpModel()
    open_groups = {(cell, number): model.new_bool_var("") for cell in most for number in range(most[cell])}
    seats: dict[Any, dict[str, Any]] = defaultdict(dict)
    costs = [(variable, problem["weights"]["open_group"]) for variable in open_groups.values()]
    for person in problem["people"]:
        row = []
        for option in person["options"]:
            for number in range(most[option["cell"]]):
                seat = model.new_bool_var("")
                seats[option["cell"], number][person["id"]] = seat
                costs.append((seat, option["cost"]))
                row.append(seat)
        left = model.new_bool_var("")
        costs.append((left, problem["weights"]["unplaced"] if person["options"] else 0))
        model.add_exactly_one([*row, left])
    pools: dict[str, list[Any]] = defaultdict(list)
    for place, opened in open_groups.items():
        _group(model, problem, place[0], opened, seats[place], pools, costs)
    for pool in problem["pools"]:
        model.add(sum(pools[pool["id"]]) <= pool["capacity"])
    model.add(sum(open_groups.values()) <= problem["max_groups"])
    model.minimize(sum(variable * cost for variable, cost in costs))
    solver = _solved(model, seconds)
    if solver is None:
        return None
    members = {place: [who for who, seat in seats[place].items() if solver.value(seat)] for place in open_groups}
    found = [{"cell": place[0], "members": some, "continues": None} for place, some in members.items() if some]
    return {"groups": found}


def _group(
    model: Any, problem: Json, cell: str, opened: Any, seats: Json, pools: Json, costs: list[tuple[Any, int]]
) -> None:
    """Size, mix, keep-apart and interpreters of one group."""
    size, weights = problem["size"], problem["weights"]
    people = {person["id"]: person for person in problem["people"]} if seats else {}
    load = sum(seats.values())
    model.add(load <= size["max"] * opened)
    model.add(load >= size["min"] * opened)
    off = model.new_int_var(0, size["max"], "")
    model.add(off >= load - size["target"] * opened)
    model.add(off >= size["target"] * opened - load)
    costs.append((off, weights["size_deviation"]))
    for pool in next(known["uses"] for known in problem["cells"] if known["id"] == cell):
        pools[pool].append(opened)
    labels, ears = defaultdict(list), defaultdict(list)
    for who, seat in seats.items():
        labels[people[who]["mix"]].append(seat)
        ears[next(option for option in people[who]["options"] if option["cell"] == cell)["interpreter"]].append(seat)
    for label, some in labels.items():
        excess = model.new_int_var(0, size["max"], "")
        model.add(excess >= 2 * sum(some) - load)
        costs.append((excess, weights["mix_excess"] if label is not None else 0))
    for pool, some in ears.items():
        if pool is not None:
            count = model.new_int_var(0, size["max"], "")
            model.add(problem["interpreter_ratio"] * count >= sum(some))
            costs.append((count, weights["interpreter"]))
            pools[pool].append(count)
    for apart in problem["keep_apart"]:
        some = [seats[who] for who in apart if who in seats]
        if len(some) > 1:
            model.add_at_most_one(some)


def rota(problem: Json, seconds: float) -> Json | None:
    """All weeks at once: a result in its JSON form, None if it is too large or nothing was found."""
    from wayhouse.meetings.rota import Problem
    from wayhouse.meetings.rota.model import WeekModel
    from wayhouse.meetings.rota.staffing import Staffing
    from wayhouse.meetings.rota.tables import Tables

    tables = Tables.of(Problem.from_json(problem))
    if tables.shifts > LARGEST:
        return None
    staffing = Staffing(tables)
    model = WeekModel(staffing, staffing.empty(tables.ahead))
    whole: Any = model.model
    whole.clear_hints()
    solver = _solved(whole, seconds)
    if solver is None:
        return None
    staffing.fill(model.read(solver.value))
    meetings = staffing.meetings()
    return {"meetings": [{"group": one.group, "week": one.week, "staff": list(one.staff)} for one in meetings]}


def _solved(model: Any, seconds: float) -> Any:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    return solver if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
