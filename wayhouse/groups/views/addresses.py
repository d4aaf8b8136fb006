"""Addresses in rooms above this one, which are known by their names only."""

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: object) -> str:
    """The address of a page, or an empty text where no room has it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
