"""The operator's command: `wayhouse`.

Planning needs no Django, sealing no settings; everything else is a management command.
"""

import os
import sys


def main() -> None:
    """Run `wayhouse plan ...`, `wayhouse seal`, or any management command (`wayhouse help` lists them)."""
    if sys.argv[1:2] == ["plan"]:
        from wayhouse.config.plan import plan

        sys.exit(plan(sys.argv[2:]))
    from wayhouse.config import sealing

    if sys.argv[1:2] == ["seal"]:
        sys.exit(sealing.seal())
    if not sealing.open_house(sys.argv[1:]):
        sys.exit(1)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
