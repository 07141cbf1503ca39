"""Who is asked to a child protection conference, and when is it held?"""

from contracts.people import Person
from contracts.scalars import Instant, OrganisationId, Shape, Word


class ConferenceConvened(Shape):
    child: Person
    kind: Word
    held_at: Instant
    invited: tuple[OrganisationId, ...] = ()
