"""The operator's command: `wayhouse`.

Planning needs no Django, sealing no settings; everything else is a management command.
"""

import os
import sys


def main() -> None:
    """Run `wayhouse plan`, `seal`, `shares`, or any management command (`wayhouse help` lists those)."""
    if sys.argv[1:2] == ["plan"]:
        from wayhouse.config.plan import plan

        sys.exit(plan(sys.argv[2:]))
    from wayhouse.config import sealing

    if sys.argv[1:2] == ["seal"]:
        sys.exit(sealing.seal())
    if sys.argv[1:2] == ["shares"]:
        from wayhouse.config.paper import shares_command

        sys.exit(shares_command(sys.argv[2:]))
    if not sealing.open_house(sys.argv[1:]):
        sys.exit(1)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
