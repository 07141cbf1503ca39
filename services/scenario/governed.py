"""How does a story say that information governance acts? The forms of those steps."""

from datetime import date

from pydantic import BaseModel, ConfigDict

_STRICT = ConfigDict(extra="forbid", frozen=True)


class LegalHold(BaseModel):
    """On every case in which the person appears; `id` names it within the story."""

    model_config = _STRICT

    id: str
    person: str | None = None
    review_on: date | None = None
    reason: str = "-"
    lift: bool = False


class Right(BaseModel):
    """A person, or somebody for them, uses a right; `event` is `<source>|<id>`."""

    model_config = _STRICT

    person: str
    event: str | None = None
    statement: str | None = None
