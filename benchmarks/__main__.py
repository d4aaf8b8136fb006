"""Everything that docs/reference/benchmarks.md tells, one after another, each in a process of its own.

python -m benchmarks              prints every table (Markdown); takes about a quarter of an hour
python -m benchmarks web plans    only some: web, postgresql, pages, sealed, roster, plans
python -m benchmarks --write      also writes them into the page

Run it alone on the machine.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "web": ("benchmarks.web",),
    "postgresql": ("benchmarks.web", "--postgresql"),
    "pages": ("benchmarks.pages",),
    "sealed": ("benchmarks.sealed",),
    "roster": ("benchmarks.roster",),
    "plans": ("benchmarks.plans",),
}


def main() -> int:
    """Run each part; 1 where one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help="by default all of them")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    further = ["--write"] if options.write else []
    failed = []
    for name in options.parts or PARTS:
        print(f"\n## {name}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", *PARTS[name], *further], cwd=ROOT, check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
