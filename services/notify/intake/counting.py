"""How many events came, by which door, and how were they answered? Without any name."""

from prometheus_client import Counter

_EVENTS = Counter(
    "daybreak_intake_events_total",
    "Events offered by agencies, by door and by the status of the answer.",
    ("door", "status"),
)


def count(door: str, status: int, times: int = 1) -> None:
    """Both come from closed sets: three doors, and the statuses that intake answers with."""
    _EVENTS.labels(door, str(status)).inc(times)
