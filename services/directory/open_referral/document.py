"""Which calls are there, for a validator to read? The OpenAPI document of the open data alone."""

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from services.directory.open_referral.openness import PREFIX

_REFUSALS = ("HTTPValidationError", "ValidationError")  # the framework's; ours are RFC 9457


def document(router: APIRouter, url: str, version: str) -> dict[str, Any]:
    """`url`: where the feed begins. Paths are told from there."""
    told = get_openapi(
        title="Services of the area, Open Referral UK", version=version, routes=router.routes
    )
    paths = {path.removeprefix(PREFIX): calls for path, calls in told["paths"].items()}
    for calls in paths.values():
        for call in calls.values():
            call["responses"].pop("422", None)
            call["responses"]["default"] = {"description": "A problem, RFC 9457."}
    for name in _REFUSALS:
        told["components"]["schemas"].pop(name, None)
    return {**told, "servers": [{"url": url}], "paths": paths}
