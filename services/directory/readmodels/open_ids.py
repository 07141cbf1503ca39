"""Under which ids does anything leave? UUIDs that stay the same and say nothing of what is inside.

They are made under the deployment's secret, so that a guess at one of our own ids, which may be
the name of a house, cannot be tried against them. Those of the taxonomies are the same everywhere.
"""

import hmac
from uuid import UUID, uuid5

from services.directory.domain.needs import Taxonomy, Term

_TAXONOMIES = UUID("6f0f0a52-30a6-5d7a-9a0c-6a2f3d0b7c11")


class OpenIds:
    def __init__(self, pepper: bytes) -> None:
        self._space = UUID(bytes=hmac.digest(pepper, b"open-referral", "sha256")[:16])

    def of(self, *parts: str | int) -> str:
        """`parts`: what it is, and what it belongs to."""
        return str(uuid5(self._space, "\x1f".join(map(str, parts))))

    def service(self, offer: str) -> str:
        return self.of("service", offer)

    def service_at_location(self, offer: str) -> str:
        return self.of("service-at-location", offer)


def of_taxonomy(taxonomy: Taxonomy) -> str:
    return str(uuid5(_TAXONOMIES, taxonomy.code))


def of_term(taxonomy: Taxonomy, term: Term) -> str:
    return str(uuid5(_TAXONOMIES, f"{taxonomy.code}/{term.code}"))
