"""Gather the texts of the house into the catalogues and compile them. Needs GNU gettext; polib does the rest.

python tests/texts.py          gather and compile
python tests/texts.py compile  only compile
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "wayhouse"
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
        ": n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
}
LANGUAGES = tuple(PLURALS)


def gather(package: Path = PACKAGE) -> None:
    """Write every text of code and templates into the catalogues; what is translated stays."""
    words = ["makemessages", "--no-location", "--no-wrap", "--no-obsolete", "--ignore=packs/*", "--ignore=tests/*"]
    languages = [flag for language in LANGUAGES for flag in ("-l", language)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "wayhouse.config.settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "django", *words, *languages]
    subprocess.run(command, cwd=package, env=environment, check=True, stdout=subprocess.DEVNULL)
    for language in LANGUAGES:
        path = catalogue(language, package)
        po = polib.pofile(str(path), wrapwidth=0)
        # A date that changes with each run would make every commit touch every catalogue.
        kept = {name: po.metadata[name] for name in ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")}
        po.metadata = {
            "Project-Id-Version": "Wayhouse",
            "Language": language,
            **kept,
            "Plural-Forms": PLURALS[language],
        }
        po.metadata_is_fuzzy = False
        po.header = "Texts of Wayhouse. Free software under the GNU AGPL, version 3 or later."
        po.save()


def compile_all() -> None:
    """Write each .mo beside its .po."""
    for language in LANGUAGES:
        path = catalogue(language)
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def catalogue(language: str, package: Path = PACKAGE) -> Path:
    """The catalogue of a language."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        gather()
    compile_all()
