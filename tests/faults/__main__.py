"""python -m faults [--few] [--empty FILE] [ACT ...]

Builds the house in the database that the settings name; tries acts, and the way of a page. One line of JSON for each.
--few: at two points each instead of all. --empty: an SQLite file that is migrated already.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.test.utils import override_settings, setup_test_environment  # noqa: E402

from faults.acts import ACTS  # noqa: E402
from faults.house import House  # noqa: E402
from faults.paging import try_paging  # noqa: E402
from faults.store import store  # noqa: E402
from faults.trying import every_point, few_points, try_act  # noqa: E402


def main() -> None:
    """Try them, one after the other."""
    options = _options()
    folder = Path(settings.WAYHOUSE_DATA)
    kept = store(folder)
    setup_test_environment()
    # Files are served as they lie, as in the tests.
    files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={**settings.STORAGES, "staticfiles": files}).enable()
    if options.empty:
        shutil.copyfile(options.empty, str(settings.DATABASES["default"]["NAME"]))
    else:
        call_command("migrate", verbosity=0)
    kept.keep("empty")
    house = House(kept, folder / "files")
    house.build()
    kept.keep("scene")
    for name in options.acts or ACTS:
        tried = try_act(house, name, few_points if options.few else every_point)
        sys.stdout.write(json.dumps(vars(tried)) + "\n")
        sys.stdout.flush()
    sys.stdout.write(json.dumps(vars(try_paging(house, few=options.few))) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--empty", type=Path)
    parser.add_argument("acts", nargs="*", metavar="ACT", choices=[[], *ACTS])
    return parser.parse_args()


if __name__ == "__main__":
    main()
