"""Lets outside scanners loose on a demonstration, as a visitor, a member and a coordinator, and on the planted build.

python -m tests.scan.scanning            prints the table (Markdown); ends with 1 where it is not as it should be
python -m tests.scan.scanning --write    also writes it into docs/reference/scan.md

Needs `wapiti` (PyPI: wapiti3) and `sqlmap` (PyPI: sqlmap) on the PATH, from an environment of their own.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving import served

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "scan.md"
MODULES = "xss,permanentxss,sql,exec,file,crlf,redirect,xxe"
# Asking for these ends the visit that scans.
ENDING = ("account/logout/", "leave/", "mine/leave/", "mine/erase/", "people/me/pause/", "account/sessions/end/")
# Which build, with which settings, walked through by whom.
BUILDS = (
    ("the house", "wayhouse.config.settings", ("nobody", "cass", "ana")),
    ("two bugs planted", "tests.scan.planted_settings", ("nobody", "cass")),
)
# What sqlmap is shown: every form and address that takes a value in its query, and the planted one.
ASKED = ("/?q=1", "/transparency/proof.json?old=1&new=2", "/people/?page=1", "/planted/find/?week=1")


@dataclass(frozen=True, slots=True)
class Row:
    """What one scanner said about one build, walked through by one person."""

    build: str
    who: str
    scanner: str
    looked_at: int
    found: tuple[str, ...]

    def as_line(self) -> str:
        """A line of the table."""
        return (
            f"| {self.build} | {self.who} | {self.scanner} | {self.looked_at} | {', '.join(self.found) or 'nothing'} |"
        )


def main() -> int:
    """Build, scan, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--seconds", type=int, default=60, help="at most so long for a walk, and for each kind of attack"
    )
    options = parser.parse_args()
    missing = [name for name in ("wapiti", "sqlmap") if not shutil.which(name)]
    if missing:
        sys.stderr.write(f"{' and '.join(missing)} must be on the PATH: pip install wapiti3 sqlmap\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        rows = []
        for row in _rows(Path(folder), options.seconds):
            sys.stderr.write(f"{row.as_line()}\n")
            rows.append(row)
    table = "\n".join(
        ("| build | as | scanner | addresses | found |", "|---|---|---|---:|---|", *map(Row.as_line, rows))
    )
    print(table)  # noqa: T201  this is a command
    if options.write:
        _write(table)
    return 0 if _as_it_should_be(rows) else 1


def _rows(folder: Path, seconds: int) -> Iterator[Row]:
    own = {f"WAYHOUSE_{name.upper()}": str(folder / name) for name in ("data", "keys", "static")}
    plain = {"WAYHOUSE_HTTPS": "no", "WAYHOUSE_SECOND_STEP": "no", "WAYHOUSE_PAGES_A_MINUTE": "1000000"}
    plain["WAYHOUSE_HOSTS"] = "127.0.0.1,localhost"  # a cookie for "localhost" is not sent by the scanner
    house = {**os.environ, **own, **plain, "WAYHOUSE_BOOT_KEY": secrets.token_hex(32), "PYTHONPATH": str(ROOT)}
    script = str(ROOT / "tests" / "scan" / "cookies.py")
    cookies = json.loads(_run([sys.executable, script], house).splitlines()[-1])
    for build, settings, visitors in BUILDS:
        with served("wayhouse.config.wsgi:application", {**house, "DJANGO_SETTINGS_MODULE": settings}) as (port, _pid):
            address = f"http://127.0.0.1:{port}"
            for who in visitors:
                cookie = cookies.get(who, "")
                yield _wapiti(build, who, address, cookie, folder / "report.json", seconds)
            yield _sqlmap(build, "ana", address, cookies["ana"], folder / "sqlmap")


def _wapiti(build: str, who: str, address: str, cookie: str, report: Path, seconds: int) -> Row:
    words = [
        "wapiti",
        "-u",
        f"{address}/",
        "-s",
        f"{address}/planted/",
        "-m",
        MODULES,
        "--flush-session",
        "--no-bugreport",
    ]
    words += ["-f", "json", "-o", str(report), "--tasks", "8", "-v", "0"]
    words += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds)]
    words += [word for ending in ENDING for word in ("-x", f"{address}/{ending}")]
    words += ["-C", cookie] if cookie else []
    _run(words, {**os.environ, "HOME": str(report.parent)})
    told = json.loads(report.read_text("utf-8"))
    found = (name for name, entries in told["vulnerabilities"].items() if entries)
    return Row(build, who, "wapiti", told["infos"]["crawled_pages_nbr"], tuple(sorted(found)))


def _sqlmap(build: str, who: str, address: str, cookie: str, folder: Path) -> Row:
    found = []
    for asked in ASKED:
        words = ["sqlmap", "-u", address + asked, "--cookie", cookie, "--batch", "--level", "1"]
        words += ["--output-dir", str(folder), "--flush-session", "--disable-coloring", "--ignore-code", "404,400"]
        said = _run(words, os.environ.copy())
        if re.search(r"^Parameter: ", said, re.MULTILINE):
            found.append("SQL Injection")
    return Row(build, who, "sqlmap", len(ASKED), tuple(found))


def _as_it_should_be(rows: list[Row]) -> bool:
    """Nothing in the house; both bugs by everybody who walks through the planted build."""
    clean = all(not row.found for row in rows if row.build == "the house")
    planted = [set(row.found) for row in rows if row.build != "the house"]
    return (
        clean
        and all("SQL Injection" in found for found in planted)
        and any(any("Scripting" in name for name in found) for found in planted)
    )


def _run(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{words[0]}: {done.stderr[-2000:]}")
    return done.stdout


def _write(table: str) -> None:
    before, mark, after = PAGE.read_text("utf-8").partition("<!-- scan -->\n")
    _old, end, rest = after.partition("<!-- /scan -->")
    PAGE.write_text(f"{before}{mark}{table}\n{end}{rest}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
