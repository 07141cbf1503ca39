"""What may a log line say? JSON, with keys from a list: what is not on it is left out."""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

import orjson
import structlog

# Identifiers here are opaque, and texts are ours. A name, an address or a body has no key to go by.
ALLOWED = frozenset(
    "event level timestamp logger service worker agency error where route method status "
    "duration_ms trace_id correlation_id causation_id event_id message_id stream position "
    "version group exchange type attempt count reason port due_at check hold".split()
)


def only_allowed(
    logger: Any, method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED}


def _dumps(entry: Any, default: Callable[[Any], Any]) -> str:
    return orjson.dumps(entry, default=default).decode()


class _Template(logging.Formatter):
    """Lines of libraries: their template without its arguments, which may be anything."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        entry = {
            "event": str(record.msg),
            "level": record.levelname.lower(),
            "logger": record.name,
            **({"error": error} if error else {}),
        }
        return str(structlog.processors.JSONRenderer()(None, "", entry))


class _ToStderr(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stderr)  # noqa: T201 - this is the log


def configure_logs(level: str = "info") -> None:
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        # Asked for at each line: who configured us may have replaced or closed the stream since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _ToStderr()
    handler.setFormatter(_Template())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(threshold, logging.WARNING))  # libraries: only what goes wrong
