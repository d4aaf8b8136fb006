"""Builds a demonstration, signs its people in, counts queries; prints what to measure as JSON."""

import json
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from wayhouse.accounts.session_store import SessionStore  # noqa: E402
from wayhouse.config.demo.building import build  # noqa: E402
from wayhouse.config.demo.cast import Cast  # noqa: E402
from wayhouse.conversations.models import Thread  # noqa: E402
from wayhouse.conversations.writing import answer, begin_thread  # noqa: E402
from wayhouse.crypto.keyring import use  # noqa: E402
from wayhouse.groups.models import Group  # noqa: E402
from wayhouse.meetings.models import Meeting  # noqa: E402

SECONDS = 2  # what each plan may take: pages cost the same with a plan that is a little worse


def main() -> None:
    """Build and print."""
    cast = built()
    led = Meeting.objects.upcoming().filter(shifts__person=cast.accounts["bo"]).select_related("group")[0]
    evening, cycle = led.pk, led.group.cycle_id
    group, thread = fifty(cast)
    pages = [
        ("a member's first screen", "cass", "/"),
        ("a coordinator's first screen", "ana", "/"),
        ("tonight's card", "bo", f"/evenings/{evening}/tonight/"),
        ("a guide", "bo", f"/evenings/{evening}/guide/"),
        ("a group's space, 50 sealed threads", "cass", f"/space/{group}/"),
        ("a thread, 50 sealed posts", "cass", f"/space/thread/{thread}/"),
        ("a coordinator's evenings, two weeks of nine groups", "ana", "/evenings/"),
        ("one's own evenings", "bo", "/evenings/"),
        ("the roster, 50 sealed rows", "ana", "/people/"),
        ("the rota, two weeks of nine groups", "ana", f"/evenings/rota/{cycle}/"),
    ]
    print(json.dumps([subject(cast, *page) for page in pages]))


def built() -> Cast:
    """A demonstration in the database of the settings, and its people."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return build(seconds=SECONDS)


def fifty(cast: Cast) -> tuple[object, object]:
    """A space with fifty threads and a thread with fifty posts, written by Cass and Bo; ids of group and thread."""
    group = cast.accounts["cass"].seats.get().group
    text = "I walked home slowly, by the river, and slept for once. How do you all end such an evening? " * 3
    kind = Thread.Kind.TALK
    for number in range(51):
        who = ("cass", "bo")[number % 2]
        with use(cast.keyring(who)):
            here = Group.objects.select_related("scope").get(pk=group.pk)
            if number == 0:
                thread = begin_thread(here, text, kind=kind, actor=cast.accounts[who])
            answer(thread, here, text, actor=cast.accounts[who])
            begin_thread(here, text, kind=kind, actor=cast.accounts[who])
    return group.pk, thread.pk


def subject(cast: Cast, name: str, handle: str, path: str) -> dict[str, object]:
    """One page as one person asks for it, with the number of its SQL queries."""
    token = sign_in(cast, handle)
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = token
    client.get(path)  # sits down at the desk, compiles the template
    with CaptureQueriesContext(
        connection,
    ) as queries:
        status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    # What a browser sends from its second page on: the session's cookie, and that of the form token.
    form = client.cookies[settings.CSRF_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={token}; {settings.CSRF_COOKIE_NAME}={form}"
    return {"name": name, "path": path, "cookie": cookie, "queries": len(queries)}


def cookie_of(cast: Cast, handle: str) -> str:
    """The cookie of somebody who is signed in."""
    return f"{settings.SESSION_COOKIE_NAME}={sign_in(cast, handle)}"


def sign_in(cast: Cast, handle: str) -> str:
    """The token of a session in which somebody of the cast has just signed in and is unlocked."""
    person, session = cast.accounts[handle], SessionStore()
    session[SESSION_KEY] = str(person.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.user.get_session_auth_hash() if person.user else ""
    session["key"] = cast.secrets[person.pk].hex()
    # What others wrote in confidence is shown for a quarter of an hour after a proof.
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.user_id)
    session.save()
    return session.session_key or ""


if __name__ == "__main__":
    main()
