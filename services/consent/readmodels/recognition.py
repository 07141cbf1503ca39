"""Is this somebody whom we know? By any key that one of their records shares with another."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.readmodels.asking import in_parts
from services.consent.readmodels.tables import PEOPLE

# Records chain: this one by its NHS number, that one by name, birth and postcode (ADR 0017).
_ROUNDS = 4

_FOUND = PEOPLE.alias("found")
_RECORDS = select(PEOPLE.c.key, PEOPLE.c.subject).where(
    PEOPLE.c.subject.in_(
        select(_FOUND.c.subject).where(_FOUND.c.key.in_(bindparam("keys", expanding=True)))
    )
)


class Records:
    """Who is known by which keys, as far as it was asked for."""

    def __init__(self) -> None:
        self._subjects: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, set[str]] = defaultdict(set)

    def add(self, key: str, subject: str) -> None:
        self._subjects[key].add(subject)
        self._keys[subject].add(key)

    def known_as(self, keys: Iterable[str]) -> tuple[frozenset[str], UUID | None]:
        """Every key of the person, and the subject under which they were sealed first, if any."""
        known, subjects = set(keys), set[str]()
        for _ in range(_ROUNDS):
            found = {subject for key in known for subject in self._subjects.get(key, ())}
            if found == subjects:
                break
            subjects = found
            known |= {key for subject in subjects for key in self._keys[subject]}
        return frozenset(known), UUID(min(subjects)) if subjects else None


async def records(tx: AsyncConnection, keys: Iterable[str]) -> Records:
    """All that is needed to say of any person with some of these keys who they are."""
    found = Records()
    known = set(keys)
    new = known
    for _ in range(_ROUNDS):
        further = set()
        for part in in_parts(new):
            for key, subject in await tx.execute(_RECORDS, {"keys": part}):
                found.add(key, subject)
                further.add(key)
        new = further - known
        if not new:
            break
        known |= new
    return found


async def known_as(tx: AsyncConnection, keys: Iterable[str]) -> tuple[frozenset[str], UUID | None]:
    wanted = frozenset(keys)
    return (await records(tx, wanted)).known_as(wanted)
