"""Which request or message does this work belong to? The W3C trace context of the present task."""

import re
import secrets
from contextvars import ContextVar

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_current: ContextVar[str] = ContextVar("traceparent", default="")


def current_traceparent() -> str:
    """The traceparent of the work at hand, or the empty string outside of any."""
    return _current.get()


def continue_trace(given: str | None) -> str:
    """Begin a piece of work: a new span in the trace that was given, or in a new one."""
    trace, flags = _parse(given)
    traceparent = f"00-{trace}-{secrets.token_hex(8)}-{flags}"
    _current.set(traceparent)
    return traceparent


def trace_id(traceparent: str) -> str:
    return traceparent[3:35]


def _parse(given: str | None) -> tuple[str, str]:
    found = _FORM.fullmatch(given.strip()) if given else None
    if found:
        version, trace, span, flags, rest = found.groups()
        sound = version != "ff" and int(trace, 16) and int(span, 16)
        if sound and not (version == "00" and rest):
            return trace, flags
    return secrets.token_hex(16), "01"
