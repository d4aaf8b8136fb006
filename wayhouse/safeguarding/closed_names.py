"""Names of closed days as the law sheets give them, for the reader's language; another name stays as it was written."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NAMES = frozenset(
    {
        _("Ascension Day"),
        _("Birthday of Martin Luther King, Jr."),
        _("Boxing Day"),
        _("Christmas Day"),
        _("Columbus Day"),
        _("Day of German Unity"),
        _("Early May bank holiday"),
        _("Easter Monday"),
        _("Epiphany"),
        _("First of May"),
        _("Good Friday"),
        _("Independence Day"),
        _("Juneteenth"),
        _("Labor Day"),
        _("Labour Day"),
        _("Memorial Day"),
        _("National Day"),
        _("New Year's Day"),
        _("Second day of Christmas"),
        _("Spring bank holiday"),
        _("Summer bank holiday"),
        _("Thanksgiving Day"),
        _("Veterans Day"),
        _("Washington's Birthday"),
        _("Whit Monday"),
    }
)


def in_words(name: str) -> str:
    """The name of a closed day in the language of the present page."""
    return gettext(name) if name in NAMES else name
