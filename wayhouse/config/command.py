"""The operator's command: `wayhouse`. Planning needs no Django; everything else is a management command."""

import os
import sys


def main() -> None:
    """Run `wayhouse plan ...`, or any management command (`wayhouse help` lists them)."""
    if sys.argv[1:2] == ["plan"]:
        from wayhouse.config.plan import plan

        sys.exit(plan(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
