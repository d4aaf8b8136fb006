"""The page of what is kept and until when, made from the table of clocks.

python tests/retention.py            print it
python tests/retention.py --write    write docs/reference/retention.md
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "retention.md"
HEAD = """# What is kept, and until when

Made from the table in `wayhouse/leaving/clocks.py` by `python tests/retention.py --write`; a test keeps it true.
`wayhouse tidy` carries it out once an hour, for all programmes, and needs nobody's key. Coordinators read under *My
page* how much of each kind is due now, in a week, in a month: numbers, no names. Everybody reads under *What is held
about me* what is theirs.

| kind of record | the clock starts with | kept for | why | then |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    from django.utils.translation import override

    from wayhouse.leaving.clocks import CLOCKS, WITHOUT_CLOCK

    with override("en"):
        told = [(c.kind, c.starts, _words(c.period.total_seconds()), c.reason, c.fate) for c in CLOCKS]
        rows = "".join("| " + " | ".join(map(str, row)) + " |\n" for row in told)
        stays = "".join(f"- **{what}.** {why}\n" for what, why in WITHOUT_CLOCK)
    return f"{HEAD}{rows}\n## What has no clock of its own\n\n{stays}"


def _words(seconds: float) -> str:
    days, hours = divmod(int(seconds // 3600), 24)
    number, unit = (days, "day") if days else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
    django.setup()
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
