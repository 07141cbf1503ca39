"""What does a caller learn when something is refused? RFC 9457, and never a value that was sent."""

import http
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.chassis.errors import Unavailable
from services.chassis.store import VersionConflict

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

# Pydantic's own words for these tell of our schema only. All others may repeat what was sent.
_SAFE = frozenset(
    "missing extra_forbidden string_type int_type float_type bool_type list_type dict_type "
    "tuple_type set_type model_type model_attributes_type none_required frozen_field literal_error "
    "enum string_too_short string_too_long string_pattern_mismatch too_short too_long "
    "greater_than greater_than_equal less_than less_than_equal multiple_of finite_number "
    "timezone_naive timezone_aware date_from_datetime_inexact int_from_float union_tag_not_found "
    "date_type time_type datetime_type uuid_type bytes_type decimal_type url_type".split()
)
_PLAIN = {
    "uuid": "Input should be a UUID",
    "datetime": "Input should be a date and time with an offset",
    "date": "Input should be a date, YYYY-MM-DD",
    "time": "Input should be a time, HH:MM",
    "int": "Input should be a whole number",
    "float": "Input should be a number",
    "decimal": "Input should be a number",
    "bool": "Input should be true or false",
    "url": "Input should be an address",
    "json": "The body is not JSON",
    "union": "Input matches none of the forms that are allowed here",
}


class Problem(HTTPException):
    """A refusal that the caller can act on. `title` and details are our words, never theirs."""

    def __init__(
        self,
        status: int,
        title: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail=title, headers=dict(headers or {}))
        self.title = title
        self.errors = [dict(error) for error in errors]

    def as_body(self) -> dict[str, Any]:
        return body(self.status_code, self.title, self.errors)


def body(status: int, title: str, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    return {"type": "about:blank", "title": title, "status": status, "errors": list(errors)}


def answer(problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.as_body(), problem.status_code, problem.headers, media_type=MEDIA_TYPE
    )


def pointer(parts: Sequence[str | int]) -> str:
    """RFC 6901."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def validation_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as pointers into the body; a parameter is named in the detail instead."""
    return [_validation_error(error) for error in errors]


def _validation_error(error: Mapping[str, Any]) -> dict[str, str]:
    kind, location = str(error["type"]), tuple(error["loc"])
    detail = str(error["msg"]) if kind in _SAFE else _plain(kind)
    if kind == "json_invalid":
        return {"pointer": "", "detail": detail}
    if location[:1] == ("body",):
        return {"pointer": pointer(location[1:]), "detail": detail}
    if location[:1] in {("query",), ("path",), ("header",), ("cookie",)} and len(location) > 1:
        return {"pointer": "", "detail": f"{location[0]} parameter {location[1]}: {detail}"}
    return {"pointer": pointer(location), "detail": detail}


def _plain(kind: str) -> str:
    return _PLAIN.get(kind.split("_")[0], "Input is not acceptable here")


def install(app: FastAPI) -> None:
    """The one table of which fault becomes which status."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(VersionConflict, _overtaken)


def unexpected(fault: Exception) -> Problem:
    """A fault of ours. Where it happened is logged; what it says is not: it may name a person."""
    at = fault.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_qualname}:{at.tb_lineno}" if at else ""
    structlog.get_logger().error("request failed", error=type(fault).__name__, where=where)
    return Problem(500, "Something went wrong here; it has been recorded")


async def _refused(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, HTTPException)
    if isinstance(fault, Problem):
        return answer(fault)
    return answer(
        Problem(fault.status_code, http.HTTPStatus(fault.status_code).phrase, (), fault.headers)
    )


async def _invalid(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)
    errors = validation_errors(fault.errors())
    malformed = any(error["type"] == "json_invalid" for error in fault.errors())
    return answer(Problem(400 if malformed else 422, "The request is not well formed", errors))


async def _unavailable(request: Request, fault: Exception) -> JSONResponse:
    structlog.get_logger().warning("unavailable", error=type(fault).__name__)
    return answer(
        Problem(503, "Not available now: try again", (), {"Retry-After": str(RETRY_AFTER_SECONDS)})
    )


async def _overtaken(request: Request, fault: Exception) -> JSONResponse:
    return answer(Problem(409, "Others changed this at the same moment: try again"))
