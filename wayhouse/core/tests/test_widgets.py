"""Controls drawn by functions are those that Django's templates draw."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from wayhouse.core.widgets import FixedSelect, Renderer

HOSTILE = "\"><b>&'"


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(attrs={"autofocus": True, "readonly": False, "title": HOSTILE}),
        forms.NumberInput(attrs={"min": 1}),
        forms.PasswordInput(),
        forms.HiddenInput(),
        forms.DateInput(attrs={"type": "date"}),
        forms.Textarea(attrs={"rows": 3}),
        forms.Select(choices=[("", "–"), (1, HOSTILE), (HOSTILE, "b"), ("More", [("c", "C"), ("d", "D")])]),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "", HOSTILE, "\nnew line", 1, "d"])
def test_a_control_is_the_one_django_draws(widget: forms.Widget, value: object) -> None:
    ours, theirs = (
        widget.render("name", value, {"id": "id_name"}, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert _plain(ours) == _plain(theirs)


@pytest.mark.parametrize("value", [None, "b", HOSTILE, "none of them"])
def test_what_is_drawn_once_for_all_is_the_same(value: object) -> None:
    words = ("a/b", "b", HOSTILE)
    ours = FixedSelect(lambda: words).render("name", value, {"id": "id_name"})
    theirs = forms.Select(choices=[(one, one) for one in words]).render("name", value, {"id": "id_name"})
    assert _plain(ours) == _plain(theirs)


def _plain(html: str) -> str:
    """Without the spaces between elements, which say nothing."""
    return re.sub(r">[ \n]+<", "><", html).strip()
