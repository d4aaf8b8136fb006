"""The public page about the log, the last signed head, and proofs for auditors. Nothing here is personal."""

import re
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wayhouse.audit import proofs
from wayhouse.audit.heads import latest_head
from wayhouse.core.gate import public
from wayhouse.crypto import server

NUMBER = re.compile(r"[0-9]{1,15}")


@public
@require_GET
def transparency(request: HttpRequest) -> HttpResponse:
    """What the log is, its last head, and the key to check it with."""
    context = {"head": latest_head(), "key": server.verify_key().hex()}
    return render(request, "audit/transparency.html", context)


@public
@require_GET
def head(_request: HttpRequest) -> HttpResponse:
    """The last signed head as a text note; 404 before the first."""
    newest = latest_head()
    if newest is None:
        raise Http404
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


@public
@require_GET
def proof(request: HttpRequest) -> JsonResponse:
    """`?from=5&to=9`: the log of 9 only adds to the log of 5. `?leaf=3&size=9`: leaf 3 is in the log of 9.

    Sizes go up to the last signed head. The hashes in a proof are salted, so that they give no entry away;
    the entries themselves are handed to the auditor by the command `audit_export`, never here.
    """
    given = {name: str(value) for name, value in request.GET.items()}
    asked = {name: int(value) for name, value in given.items() if NUMBER.fullmatch(value)}
    try:
        hashes = _hashes(asked)
    except ValueError:
        return JsonResponse({"error": "ask for ?from=&to= or ?leaf=&size="}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({**asked, "hashes": [hash_.hex() for hash_ in hashes]})


def _hashes(asked: dict[str, int]) -> list[bytes]:
    """Error: `ValueError` for anything but one of the two questions, within the last signed head."""
    newest = latest_head()
    if newest is None or max(asked.values(), default=0) > newest.size:
        raise ValueError(asked)
    if asked.keys() == {"from", "to"}:
        return proofs.consistency_proof(asked["from"], asked["to"])
    if asked.keys() == {"leaf", "size"}:
        return proofs.inclusion_proof(asked["leaf"], asked["size"])
    raise ValueError(asked)
