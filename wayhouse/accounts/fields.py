"""Form fields of this room. None of them leaves a trace in the browser, and typing slips are forgiven."""

import unicodedata
from base64 import b64decode
from typing import Any

from django import forms

from wayhouse.accounts.models import LONGEST_HANDLE
from wayhouse.crypto.passphrase import LONGEST
from wayhouse.crypto.slots import PRF_BYTES

# "off": a shared device must not offer to the next person what was typed here.
_QUIET = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class HandleField(forms.CharField):
    """The name somebody signs in with."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs=dict(_QUIET))
        super().__init__(**{"max_length": LONGEST_HANDLE, "widget": widget, **kwargs})


class PassphraseField(forms.CharField):
    """A passphrase. Blanks around it, which phones add, do not count."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={**_QUIET, "data-passphrase": True})
        super().__init__(**{"max_length": LONGEST, "widget": widget, **kwargs})


class CodeField(forms.CharField):
    """A code of digits and letters; digits may be typed in any script."""

    def __init__(self, *, autocomplete: str = "off", **kwargs: Any) -> None:
        attrs = {**_QUIET, "autocomplete": autocomplete, "dir": "ltr"}
        super().__init__(**{"max_length": 80, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> str:
        """The code with every digit as 0 to 9."""
        typed = super().to_python(value) or ""
        return "".join(str(unicodedata.digit(sign, sign)) for sign in typed)


class _Unsaid(forms.HiddenInput):
    """Sent, and never written back into a page."""

    def format_value(self, value: Any) -> None:
        """Nothing."""


class PrfField(forms.Field):
    """What a passkey's extension "prf" gave, 32 bytes in base64url; empty where it gave nothing, or nonsense."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": _Unsaid(attrs=dict(_QUIET)), "required": False, **kwargs})

    def to_python(self, value: Any) -> bytes:
        """The bytes."""
        try:
            given = b64decode(f"{value or ''}=".encode("ascii"), altchars=b"-_", validate=True)
        except ValueError:
            return b""
        return given if len(given) == PRF_BYTES else b""
