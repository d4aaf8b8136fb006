"""The yardstick: a bare Django view, and a bare list of 50 of 20,000 rows, signed in, three queries, no styling."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

FOLDER = Path(os.environ.get("BARE_FOLDER", "."))
ROWS, SHOWN = 20_000, 50
# The folder of a PostgreSQL server's socket; without it the list is on SQLite.
HOST = os.environ.get("BARE_HOST", "")
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "bare.sqlite3")}
POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": HOST,
    "USER": "wayhouse",
    "NAME": "bare",
    "CONN_MAX_AGE": 60,
}

settings.configure(
    SECRET_KEY="not a secret",
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": POSTGRESQL if HOST else SQLITE},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
        }
    ],
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402

LIST = engines["django"].from_string(
    '<!doctype html><html lang="en"><title>t</title><h1>Hello {{ user.username }}</h1><table>'
    "{% for row in rows %}<tr><td>{{ row.pk }}<td>{{ row.username }}<td>{{ row.email }}"
    '<td>{{ row.date_joined|date:"Y-m-d H:i" }}</tr>{% endfor %}</table>'
)


def view(_request: HttpRequest) -> HttpResponse:
    """A bare view."""
    return HttpResponse("ok")


def rows(request: HttpRequest) -> HttpResponse:
    """A bare list."""
    return HttpResponse(LIST.render({"rows": User.objects.order_by("-pk")[:SHOWN]}, request))


urlpatterns = [path("ok", view), path("list", rows)]
application = get_wsgi_application()


def prepare() -> str:
    """Make the rows and a session; returns the cookie."""
    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        User.objects.bulk_create(
            User(username=f"u{number}", email=f"u{number}@example.org", password="!") for number in range(ROWS)
        )
    user, session = User.objects.first(), SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def calls() -> int:
    """How many calls of functions the list takes."""
    from django.test import Client

    from benchmarks.pages import calls_of

    client = Client(headers={"host": "localhost"})
    name, value = prepare().split("=")
    client.cookies[name] = value
    client.get("/list")
    return calls_of(lambda: client.get("/list"))


if __name__ == "__main__":
    sys.stdout.write(str(calls()) if "calls" in sys.argv else prepare())
