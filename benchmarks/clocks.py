"""What a sweep of the worker costs with 10,000 open clocks of concerns.

python -m benchmarks.clocks    prints the seconds: with nothing due, and with 100 due

The goal is under a second for a sweep of open clocks, also where a hundred are due, with their calls.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEASURED = """
import json, time, django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from wayhouse.config.demo.cast import Cast
from wayhouse.crypto.keyring import use
from wayhouse.people.invitations import found
from wayhouse.people.models import Role
from wayhouse.safeguarding import misses
from wayhouse.safeguarding.models import Timer
from wayhouse.safeguarding.posts import appoint
from wayhouse.safeguarding.protocol import Kind, Level, Post
from wayhouse.safeguarding.raising import Report, raise_concern
cast = Cast()
ana = cast.accept(found("a", "b", "Ana", time_zone="Europe/Berlin")[1], "ana")
with use(cast.keyring("ana")):
    for handle, post in (("sol", Post.LEAD), ("dot", Post.DEPUTY)):
        appoint(cast.bring_guest(handle, handle, Role.Kind.SAFEGUARDING_LEAD, host=ana), post, handle, actor=ana)
sol = cast.accounts["sol"]
with use(cast.keyring("sol")):
    made = [raise_concern(Report(Level.NOW, Kind.AT_RISK, "me"), actor=sol) for _each in range(CONCERNS)]
now = timezone.now()
later = [
    Timer(concern=made[n % CONCERNS], duty="review", rung=n, started_at=now, due_at=now + timedelta(days=1 + n % 27))
    for n in range(10_000 - Timer.objects.count())
]
Timer.objects.bulk_create(later, batch_size=1000)
def timed():
    start = time.perf_counter()
    done = misses.sweep()
    return done, time.perf_counter() - start
calm = timed()
Timer.objects.filter(pk__in=[t.pk for t in Timer.objects.filter(duty="safe_now")[:100]]).update(due_at=now)
print(json.dumps([Timer.objects.count(), *calm, *timed()]))
"""
CONCERNS = 100


def main() -> None:
    """Measure, print."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        clocks, none, calm, due, busy = _measure(Path(folder))
    print(f"{clocks:,} clocks: {calm * 1000:.1f} ms with {none} due, {busy:.2f} s with {due} due")


def _measure(folder: Path) -> list[float]:
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    environment = {
        **os.environ,
        **own,
        "WAYHOUSE_QUICK_KDF": "yes",
        "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings",
    }
    command = [sys.executable, "-c", f"CONCERNS = {CONCERNS}\n{MEASURED}"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    figures: list[float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    main()
