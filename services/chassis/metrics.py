"""How is the process doing, in numbers? Labels come from closed sets; none is ever a person's."""

from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_requests = Counter(
    "daybreak_http_requests_total", "Requests answered.", ("service", "route", "method", "status")
)
_seconds = Histogram(
    "daybreak_http_request_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ("service", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def count_request(service: str, route: str, method: str, status: int, seconds: float) -> None:
    """`route` is the template of the route, never the path: a path carries identifiers."""
    verb = method if method in _METHODS else "other"
    _requests.labels(service, route, verb, f"{status // 100}xx").inc()
    _seconds.labels(service, route).observe(seconds)


def exposition() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
