"""The operator's command: `wayhouse`.

Planning needs no Django, sealing no settings; everything else is a management command.
"""

import os
import sys

_OWN = {
    "plan": (
        "wayhouse plan groups|rota PROBLEM.json|- [--time-limit S] [--work-limit U] [--seed N] [--explain]\n"
        "                            plan without a database\n"
        "wayhouse plan prepare       compile the search once, so that short limits are enough"
    ),
    "seal": "wayhouse seal               put a passphrase on the root key, or another one than it has",
    "shares": (
        "wayhouse shares             the root key on three sheets of paper, of which any two give it back\n"
        "wayhouse shares --join      make the key of two sheets"
    ),
}
_HELP = ("-h", "--help")


def main() -> None:
    """Run `wayhouse plan`, `seal`, `shares`, or any management command (`wayhouse help` lists all of them)."""
    words = sys.argv[1:]
    if words == ["help"]:
        print("\n".join(_OWN.values()), flush=True)
    elif asked := _asked(words):
        print(_OWN[asked])
        sys.exit(0)
    if words[:1] == ["plan"]:
        from wayhouse.config.plan import plan

        sys.exit(plan(words[1:], _OWN["plan"]))
    from wayhouse.config import sealing

    if words[:1] == ["seal"]:
        sys.exit(sealing.seal() if words == ["seal"] else sealing.complain(_OWN["seal"]))
    if words[:1] == ["shares"]:
        from wayhouse.config.paper import shares_command

        sys.exit(shares_command(words[1:]))
    if not sealing.open_house(words):
        sys.exit(1)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _asked(words: list[str]) -> str:
    """Which of our own commands somebody asks about, as in `wayhouse help seal` and `wayhouse seal --help`."""
    if words[:1] == ["help"]:
        return words[1] if words[1:2] and words[1] in _OWN else ""
    # What plans groups or rotas tells of its options itself.
    is_own = words[:1] and words[0] in _OWN and words[1:2] not in (["groups"], ["rota"])
    return words[0] if is_own and words[-1] in _HELP else ""
