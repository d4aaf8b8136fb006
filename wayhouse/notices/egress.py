"""The one door by which anything leaves the house over the web: to hosts that the operator named, and to nobody inside.

Browsers tell where their messages go, so that address comes from people: it could name a machine behind the firewall
(CWE-918). The name is looked up once, every address it has must be a public one, and that very address is called.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from wayhouse.notices.channels import TIME_LIMIT, NotSent, Refused, Unsure

_HTTPS, _HTTP = 443, 80


class _Target(NamedTuple):
    """Whom to call."""

    host: str
    port: int
    addresses: tuple[str, ...]
    secure: bool


class _Pinned(HTTPConnection):
    """Calls an address that was looked at, under the name that was asked for."""

    def __init__(self, target: _Target) -> None:
        super().__init__(target.host, target.port, timeout=TIME_LIMIT)
        self._target = target

    def connect(self) -> None:
        """Connect without asking for the name a second time."""
        self.sock = self._connected()
        if self._target.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)

    def _connected(self) -> socket.socket:
        *others, last = self._target.addresses
        for address in others:
            # Many machines have no way to the newer kind of addresses.
            with suppress(OSError):
                return socket.create_connection((address, self._target.port), TIME_LIMIT)
        return socket.create_connection((last, self._target.port), TIME_LIMIT)


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: Iterable[str]) -> int:
    """Send `body` to one of `hosts` (names, or `*.name` for what is below it); the status of the answer.

    Errors: `Refused` where nothing may be sent there; `NotSent` where nobody answers; `Unsure` where the answer does
    not come in time. A redirection is not followed: it is a status like any other.
    """
    parts = urlsplit(url)
    connection = _Pinned(_allowed(parts, hosts))
    try:
        connection.connect()
    except (OSError, ValueError) as error:
        raise NotSent from error
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unsure from error
    except ValueError as error:
        raise Refused from error
    finally:
        connection.close()


def may_call(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is one that may be called at all, before its name is looked up."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or not host or not _is_listed(host, hosts):
        return False
    if _is_inside(host, port):
        return parts.scheme in {"https", "http"}
    return parts.scheme == "https" and port in {None, _HTTPS}


def _allowed(parts: SplitResult, hosts: Iterable[str]) -> _Target:
    if not may_call(parts.geturl(), hosts):
        raise Refused
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (_HTTPS if secure else _HTTP)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSent from error
    except ValueError as error:
        # A name that can be none, such as one with a part of over 63 letters.
        raise Refused from error
    addresses = tuple(dict.fromkeys(str(row[4][0]) for row in found))
    if not _is_inside(host, parts.port) and not all(map(_is_public, addresses)):
        raise Refused
    return _Target(host, port, addresses, secure)


def _is_listed(host: str, hosts: Iterable[str]) -> bool:
    return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in hosts)


def _is_inside(host: str, port: int | None) -> bool:
    """Whether the operator named it as a host of their own network."""
    return f"{host}:{port}" in settings.WAYHOUSE_INSIDE_HOSTS or host in settings.WAYHOUSE_INSIDE_HOSTS


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return all(one.is_global and not one.is_multicast for one in (found, mapped))
