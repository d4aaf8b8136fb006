"""Every component of the house on two pages, for tests and for eyes; no address of the house leads here."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from wayhouse.core import clock
from wayhouse.core.frame import Tab
from wayhouse.core.gate import public

FOLDER = Path(__file__).parent
PARTS = [("am", "Morning"), ("pm", "Afternoon"), ("eve", "Evening")]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEK = [(day, [(f"{day[:3].lower()}-{part}", label) for part, label in PARTS]) for day in DAYS]


class ExampleForm(forms.Form):
    name = forms.CharField(
        label="Name you want to be called", help_text="It need not be your real name.", max_length=40
    )
    words = forms.CharField(label="Anything we should know", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(
        label="How do you want to meet?",
        choices=[("in", "In person"), ("on", "Online"), ("any", "Either")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="What do you need?",
        choices=[("child", "Childcare"), ("step", "Step-free access")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="We ask so that we can arrange it.",
    )
    far = forms.ChoiceField(label="How far can you travel?", choices=[("10", "10 km"), ("25", "25 km")])
    agree = forms.BooleanField(label="I have read what is not confidential")


class WeekForm(forms.Form):
    free = forms.MultipleChoiceField(
        label="When are you usually free?", choices=WEEK, widget=forms.CheckboxSelectMultiple
    )


TABS = [
    Tab(url="/", icon="house", label="Home", current=True),
    Tab(url="/catalogue/", icon="users", label="Group", current=False),
    Tab(url="/catalogue/", icon="list-checks", label="My plan", current=False),
    Tab(url="/catalogue/", icon="user", label="Me", current=False),
]


def draw(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    template = engines["django"].from_string((FOLDER / f"{name}.html").read_text(encoding="utf-8"))
    return HttpResponse(template.render({"tabs": TABS, **context}, request))


@public
def first_screen(request: HttpRequest) -> HttpResponse:
    steps = [("Walk ten minutes outside", 3, 5), ("Call Sam before dinner", 1, 2), ("Phone away at ten", 7, 7)]
    evening = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
    return draw(
        request, "first_screen", {"page": "Home", "greeting": clock.greeting(), "evening": evening, "steps": steps}
    )


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        messages.success(request, "Saved.")
    form = ExampleForm(request.POST if request.method == "POST" else None)
    context = {
        "page": "Catalogue",
        "form": form,
        "week": WeekForm(initial={"free": ["tue-eve", "sat-am"]}),
        "since": clock.now() - timedelta(minutes=4),
        "long_ago": clock.now() - timedelta(minutes=40),
        "page_obj": Paginator(range(95), 20).page(3),
        "heads": ["Name", "Evenings"],
        "table": [("Marigold", "7"), ("Quiet Fox", "11")],
    }
    return draw(request, "catalogue", context)


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return redirect("/")


urlpatterns = [
    path("", include("wayhouse.core.urls")),
    path("", first_screen),
    path("catalogue/", catalogue),
    path("sign-in/", sign_in, name="account_login"),
]
