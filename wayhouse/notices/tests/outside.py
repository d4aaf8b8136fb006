"""A push service and an SMS gateway on this machine, which look at what they get as real ones do."""

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from py_vapid import Vapid02


class Service:
    """What came in, and what is answered."""

    def __init__(self, port: int) -> None:
        self.host, self.url = f"localhost:{port}", f"http://localhost:{port}/take/this"
        self.status = 201
        self.requests: list[tuple[dict[str, str], bytes]] = []

    @property
    def claims(self) -> dict[str, Any]:
        """Of the last request, by an independent library. Error: where the signature is not that of the key."""
        header = self.requests[-1][0]["Authorization"]
        assert Vapid02.verify(header)
        payload = header.split("t=")[1].split(".")[1]
        claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims


@contextmanager
def service() -> Iterator[Service]:
    """Until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.requests.append((dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = Service(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
