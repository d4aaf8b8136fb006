"""Messages of the browser (RFC 8030): its maker carries a box that it cannot open, always of the same length."""

import json
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from wayhouse.audit.record import record
from wayhouse.core import clock
from wayhouse.crypto import webpush
from wayhouse.crypto.box import CannotOpen
from wayhouse.notices import egress
from wayhouse.notices.channels import Letter, NoDevice, NotSent, Refused, Somebody
from wayhouse.notices.models import PushDevice

MOST_DEVICES = 5
LONGEST_ENDPOINT = 1000
_GONE, _NEVER = frozenset({404, 410}), frozenset({400, 401, 403, 413})


def is_set_up() -> bool:
    """Whether the operator said whom push services may write to; they ask for that."""
    return bool(settings.WAYHOUSE_PUSH_CONTACT)


def add_device(endpoint: str, p256dh: str, auth: str, *, actor: Somebody) -> None:
    """This browser takes messages from now on; of more than five the oldest stops.

    Error: `ValueError` where its maker's push service is not one that the operator allows, or the keys are none.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not egress.may_call(endpoint, settings.WAYHOUSE_PUSH_HOSTS):
        raise ValueError("not a push service that this house writes to")
    webpush.check_keys(p256dh, auth)
    with transaction.atomic():
        devices = PushDevice.objects.select_for_update().filter(person_id=actor.pk).order_by("-created_at")
        known = {device.pk for device in devices if _endpoint(device) == endpoint}
        PushDevice.objects.filter(pk__in=known).delete()
        kept = [device.pk for device in devices if device.pk not in known][: MOST_DEVICES - 1]
        PushDevice.objects.filter(person_id=actor.pk).exclude(pk__in=kept).delete()
        device = PushDevice(person_id=actor.pk, created_at=clock.now())
        device.close({"endpoint": endpoint, "p256dh": p256dh, "auth": auth})
        device.save()
        record("push_device.added", device, actor=actor)


def remove_devices(*, actor: Somebody) -> None:
    """No browser of the actor takes messages any more."""
    with transaction.atomic():
        PushDevice.objects.filter(person_id=actor.pk).delete()
        record("push_devices.removed", actor, actor=actor)


def send_push(letter: Letter) -> None:
    """To every browser of the person; it went where one of them took it."""
    answers: list[NotSent] = []
    devices = list(PushDevice.objects.filter(person_id=letter.person_id).order_by("-created_at")[:MOST_DEVICES])
    for device in devices:
        try:
            _send(letter, device)
        except NotSent as answer:
            answers.append(answer)
    if len(answers) < len(devices):
        return
    # What may go another time says more than what never will.
    raise next((answer for answer in answers if not isinstance(answer, Refused)), NoDevice())


def _send(letter: Letter, device: PushDevice) -> None:
    try:
        words = device.open()
    except CannotOpen as error:
        raise Refused from error
    content = {"title": letter.title, "body": letter.words, "tag": str(letter.id), "brief": not letter.plan.may_stay}
    body = webpush.encrypt(json.dumps(content, ensure_ascii=False).encode(), words["p256dh"], words["auth"])
    status = egress.post(
        words["endpoint"], body, _headers(letter, words["endpoint"]), hosts=settings.WAYHOUSE_PUSH_HOSTS
    )
    if status in _GONE:
        PushDevice.objects.filter(pk=device.pk).delete()
        raise Refused
    if status in _NEVER:
        raise Refused
    if not 200 <= status < 300:  # noqa: PLR2004  RFC 9110: this is what success means
        raise NotSent


def _headers(letter: Letter, endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    left = max(0, int((letter.ends_at - clock.now()).total_seconds()))
    return {
        "Authorization": webpush.authorization(
            f"{parts.scheme}://{parts.netloc}", settings.WAYHOUSE_PUSH_CONTACT, clock.now()
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        # Where nothing may be left, it arrives now or never.
        "TTL": str(left if letter.plan.may_stay else 0),
        "Urgency": "high" if letter.urgent else "normal",
        # A repetition takes the place of what was not delivered yet.
        "Topic": letter.id.hex,
    }


def _endpoint(device: PushDevice) -> str:
    try:
        return str(device.open()["endpoint"])
    except CannotOpen:
        return ""


def devices_of(person_id: UUID) -> int:
    """How many browsers of somebody take messages."""
    return PushDevice.objects.filter(person_id=person_id).count()
