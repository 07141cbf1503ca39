"""Who takes which messages? What the groups of one process subscribed to."""

from dataclasses import dataclass

from services.chassis.bus import Handler, Message, Together


class NoHandler(Exception):
    """The group has a message of a kind that it no longer subscribes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    exchange: str
    types: frozenset[str]
    handler: Handler
    ordered: bool = False
    together: Together | None = None

    def takes(self, exchange: str, type: str) -> bool:
        return exchange == self.exchange and ("#" in self.types or type in self.types)

    def takes_message(self, message: Message) -> bool:
        return self.takes(message.exchange, message.type)


class Subscriptions(dict[str, list[Subscription]]):
    """By group. A group that subscribes again adds to what it takes, in the same queue."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: dict[tuple[str, str], list[str]] = {}  # as asked before

    def add(self, group: str, subscription: Subscription) -> None:
        if any("*" in key or ("#" in key and key != "#") for key in subscription.types):
            raise ValueError("a routing key is exact, or # for all")
        self.setdefault(group, []).append(subscription)
        self._groups.clear()

    def groups_for(self, exchange: str, type: str) -> list[str]:
        known = self._groups.get((exchange, type))
        if known is None:
            known = [
                name for name, own in self.items() if any(s.takes(exchange, type) for s in own)
            ]
            self._groups[exchange, type] = known
        return known
