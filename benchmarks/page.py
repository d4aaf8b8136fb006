"""The page of results, docs/reference/benchmarks.md: each table stands between two marks."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "benchmarks.md"


def write(name: str, table: str) -> None:
    """Replace the table of this name."""
    before, mark, after = PAGE.read_text("utf-8").partition(f"<!-- {name} -->\n")
    _old, end, rest = after.partition(f"<!-- /{name} -->")
    if not mark or not end:
        raise ValueError(f"{PAGE.name} has no place for {name}")
    PAGE.write_text(f"{before}{mark}{table}\n{end}{rest}", "utf-8")
