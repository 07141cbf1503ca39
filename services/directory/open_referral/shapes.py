"""Which fields leave the house? These and no others: Open Referral UK (HSDS-UK 3.0), as we fill it.

The allow-list of ADR 0042. There is no field for the name of a person or for a telephone number;
a field that is added here is a decision about the outside. What is empty is not said.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

T = TypeVar("T")


def _said(value: Any) -> Any:
    return value or None


class Open(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# The schema of the document that is published has no null: what is empty is left out.
Words = Annotated[str | SkipJsonSchema[None], BeforeValidator(_said), Field(default=None)]
Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Number = Annotated[int | SkipJsonSchema[None], Field(default=None)]
Degrees = Annotated[float | SkipJsonSchema[None], Field(default=None)]


class About(Open):
    """What this is, read first by whoever discovers the feed."""

    version: str
    profile: str
    openapi_url: str


class OrganizationPart(Open):
    id: Uuid
    name: str
    description: str


class TaxonomyTerm(Open):
    id: Uuid
    name: str
    description: str
    parent_id: Words
    taxonomy: str
    taxonomy_id: Uuid
    term: str


class TaxonomySummary(Open):
    id: Uuid
    name: str
    description: str
    version: str


class Taxonomy(TaxonomySummary):
    taxonomy_terms: tuple[TaxonomyTerm, ...]


class Attribute(Open):
    id: Uuid
    link_id: Uuid
    taxonomy_term_id: Uuid
    link_type: str
    taxonomy_term: TaxonomyTerm


class Schedule(Open):
    """Parts of an RFC 5545 rule; times of day are local (Europe/London)."""

    id: Uuid
    freq: str
    interval: Number
    byday: Words
    bymonthday: Words
    dtstart: Words
    valid_from: Words
    valid_to: Words
    opens_at: Words
    closes_at: Words
    notes: Words


class ServiceArea(Open):
    id: Uuid
    name: str
    uri: Words


class Address(Open):
    id: Uuid
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: str


class Accessibility(Open):
    id: Uuid
    description: str


class LocationSummary(Open):
    id: Uuid
    location_type: str
    name: Words
    latitude: Degrees
    longitude: Degrees


class Location(LocationSummary):
    addresses: tuple[Address, ...] | SkipJsonSchema[None] = None
    accessibility: tuple[Accessibility, ...] | SkipJsonSchema[None] = None


class CostOption(Open):
    id: Uuid
    option: str


class RoleTitle(Open):
    """A contact by role alone."""

    id: Uuid
    title: str


class ServiceSummary(Open):
    id: Uuid
    organization_id: Uuid
    name: str
    description: Words
    url: Words
    email: Words
    status: str
    minimum_age: Number
    maximum_age: Number
    assured_date: Words
    last_modified: str
    organization: OrganizationPart


class ServiceAtLocationInService(Open):
    id: Uuid
    location: Location


class ServiceWithout(ServiceSummary):
    """A service as it stands within one of its locations."""

    schedules: tuple[Schedule, ...] | SkipJsonSchema[None] = None
    service_areas: tuple[ServiceArea, ...] | SkipJsonSchema[None] = None
    cost_options: tuple[CostOption, ...] | SkipJsonSchema[None] = None
    contacts: tuple[RoleTitle, ...] | SkipJsonSchema[None] = None
    attributes: tuple[Attribute, ...] | SkipJsonSchema[None] = None


class Service(ServiceWithout):
    service_at_locations: tuple[ServiceAtLocationInService, ...] | SkipJsonSchema[None] = None


class ServiceAtLocationSummary(Open):
    id: Uuid
    service_id: Uuid
    location_id: Uuid
    location: LocationSummary
    service: ServiceSummary


class ServiceAtLocation(Open):
    id: Uuid
    service_id: Uuid
    location_id: Uuid
    location: Location
    service: ServiceWithout


class Page(Open, Generic[T]):
    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: tuple[T, ...]
