"""Who is called in an organisation, when, and how far is that known to be right?

Every field beside the first four says nothing unless somebody has said it: a contact of an older
message is somebody who is called at any time. Days are local days and both ends are inside.
"""

from datetime import date, datetime, time
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Confirmation(Part):
    """Whether somebody has said that this contact is right, or that it is still to be asked.

    `by`: an agency, with a stroke and the person of it where one had signed in. `why` it is to be
    confirmed: `carried-over` from a predecessor, or `stale`.
    """

    state: Literal["confirmed", "to-confirm"]
    at: datetime
    by: str = ""
    why: Literal["carried-over", "stale"] | None = None


class Away(Part):
    """On these days `cover`, another contact of the organisation, stands in; None: nobody named."""

    start: date
    end: date
    cover: str | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("ends before it starts")
        return self


class Hours(Part):
    """Local hours on some days of the week, 1 for Monday to 7 for Sunday. An end that is not after
    the start is on the next day: 17:00 to 09:00 is a night."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    start: time
    end: time


class Contact(Part):
    id: str
    role: str
    given_name: str
    family_name: str
    email: str | None = None
    phone: str | None = None
    since: date | None = None  # the first day; None: as soon as it is said
    until: date | None = None  # the last day
    known_by: tuple[str, ...] = ()  # keyed hashes of birth and home, where they were given
    away: tuple[Away, ...] = ()
    hours: tuple[Hours, ...] = ()  # none: at any time
    trained_until: date | None = None  # the last day on which the training counts; None: not said
    confirmation: Confirmation | None = None
