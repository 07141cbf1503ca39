"""What does a professional look for? By need, place and audience; all of it holds together."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.scalars import Instant
from services.directory.domain.needs import CODES, narrower
from services.directory.domain.offer import Kind, Status
from services.directory.forms import Age, Area, Form, Id, refusal
from services.directory.readmodels import offer_search as search
from services.directory.readmodels.offer_search import Condition, Word

PAGE = 200
FRESH_DAYS = 183  # half a year, unless asked otherwise: an area sets its own pace


class Wanted(Form):
    """Of several needs any is enough; a wider need finds the narrower ones.

    `stale`: not checked for `fresh_days`. `held`: its owner would publish it, and it is held.
    """

    search: Annotated[str, StringConstraints(max_length=200)] = ""
    need: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    place: Area | None = None
    age: Age | None = None
    open_at: Instant | None = None
    kind: Kind | None = None
    status: tuple[Status, ...] = ("active", "temporarily closed")
    organisation: Id | None = None
    stale: bool = False
    held: bool = False
    fresh_days: Annotated[int, Field(ge=1, le=3_660)] = FRESH_DAYS
    after: str = ""
    limit: Annotated[int, Field(ge=1, le=PAGE)] = PAGE

    def conditions(self, today: date) -> list[Condition]:
        """Raises Problem for a word that no list has: nothing found would mislead."""
        return [
            *search.saying(self.search),
            *self._words(),
            *([search.covers(self.place)] if self.place else []),
            *([search.takes(self.age)] if self.age is not None else []),
            *([search.of_kind(self.kind)] if self.kind else []),
            *([search.of_organisation(self.organisation)] if self.organisation else []),
            *self._stale(today),
            *([search.held(today)] if self.held else []),
            search.in_status(self.status),
        ]

    def _words(self) -> Iterator[Condition]:
        for name, of, said in (("need", "needs", self.need), ("who", "audience", self.who)):
            unknown = [word for word in said if word not in CODES[of]]
            if unknown:
                raise refusal("", f"query parameter {name}: is no word of the list")
            if said:
                any_of = frozenset().union(*(narrower(word) for word in said))
                yield search.has(Word(of, any_of))

    def _stale(self, today: date) -> Iterator[Condition]:
        if self.stale:
            yield search.unverified_since(today - timedelta(days=self.fresh_days))
