"""Which key does an agency knock with? Shown once when it is issued, kept only as a hash."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.chassis.apikeys import new_key
from services.directory.handles import Directory, acting
from services.directory.streams.agency_key import IssueKey, RevokeKey, stream_of


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    key_id: str
    key: str = field(repr=False)


async def issue(
    directory: Directory, *, agency: str, roles: Sequence[str], actor: str
) -> IssuedKey:
    key_id, key, secret_hash = new_key()
    await directory.keys.handle(
        stream_of(key_id),
        IssueKey(
            key_id=key_id,
            agency=agency,
            roles=tuple(sorted(set(roles))),
            secret_hash=secret_hash,
            at=directory.clock.now(),
        ),
        acting(actor),
    )
    await directory.book.catch_up()  # it opens this service's own doors from now on
    return IssuedKey(key_id=key_id, key=key)


async def revoke(directory: Directory, key_id: str, *, actor: str) -> None:
    """Raises KeyUnknown. To revoke twice is to revoke once."""
    command = RevokeKey(at=directory.clock.now())
    await directory.keys.handle(stream_of(key_id), command, acting(actor))
    await directory.book.catch_up()
