"""Which pupils does a JSON list name? The same facts; other members are dropped.

Whether a UPN or NHS number checks is judged where people export files, not here: events do not
judge it either, and the two must be able to meet.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from services.chassis.problems import Problem, validation_errors
from services.directory.domain.enrolling import Status
from services.directory.domain.nhs import MalformedNhsNumber, read_nhs_number
from services.directory.domain.upn import MalformedUpn, read_upn
from services.directory.pupils.given import Given


def _upn(text: str | None) -> str | None:
    try:
        return read_upn(text or "", check=False)
    except MalformedUpn as bad:
        raise ValueError(str(bad)) from None


def _nhs_number(text: str | None) -> str | None:
    try:
        return read_nhs_number(text or "", check=False)
    except MalformedNhsNumber as bad:
        raise ValueError(str(bad)) from None


class PupilForm(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    postcode: str | None = None
    upn: Annotated[
        str | None, AfterValidator(_upn), WithJsonSchema({"type": ["string", "null"]})
    ] = None
    nhs_number: Annotated[
        str | None, AfterValidator(_nhs_number), WithJsonSchema({"type": ["string", "null"]})
    ] = None
    preferred_given_name: str = ""
    preferred_family_name: str = ""
    former_given_name: str = ""
    former_family_name: str = ""
    status: Status | None = None
    starts: date | None = Field(default=None, alias="from")
    until: date | None = None


_LIST = TypeAdapter(list[PupilForm])


def read_list(data: bytes) -> Sequence[Given]:
    """Raises Problem with a pointer to each bad member; `line` is the place in the list, from 0."""
    try:
        forms = _LIST.validate_json(data)
    except ValidationError as bad:
        errors = bad.errors(include_url=False, include_context=False, include_input=False)
        malformed = any(error["type"] == "json_invalid" for error in errors)
        title = "The list of pupils cannot be taken as it is"
        raise Problem(400 if malformed else 422, title, validation_errors(errors)) from None
    return [
        Given(line=place, **{**form.model_dump(), "postcode": form.postcode or ""})
        for place, form in enumerate(forms)
    ]
