"""Who is one pupil of an upload? The facts that finding a school needs, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from contracts.identity import numbered_key, person_key, plain_person_keys, upn_key
from services.directory.domain.enrolling import is_registered
from services.directory.domain.report import RowProblem
from services.directory.streams.register import Pupil

_OLDEST = 26  # years: the end of an education, health and care plan
_UNIDENTIFIED = "needs a UPN, or a name with date of birth and postcode"
# Sealed with the pupil where they were given; earlier uploads have none of them.
_FURTHER = (
    "nhs_number preferred_given_name preferred_family_name former_given_name former_family_name "
    "status"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One pupil as uploaded. `line` is the line of the file, or the place in the list."""

    line: int
    given_name: str = field(default="", repr=False)
    family_name: str = field(default="", repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    postcode: str = field(default="", repr=False)
    upn: str | None = field(default=None, repr=False)
    starts: date | None = None
    until: date | None = None
    nhs_number: str | None = field(default=None, repr=False)
    preferred_given_name: str = field(default="", repr=False)
    preferred_family_name: str = field(default="", repr=False)
    former_given_name: str = field(default="", repr=False)
    former_family_name: str = field(default="", repr=False)
    status: str | None = None  # domain.enrolling

    @property
    def on_roll(self) -> bool:
        return is_registered(self.status)

    def pupil(self, pepper: bytes) -> Pupil:
        """Hashes to be found by, and what was said, which will be sealed."""
        born = self.date_of_birth
        person, also = None, []
        if born is not None and self.postcode and (self.given_name or self.family_name):
            person = person_key(pepper, self.given_name, self.family_name, born, self.postcode)
            also = plain_person_keys(pepper, self._goes_by(), born, self.postcode)
        return Pupil(
            upn=upn_key(pepper, self.upn) if self.upn else None,
            person=person,
            starts=self.starts,
            until=self.until,
            nhs=numbered_key(pepper, self.nhs_number, born) if self.nhs_number and born else None,
            also=tuple(sorted(also)),
            details={
                "given_name": self.given_name,
                "family_name": self.family_name,
                "date_of_birth": born.isoformat() if born else None,
                "postcode": self.postcode,
                "upn": self.upn,
                **{name: said for name in _FURTHER if (said := getattr(self, name))},
            },
        )

    def _goes_by(self) -> set[tuple[str, str]]:
        """Legal and preferred, mixed as people mix them; former names are for a person to weigh."""
        given = {self.given_name, self.preferred_given_name or self.given_name}
        family = {self.family_name, self.preferred_family_name or self.family_name}
        return {(one, other) for one in given for other in family}


def problems_of(given: Given, today: date) -> Iterable[RowProblem]:
    """What is wrong with this pupil taken alone; the columns are named as in the contract."""
    named = bool(given.given_name or given.family_name)
    numbered = given.upn or (given.nhs_number and given.date_of_birth)
    if not numbered and not (named and given.date_of_birth and given.postcode):
        yield RowProblem(line=given.line, says=_UNIDENTIFIED)
    born = given.date_of_birth
    if born is not None and not (today.year - _OLDEST <= born.year and born <= today):
        yield RowProblem(line=given.line, column="date_of_birth", says="is not of a pupil's age")
    if given.starts and given.until and given.until < given.starts:
        yield RowProblem(line=given.line, column="until", says="is before the first day")
