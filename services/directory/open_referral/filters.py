"""What may be asked of the open data? The parameters of HSDS-UK 3.0; all that is asked holds."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.directory.domain.needs import narrower
from services.directory.domain.opening import DAYS
from services.directory.forms import refusal
from services.directory.open_referral.taxonomies import found_taxonomy, found_term
from services.directory.readmodels import offer_search as search
from services.directory.readmodels.offer_search import Condition, Word

MOST = 100  # on one page
_NOTHING = search.named("")  # no service has an empty id
_Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")]


class Paging(BaseModel):
    """More than fits a page is not refused: `size` says how many came."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    per_page: Annotated[int, Field(ge=1)] = 50

    @model_validator(mode="before")
    @classmethod
    def _said(cls, given: Any) -> Any:
        """A parameter without a value is not asked."""
        if isinstance(given, dict):
            return {name: value for name, value in given.items() if value not in ("", [])}
        return given

    @property
    def size(self) -> int:
        return min(self.per_page, MOST)


class Filters(Paging):
    search: Annotated[str | None, StringConstraints(max_length=200)] = None
    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: _Clock | None = None
    end_time: _Clock | None = None
    day: Annotated[str | None, StringConstraints(max_length=10)] = None
    modified_after: datetime | None = None

    def conditions(self) -> list[Condition]:
        """Raises Problem for a day of no week."""
        return [
            *(search.saying(self.search) if self.search else []),
            *self._words(),
            *([search.from_age(self.minimum_age)] if self.minimum_age is not None else []),
            *([search.to_age(self.maximum_age)] if self.maximum_age is not None else []),
            *self._hours(),
            *([search.changed_since(self._moment)] if self.modified_after else []),
        ]

    @property
    def _moment(self) -> datetime:
        """Without an offset it is UTC, as what is answered."""
        given = self.modified_after
        assert given is not None
        return given if given.tzinfo else given.replace(tzinfo=UTC)

    def _words(self) -> list[Condition]:
        asked: list[Condition] = []
        if self.taxonomy_term_id:
            term = found_term(self.taxonomy_term_id)
            if term is None:
                return [_NOTHING]
            asked.append(search.has(Word(term[0].code, narrower(term[1].code))))
        if self.taxonomy_id:
            taxonomy = found_taxonomy(self.taxonomy_id)
            if taxonomy is None:
                return [_NOTHING]
            asked.append(search.in_list(taxonomy.code))
        return asked

    def _hours(self) -> list[Condition]:
        """Of one and the same entry of its hours."""
        if not (self.day or self.start_time or self.end_time):
            return []
        start, end = (at[:5] if at else None for at in (self.start_time, self.end_time))
        return [search.opens(day=self._weekday(), after=start, until=end)]

    def _weekday(self) -> str | None:
        if self.day is None:
            return None
        day = self.day.strip().upper()[:2]
        if day not in DAYS:
            raise refusal("", "query parameter day: is MO, TU, WE, TH, FR, SA or SU")
        return day


class FiltersWithPlace(Filters):
    """`proximity` in metres from the middle of the postcode."""

    postcode: Annotated[str | None, StringConstraints(max_length=10)] = None
    proximity: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
