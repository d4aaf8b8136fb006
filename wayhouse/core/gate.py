"""The one way to refuse, and the way a view says who may call it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404

Found = TypeVar("Found")
View = TypeVar("View", bound=Callable[..., Any])


def require(allowed: bool) -> None:  # noqa: FBT001 - the one argument is the answer of a rule
    """Let through or refuse. Error: `PermissionDenied` where `allowed` is false."""
    if not allowed:
        raise PermissionDenied


def found_or_404(found: Found | None) -> Found:
    """What exists for whoever asks. Error: `Http404` for None."""
    if found is None:
        raise Http404
    return found


def declare(view: View, access: str) -> View:
    """Write the rule of a view on it, e.g. "public" or "signed-in", and return the same view."""
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Declare that a view needs no sign-in."""
    return declare(view, "public")


def declared_rule(view: Callable[..., Any]) -> str | None:
    """The rule declared for a view, or None; a test of the house refuses None."""
    access = getattr(view, "access", None)
    return access if isinstance(access, str) and access else None
