import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from wayhouse.core import urls
from wayhouse.core.gate import declare, declared_rule, public, require


def view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_require_refuses() -> None:
    with pytest.raises(PermissionDenied):
        require(False)
    require(True)


def test_a_view_without_a_declaration_has_no_rule() -> None:
    assert declared_rule(view) is None


def test_an_empty_declaration_is_none() -> None:
    assert declared_rule(declare(lambda _request: HttpResponse(), "")) is None


def test_declaring_returns_the_same_view() -> None:
    def other(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert declare(other, "signed-in") is other
    assert declared_rule(other) == "signed-in"


def test_every_view_of_the_ground_floor_is_public() -> None:
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert len(patterns) == len(urls.urlpatterns) == 8
    assert {declared_rule(pattern.callback) for pattern in patterns} == {"public"}


def test_public_is_a_rule() -> None:
    assert declared_rule(public(lambda _request: HttpResponse())) == "public"
