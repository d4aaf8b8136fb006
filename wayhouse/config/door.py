"""The closed door: what answers while the root key is sealed. Two addresses, /unseal/ and /health/, and nothing else.

Runs without settings, database or templates, since all of them need the key. Behind the same proxy as the house.
"""

import gettext
import threading
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from wayhouse.core.policy import HEADERS
from wayhouse.crypto import rootkey
from wayhouse.crypto.box import CannotOpen

LOCALE = Path(__file__).resolve().parents[1] / "locale"
LANGUAGES = ("en", "de", "ar")


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues; Django's own needs settings, and those need the key."""
    return text


# Gathered for the catalogues here, translated for each reader below.
TITLE, LABEL, BUTTON = gettext_noop("Not open yet"), gettext_noop("Passphrase of this house"), gettext_noop("Open it")
LATER, WRONG = gettext_noop("Please try again in a while."), gettext_noop("This passphrase opens nothing.")
THANKS = gettext_noop("Open. It takes a few seconds until everybody can come in.")
LARGEST_BODY = 4096
_PATIENCE = 10
_STYLE = (
    ":root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}body{margin:2rem auto;max-inline-size:28rem;"
    "padding-inline:1rem}label,input,button{display:block;inline-size:100%;box-sizing:border-box;font:inherit}"
    "input,button{min-block-size:3rem;margin-block:.5rem 1rem;padding-inline:.75rem}"
)
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE = (
    '<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width"><title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>{body}'
    "</main></body></html>"
)
_FORM = (
    '<form method="post" action="/unseal/" autocomplete="off"><label for="words">{label}</label>'
    '<input id="words" name="words" type="password" autocomplete="off" required autofocus>'
    "<button>{button}</button></form>"
)


def wait_for_key(folder: Path, host: str, port: int) -> bytes:
    """Answer at this address until somebody gives the passphrase of `root.sealed`; the root key."""
    door = Door((host, port), folder)
    try:
        door.serve_forever(poll_interval=0.2)
    finally:
        door.server_close()
    if door.key is None:
        raise KeyboardInterrupt
    return door.key


class Door(ThreadingHTTPServer):
    """Holds the key once it was given, and stops then."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], folder: Path) -> None:
        """`folder` is that of `root.sealed`."""
        super().__init__(address, Answer)
        self.folder, self.key = folder, None
        # A quarter of a gigabyte each: one try at a time, for everybody together.
        self.one_at_a_time = threading.Lock()

    key: bytes | None

    def try_words(self, words: str) -> bool | None:
        """Whether the words open the key; None while another try is going on."""
        if not self.one_at_a_time.acquire(blocking=False):
            return None
        try:
            self.key = rootkey.unseal(self.folder, words)
        except CannotOpen:
            return False
        finally:
            self.one_at_a_time.release()
        return True


class Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Door
    timeout = _PATIENCE
    server_version, sys_version = "door", ""

    def do_GET(self) -> None:
        """The form, the state, or that nothing is open yet."""
        path = urlsplit(self.path).path
        if path == "/unseal/":
            self._say(HTTPStatus.OK, self._form())
        elif path == "/health/":
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "sealed")
        else:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, f"<p>{escape(self._words(LATER))}</p>")

    def do_POST(self) -> None:
        """One try."""
        if urlsplit(self.path).path != "/unseal/" or not self._is_from_here():
            self._say(HTTPStatus.FORBIDDEN, self._form())
            return
        opened = self.server.try_words(self._typed())
        if opened is None:
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, self._form())
        elif not opened:
            wrong = f'<p role="alert">{escape(self._words(WRONG))}</p>'
            self._say(HTTPStatus.FORBIDDEN, wrong + self._form())
        else:
            thanks = self._words(THANKS)
            self._say(HTTPStatus.OK, f'<p role="status">{escape(thanks)}</p>')
            threading.Thread(target=self.server.shutdown, daemon=True).start()

    def log_message(self, *_words: object) -> None:
        """Nothing about anybody is written down."""

    def _typed(self) -> str:
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST_BODY:
            self.close_connection = True
            return ""
        body = self.rfile.read(int(size)).decode("utf-8", "replace")
        return parse_qs(body).get("words", [""])[0]

    def _is_from_here(self) -> bool:
        origin = self.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == self.headers.get("Host")

    def _language(self) -> str:
        asked = [part.split(";")[0].strip()[:2].lower() for part in self.headers.get("Accept-Language", "").split(",")]
        return next((code for code in asked if code in LANGUAGES), LANGUAGES[0])

    @property
    def _words(self) -> Callable[[str], str]:
        return gettext.translation("django", LOCALE, [self._language()], fallback=True).gettext

    def _form(self) -> str:
        return _FORM.format(label=escape(self._words(LABEL)), button=escape(self._words(BUTTON)))

    def _say(self, status: HTTPStatus, body: str) -> None:
        language = self._language()
        direction = "rtl" if language == "ar" else "ltr"
        title = escape(self._words(TITLE))
        self._send(
            status,
            "text/html; charset=utf-8",
            _PAGE.format(lang=language, dir=direction, title=title, style=_STYLE, body=body),
        )

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        kept = {**HEADERS, "Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "Content-Type": kind}
        for name, value in {**kept, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "60")
        self.end_headers()
        self.wfile.write(content)
