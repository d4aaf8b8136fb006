"""Builds a demonstration and signs two of its people in; prints their cookies as JSON."""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402

from wayhouse.accounts.session_store import SessionStore  # noqa: E402
from wayhouse.config.demo.building import build  # noqa: E402


def main() -> None:
    """Build and print."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    cast, cookies = build(), {}
    for handle in ("cass", "ana"):
        person, session = cast.accounts[handle], SessionStore()
        session[SESSION_KEY] = str(person.user_id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.user.get_session_auth_hash() if person.user else ""
        session["key"] = cast.secrets[person.pk].hex()
        session.save()
        cookies[handle] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    print(json.dumps(cookies))  # noqa: T201  read by scanning.py


if __name__ == "__main__":
    main()
