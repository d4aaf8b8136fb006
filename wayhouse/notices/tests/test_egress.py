"""Nothing is sent to a machine behind the firewall, whatever address somebody gave or a name leads to."""

import socket
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from wayhouse.notices.channels import NotSent, Refused, Unsure
from wayhouse.notices.egress import post
from wayhouse.notices.tests.outside import service

NAME = "push.example.org"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whom it would have connected to; nobody is called."""
    found: list[Any] = []

    def connect(address: Any, _timeout: float) -> socket.socket:
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return found


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def look_up(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.abuse(13)
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.7", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, called: list[Any], address: str
) -> None:
    leads_to(monkeypatch, "93.184.215.14", address)
    with pytest.raises(Refused):
        post(f"https://{NAME}/", b"", {}, hosts=[NAME])
    assert called == []


@pytest.mark.abuse(13)
def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch, called: list[Any]
) -> None:
    leads_to(monkeypatch, "2606:2800:21f::1", "93.184.215.14")
    with pytest.raises(NotSent):
        post(f"https://{NAME}/", b"", {}, hosts=["*.example.org"])
    assert called == [("2606:2800:21f::1", 443), ("93.184.215.14", 443)]


def test_a_name_that_leads_nowhere_may_come_back(monkeypatch: pytest.MonkeyPatch, called: list[Any]) -> None:
    def nowhere(*_words: Any, **_more: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(NotSent) as answer:
        post(f"https://{NAME}/", b"", {}, hosts=[NAME])
    assert type(answer.value) is NotSent


@pytest.mark.parametrize("url", ["http://push.example.org/", "https://push.example.org:22/", "https://other.org/"])
def test_only_https_and_only_whom_the_operator_named(url: str, called: list[Any]) -> None:
    with pytest.raises(Refused):
        post(url, b"", {}, hosts=[NAME])
    assert called == []


def test_who_does_not_answer_may_have_got_it(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    class Silent(socket.socket):
        def makefile(self, *_words: Any, **_more: Any) -> Any:
            raise TimeoutError

    with service() as found:
        settings.WAYHOUSE_INSIDE_HOSTS = [found.host]

        def connect(address: Any, _timeout: float) -> socket.socket:
            made = Silent()
            made.connect(address)
            return made

        monkeypatch.setattr(socket, "create_connection", connect)
        with pytest.raises(Unsure):
            post(found.url, b"x", {}, hosts=["localhost"])


def test_a_name_that_can_be_none_is_refused(called: list[Any]) -> None:
    with pytest.raises(Refused):
        post(f"https://{'a' * 64}.example.org/x", b"", {}, hosts=["*.example.org"])
    assert called == []
