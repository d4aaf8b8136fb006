import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wayhouse.core.sheet import csv_of, harmless

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "|cmd", "＝1"]
# Whatever can stand in a row of the database, and often something that begins like a formula.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(FORMULAS)


@pytest.mark.abuse(14)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=3))
def test_no_cell_begins_with_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_of(rows).removeprefix("\ufeff"), newline="")))
    assert read == [[harmless(cell) for cell in row] for row in rows]
    assert [cell for row in read for cell in row if cell.lstrip()[:1] in set("=+-@|＝＋－＠")] == []


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Quiet Fox", "2026-11-28 17:00", "a=b", "ثعلب"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell
