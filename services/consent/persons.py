"""Which person is meant? What somebody tells of them in a request, and the keyed hashes of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts import identity
from contracts.people import Identifiers
from contracts.scalars import Day, Postcode, Shape, Word
from services.chassis.problems import Problem

Json = dict[str, Any]


class Whom(Shape):
    """Identity facts, in a body and never in a URL. Former postcodes help, each is tried."""

    given_name: Word
    family_name: Word
    date_of_birth: Day | None = None
    postcodes: tuple[Postcode, ...] = ()
    identifiers: Identifiers = Identifiers()


def keys_of(whom: Whom, pepper: bytes) -> tuple[str, ...]:
    """Never by less than an identifier, or name, date of birth and postcode together (ADR 0017).

    An agency's own number is not asked for: it means nothing outside that agency. Raises a Problem
    where nobody could be recognised by what was told.
    """
    upn, nhs = whom.identifiers.upn, whom.identifiers.nhs_number
    born: date | None = whom.date_of_birth
    found = [
        *([identity.upn_key(pepper, upn)] if upn else []),
        *([identity.nhs_key(pepper, nhs)] if nhs else []),
    ]
    if born is not None:
        found += [
            identity.person_key(pepper, whom.given_name, whom.family_name, born, code)
            for code in whom.postcodes
        ]
    if not found:
        detail = "An identifier, or a date of birth and a postcode, is needed"
        raise Problem(422, "Nobody can be recognised by this", [_at("/person", detail)])
    return tuple(dict.fromkeys(found))


def _at(pointer: str, detail: str) -> Mapping[str, str]:
    return {"pointer": pointer, "detail": detail}
