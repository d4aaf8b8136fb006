"""The content security policy, read by django-csp: nothing is allowed but what is named here."""

from typing import Any

from csp.constants import NONCE, NONE, SELF

CSP: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        # htmx parses strings into HTML; the one policy that lets it is in app.js, and makes no script.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    },
}
