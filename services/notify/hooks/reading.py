"""Which event does a payload mean? Read strictly, mapped by data, and taken by the one gate."""

from collections.abc import Mapping as Keyed
from typing import Any

from contracts.mapping import CannotMap, Mapping, apply
from contracts.strict_json import MalformedJson, loads
from services.notify.domain.intake import Refusal, Take, Taken
from services.notify.streams.hooks import HookDefined


class Reader:
    def __init__(self, mappings: Keyed[str, Mapping], take: Take) -> None:
        self._mappings = mappings
        self._take = take

    async def take(self, hook: HookDefined, body: bytes) -> Taken:
        """Raises Malformed when it is no JSON, and Refusal when it is no event as agreed."""
        event = self._mapped(hook, _payload(body))
        return await self._take(event, agency=hook.organisation, door="hook")

    def _mapped(self, hook: HookDefined, payload: Any) -> dict[str, Any]:
        mapping = self._mappings.get(hook.mapping or "")
        if mapping is None:
            raise Refusal(422, "There is no mapping", [("", "No mapping is set for this hook")])
        try:
            return apply(mapping, payload, source=f"/agencies/{hook.organisation}")
        except CannotMap as wrong:
            raise Refusal(422, "Cannot be mapped", [(wrong.pointer, wrong.detail)]) from None


class Malformed(Refusal):
    """Not JSON: nothing that a mapping could ever read, so it is not kept."""


def _payload(body: bytes) -> Any:
    try:
        return loads(body)
    except MalformedJson as wrong:
        raise Malformed(400, str(wrong)) from None
