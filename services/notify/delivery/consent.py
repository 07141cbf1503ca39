"""Does this consent still stand? Asked of the consent service just before sending (ADR 0010)."""

import asyncio
from enum import StrEnum
from uuid import UUID

import httpx
import structlog

_TIMEOUT = 5.0
_AT_ONCE = 8  # this client grows slower with every call that is in flight


class Standing(StrEnum):
    STANDS = "stands"
    WITHDRAWN = "withdrawn"
    NO_ANSWER = "no-answer"


class Confirmations:
    def __init__(self, consent: httpx.AsyncClient, *, service_token: str) -> None:
        self._consent = consent
        self._bound = asyncio.Semaphore(_AT_ONCE)
        self._headers = {"Authorization": f"Bearer {service_token}"}

    async def ask(self, decision: UUID) -> Standing:
        """No answer is never taken for a yes, and a strange one is no answer."""
        try:
            async with self._bound:
                answer = await self._consent.post(
                    "/consent/v1/confirmations",
                    json={"decision_id": str(decision)},
                    headers=self._headers,
                    timeout=_TIMEOUT,
                )
            answer.raise_for_status()
            stands = answer.json()["stands"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
            structlog.get_logger().warning("consent gives no answer", error=type(fault).__name__)
            return Standing.NO_ANSWER
        if stands is True:
            return Standing.STANDS
        return Standing.WITHDRAWN if stands is False else Standing.NO_ANSWER
