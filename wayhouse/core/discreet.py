"""Logs that tell an operator what broke and nobody who was there or what they wrote.

Messages of libraries carry addresses with tokens in them, values that somebody typed and rows of the database.
The filter keeps what the programmer wrote and drops what the moment filled in.
"""

import logging
import traceback
from typing import Any

DROPPED = "…"


class DiscreetFilter(logging.Filter):
    """For a handler: every record passes, without addresses, values, request bodies and error texts."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Empty the record of what could lead to a person. Always true: nothing is hidden that broke."""
        where = _route(getattr(record, "request", None))
        record.msg = f"{_emptied(record)}{where}"
        record.args = None
        if record.exc_info and record.exc_info[1]:
            record.exc_text = _trace(record.exc_info[1])
        record.exc_info = None
        record.stack_info = None
        return True


def _emptied(record: logging.LogRecord) -> str:
    message = str(record.msg)
    if not record.args:
        # A message that is already filled in cannot be told from one that never had values.
        return message if record.name.partition(".")[0] == "wayhouse" else f"{record.name} {record.levelname.lower()}"
    if isinstance(record.args, dict):
        return message
    return message % tuple(_kept(value) for value in record.args)


def _kept(value: object) -> object:
    return value if isinstance(value, int | float) else DROPPED


def _route(request: Any) -> str:
    if request is None:
        return ""
    match = getattr(request, "resolver_match", None)
    return f" [{request.method} {match.route if match else 'unknown address'}]"


def _trace(error: BaseException) -> str:
    """Where an error happened and its kind, and the errors it came from; never its text."""
    lines: list[str] = []
    for one in _chain(error):
        frames = traceback.extract_tb(one.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(f"{type(one).__module__}.{type(one).__qualname__}")
    return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    next_one: BaseException | None = error
    # Errors can come from each other in a circle.
    while next_one is not None and next_one not in chain:
        chain.append(next_one)
        next_one = next_one.__cause__ or (None if next_one.__suppress_context__ else next_one.__context__)
    return chain
