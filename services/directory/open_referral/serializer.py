"""How is a service told to everybody? From its public part alone, into shapes that list each field.

What reaches this module was published by its owner and held by nothing (ADR 0042). It reads neither
the private part of a service nor anything of a person.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.directory.domain.needs import AUDIENCE, KINDS, NEEDS
from services.directory.domain.offer import Hours, Location, Offer
from services.directory.open_referral import shapes, taxonomies
from services.directory.readmodels.offer_rows import DOCUMENT
from services.directory.readmodels.open_ids import OpenIds

_AREA = "http://statistics.data.gov.uk/id/statistical-geography/"
_ROUTES = {
    "self": "People can refer themselves",
    "professional": "A professional refers",
    "anyone": "Anyone can refer",
}
_KINDS = {
    "local-authority": "A local authority",
    "childrens-social-care": "Children's social care of a local authority",
    "adult-social-care": "Adult social care of a local authority",
    "idva": "An independent domestic violence advocacy service",
    "treatment": "A drug and alcohol treatment service",
    "health-visiting": "A health visiting service",
    "housing": "A housing service",
    "police": "A police force",
}


class Serializer:
    """`places`: names of local authorities, by GSS code."""

    def __init__(self, ids: OpenIds, places: Mapping[str, str]) -> None:
        self._ids = ids
        self._places = places

    def summary(self, row: Any) -> shapes.ServiceSummary:
        return shapes.ServiceSummary(**self._summary(row, DOCUMENT.validate_json(row.document)))

    def service(self, row: Any) -> shapes.Service:
        said = DOCUMENT.validate_json(row.document)
        at = self._location(row.id, said)
        there = (
            shapes.ServiceAtLocationInService(id=self._ids.service_at_location(row.id), location=at)
            if at
            else None
        )
        return shapes.Service(
            **self._summary(row, said),
            **self._parts(row.id, said),
            service_at_locations=(there,) if there else None,
        )

    def at_location(self, row: Any) -> shapes.ServiceAtLocation:
        said = DOCUMENT.validate_json(row.document)
        at = self._location(row.id, said)
        if at is None:
            raise ValueError("a service without a location is at none")
        return shapes.ServiceAtLocation(
            **self._place_of(row, at),
            location=at,
            service=shapes.ServiceWithout(**self._summary(row, said), **self._parts(row.id, said)),
        )

    def at_location_summary(self, row: Any) -> shapes.ServiceAtLocationSummary:
        full = self.at_location(row)
        fields = set(shapes.LocationSummary.model_fields)
        return shapes.ServiceAtLocationSummary(
            **self._place_of(row, full.location),
            location=shapes.LocationSummary(**full.location.model_dump(include=fields)),
            service=self.summary(row),
        )

    def _place_of(self, row: Any, at: shapes.Location) -> dict[str, Any]:
        return {
            "id": self._ids.service_at_location(row.id),
            "service_id": self._ids.service(row.id),
            "location_id": at.id,
        }

    def _summary(self, row: Any, said: Offer) -> dict[str, Any]:
        owner = self._ids.of("organization", row.organisation)
        return {
            "id": self._ids.service(row.id),
            "organization_id": owner,
            "name": said.name,
            "description": "\n\n".join(_paragraphs(said)),
            "url": said.contact.url,
            "email": said.contact.email,
            "status": said.status,
            "minimum_age": said.minimum_age,
            "maximum_age": said.maximum_age,
            "assured_date": _day(row.verified_on),
            "last_modified": _instant(row.changed_at),
            "organization": shapes.OrganizationPart(
                id=owner,
                name=row.owner_name,
                description=_KINDS.get(row.owner_kind, "An agency of the area"),
            ),
        }

    def _parts(self, name: str, said: Offer) -> dict[str, Any]:
        """A part that is empty is not said."""
        parts: dict[str, tuple[Any, ...]] = {
            "schedules": tuple(
                self._schedule(name, at, each) for at, each in enumerate(said.hours)
            ),
            "service_areas": tuple(self._areas(name, said)),
            "cost_options": (shapes.CostOption(id=self._ids.of("cost", name), option=said.cost),)
            if said.cost
            else (),
            "contacts": (
                shapes.RoleTitle(id=self._ids.of("contact", name), title=said.contact.title),
            )
            if said.contact.title
            else (),
            "attributes": tuple(self._attributes(name, said)),
        }
        return {part: value or None for part, value in parts.items()}

    def _schedule(self, name: str, at: int, hours: Hours) -> shapes.Schedule:
        first = hours.valid_from if hours.interval > 1 else None
        return shapes.Schedule(
            id=self._ids.of("schedule", name, at),
            freq=hours.freq.upper(),
            interval=hours.interval if hours.interval > 1 else None,
            byday=",".join(hours.days),
            bymonthday=",".join(map(str, hours.month_days)),
            dtstart=_day(first),
            valid_from=_day(hours.valid_from),
            valid_to=_day(hours.valid_to),
            opens_at=hours.opens,
            closes_at=hours.closes,
            notes=hours.notes,
        )

    def _areas(self, name: str, said: Offer) -> Iterator[shapes.ServiceArea]:
        if said.nationwide:
            at = self._ids.of("area", name, "")
            yield shapes.ServiceArea(id=at, name="England and Wales", uri=None)
        for code in dict.fromkeys(said.places):
            yield shapes.ServiceArea(
                id=self._ids.of("area", name, code),
                name=self._places.get(code, code),
                uri=f"{_AREA}{code}",
            )

    def _attributes(self, name: str, said: Offer) -> Iterator[shapes.Attribute]:
        for taxonomy, codes in ((NEEDS, said.needs), (AUDIENCE, said.who), (KINDS, (said.kind,))):
            for link, term in taxonomies.said_by(taxonomy, codes):
                yield shapes.Attribute(
                    id=self._ids.of("attribute", name, term.id),
                    link_id=self._ids.service(name),
                    taxonomy_term_id=term.id,
                    link_type=link,
                    taxonomy_term=term,
                )

    def _location(self, name: str, said: Offer) -> shapes.Location | None:
        """None where it is confidential, whatever else is said of it."""
        at = said.location
        if at is None or said.confidential_location:
            return None
        access = shapes.Accessibility(id=self._ids.of("access", name), description=at.access)
        return shapes.Location(
            id=self._ids.of("location", name),
            location_type="physical" if at.line else "virtual",
            name=at.name,
            latitude=at.latitude,
            longitude=at.longitude,
            addresses=(self._address(name, at),) if at.line else None,
            accessibility=(access,) if at.access else None,
        )

    def _address(self, name: str, at: Location) -> shapes.Address:
        return shapes.Address(
            id=self._ids.of("address", name),
            address_1=at.line,
            city=at.town,
            state_province=at.county or at.town,
            postal_code=at.postcode,
            country="GB",
            address_type="physical",
        )


def _paragraphs(said: Offer) -> Iterator[str]:
    """HSDS-UK has one text; the attributes of a mapped service are told in it, each by its name."""
    if said.details:
        yield said.details
    if said.criteria:
        yield f"Who it is for: {said.criteria}"
    for each in said.referral:
        yield f"{_ROUTES[each.by]}: {each.how}"
    if said.contra_indications:
        yield f"Not suitable: {said.contra_indications}"
    for form in said.forms:
        yield f"Form: {form.name} {form.url}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
