"""What may be sent of a service, and what is wrong with it? Each refusal points at its place."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from contracts.scalars import Day
from services.directory.domain import opening
from services.directory.domain.needs import CODES
from services.directory.domain.offer import (
    By,
    Hours,
    Kind,
    Location,
    Offer,
    Private,
    Referral,
    ReferralForm,
    RoleContact,
    Status,
)
from services.directory.forms import Area, Form, Id, Words, refusal

_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(max_length=4_000, pattern=_PLAIN)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PLAIN)]
Mail = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
Web = Annotated[
    str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?(/[\w./~%+-]*)?$", max_length=300)
]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Age = Annotated[int, Field(ge=0, le=120)]


class ReferralText(Form):
    by: By = "anyone"
    how: Named


class RoleContactForm(Form):
    title: Line = ""
    email: Mail | None = None
    phone: Words | None = None
    url: Web | None = None


class ReferralFormForm(Form):
    name: Named
    url: Web


class HoursForm(Form):
    days: tuple[str, ...] = ()
    opens: Clock | None = None
    closes: Clock | None = None
    freq: Literal["weekly", "monthly"] = "weekly"
    interval: Annotated[int, Field(ge=1, le=12)] = 1
    month_days: tuple[Annotated[int, Field(ge=-31, le=31)], ...] = ()
    valid_from: Day | None = None
    valid_to: Day | None = None
    notes: Line = ""


class LocationForm(Form):
    name: Line = ""
    line: Line = ""
    town: Line = ""
    county: Line = ""
    postcode: Annotated[str, Field(max_length=10, pattern=r"^([A-Za-z0-9]+ ?[A-Za-z0-9]+)?$")] = ""
    latitude: Annotated[float, Field(ge=49, le=61)] | None = None
    longitude: Annotated[float, Field(ge=-9, le=3)] | None = None
    access: Text = ""


class PrivateForm(Form):
    contact_name: Line = ""
    phone: Words = ""
    email: Words = ""
    notes: Text = ""
    address: LocationForm | None = None


class OfferForm(Form):
    """The whole of it: what is left out is not said."""

    id: Id | None = None
    organisation: Id
    name: Named
    kind: Kind = "service"
    status: Status = "active"
    details: Text = ""
    criteria: Text = ""
    referral: tuple[ReferralText, ...] = ()
    contra_indications: Text = ""
    contact: RoleContactForm = RoleContactForm()
    forms: tuple[ReferralFormForm, ...] = ()
    cost: Line = ""
    needs: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    places: tuple[Area, ...] = ()
    nationwide: bool = False
    hours: tuple[HoursForm, ...] = ()
    location: LocationForm | None = None
    confidential_location: bool = False
    publish: bool = False
    private: PrivateForm = PrivateForm()

    def parts(self) -> tuple[Offer, Private]:
        """Raises Problem with a pointer."""
        self._check_words("needs", self.needs)
        self._check_words("audience", self.who, at="who")
        self._check_ages()
        self._check_location()
        told = self.model_dump(exclude={"id", "private"})
        told["referral"] = tuple(Referral(**each) for each in told["referral"])
        told["contact"] = RoleContact(**told["contact"])
        told["forms"] = tuple(ReferralForm(**each) for each in told["forms"])
        told["hours"] = tuple(_hours(at, each) for at, each in enumerate(told["hours"]))
        told["location"] = Location(**told["location"]) if self.location else None
        private = self.private.model_dump()
        address = private.pop("address")
        return Offer(**told), Private(**private, address=Location(**address) if address else None)

    def _check_words(self, taxonomy: str, said: tuple[str, ...], at: str = "") -> None:
        for place, word in enumerate(said):
            if word not in CODES[taxonomy]:
                raise refusal(f"/{at or taxonomy}/{place}", "is no word of this list")

    def _check_ages(self) -> None:
        low, high = self.minimum_age, self.maximum_age
        if low is not None and high is not None and high < low:
            raise refusal("/maximum_age", "is below the lowest age")

    def _check_location(self) -> None:
        """What is confidential has a place of its own, so that no flag alone stands before it."""
        if self.confidential_location and self.location is not None:
            raise refusal("/location", "is confidential: give it as /private/address")
        if self.private.address is not None and not self.confidential_location:
            raise refusal("/private/address", "is for a location that is confidential")
        here = self.location
        if here is not None and here.line and not (here.town and here.postcode):
            raise refusal("/location", "an address needs a town and a postcode")
        if here is not None and (here.latitude is None) != (here.longitude is None):
            raise refusal("/location", "needs both latitude and longitude, or neither")


def _hours(at: int, told: dict[str, Any]) -> Hours:
    hours = Hours(**told)
    if wrong := opening.what_is_wrong(hours):
        name, says = wrong
        raise refusal(f"/hours/{at}/{name}", says)
    return hours


def shown(said: Offer) -> dict[str, Any]:
    """As it was given, so that it can be sent back."""
    return {name: _plain(value) for name, value in asdict(said).items()}


def shown_private(private: Private, *, own: bool) -> dict[str, Any]:
    """Where a confidential service is, its owner alone reads."""
    told = asdict(private)
    return told if own else {name: told[name] for name in told if name != "address"}


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value
