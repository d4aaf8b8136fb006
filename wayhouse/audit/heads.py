"""Signed heads of the log, as text notes that anybody can keep, print and check.

The form is the signed note of the C2SP checkpoint specification (https://c2sp.org/tlog-checkpoint): four
lines (origin, size, root in base64, day), an empty line, and a line with the origin and the signature.
"""

from base64 import b64encode
from datetime import date
from hashlib import sha256

from django.db import transaction

from wayhouse.audit import tree
from wayhouse.audit.models import AuditLeaf, AuditState, TreeHead
from wayhouse.audit.proofs import DamagedLogError, consistency_proof
from wayhouse.core import clock
from wayhouse.crypto import server

_ED25519 = b"\x01"


def origin() -> str:
    """The name of this log. It follows from the public key, so that it tells nothing about the house."""
    return f"audit-log/{sha256(server.verify_key()).hexdigest()[:16]}"


def head_text(size: int, root: bytes, day: date) -> str:
    """The four lines that are signed."""
    return f"{origin()}\n{size}\n{b64encode(root).decode()}\n{day.isoformat()}\n"


def signed_note(text: str) -> str:
    """The text with its signature line; the signature is preceded by the 4-byte hint of the key."""
    hint = sha256(origin().encode() + b"\n" + _ED25519 + server.verify_key()).digest()[:4]
    signature = b64encode(hint + server.sign(text.encode())).decode()
    return f"{text}\n\N{EM DASH} {origin()} {signature}\n"


def latest_head() -> TreeHead | None:
    """The last head that was signed, if any."""
    return TreeHead.objects.order_by("size").last()


def publish_head() -> TreeHead:
    """Sign the log as it stands. Where nothing was added since the last head, that head is returned.

    Error: `DamagedLogError` where entries are missing or the log does not continue its last head. Such a log
    is never signed.
    """
    with transaction.atomic():
        state = AuditState.objects.locked()
        last = latest_head()
        _require_every_entry(state)
        if last is not None:
            _require_continuation(last, state)
            if last.size == state.size:
                return last
        today = clock.today()
        note = signed_note(head_text(state.size, state.root, today))
        return TreeHead.objects.create(size=state.size, root=state.root, day=today, note=note)


def require_whole_log() -> None:
    """Compute every entry and the root anew, as after a restore. Error: `DamagedLogError`."""
    state = AuditState.objects.get()
    frontier: list[bytes] = []
    size = 0
    for leaf in AuditLeaf.objects.order_by("index").iterator():
        if leaf.index != size or tree.leaf_hash(leaf.canonical()) != bytes(leaf.hash):
            raise DamagedLogError(f"entry {size} is missing or was changed")
        frontier, _completed = tree.append(frontier, size, bytes(leaf.hash))
        size += 1
    if size != state.size or tree.root(frontier) != state.root:
        raise DamagedLogError(f"the log should have {state.size} entries under another root")


def _require_every_entry(state: AuditState) -> None:
    found = AuditLeaf.objects.count()
    if found != state.size:
        raise DamagedLogError(f"the log should have {state.size} entries and has {found}")


def _require_continuation(last: TreeHead, state: AuditState) -> None:
    if last.size == 0:
        return
    if last.size <= state.size:
        proof = consistency_proof(last.size, state.size)
        if tree.verify_consistency(last.size, state.size, bytes(last.root), state.root, proof):
            return
    raise DamagedLogError(f"the log of {state.size} entries does not continue its last head at {last.size}")
