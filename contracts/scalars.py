"""What does a single value of an event look like on the wire, and what is refused at the door?

Strict about meaning (an instant needs its offset, a count is a number, a flag is true or false),
liberal about people: no name is ever refused for its letters.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

# NUL and the other control characters travel badly through databases and terminals.
_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Shape(BaseModel):
    """One object on the wire: frozen, and an unknown field is an error (ADR 0007)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        return value
    raise PydanticCustomError(
        "instant", "Expected a time as in RFC 3339 with its offset, such as 2026-02-13T22:40:00Z"
    )


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return value
    raise PydanticCustomError("day", "Expected a date as in ISO 8601, such as 2018-05-01")


# A local time without an offset happens twice on one night of the year: it is never guessed at.
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0, le=100_000)]

Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_CONTROLS)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=_NO_CONTROLS)]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NO_CONTROLS)]
Reference = Word
OrganisationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Urn = Annotated[str, StringConstraints(pattern=r"^[0-9]{5,8}$")]
GssCode = Annotated[str, StringConstraints(pattern=r"^[EW][0-9]{8}$")]
Uprn = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
Postcode = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=_NO_CONTROLS)]
# Well formed is enough: a wrong check letter is a typing error at the school, not a reason to let
# an incident wait; it simply will not match the register.
Upn = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$")]
NhsNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{3} ?[0-9]{3} ?[0-9]{4}$")]

Audience = Literal[
    "education",
    "home-education-officer",
    "children-missing-education",
    "childrens-social-care",
    "health-visiting",
    "school-nursing",
    "midwifery",
    "general-practice",
    "marac",
    "idva",
    "treatment",
    "housing",
    "probation",
    "adult-social-care",
    "police",
    "referrer",
]
Intent = Literal["inform", "refer"]
