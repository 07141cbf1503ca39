"""With which key is an endpoint's webhook signed, and who is shown it?"""

from datetime import datetime, timedelta
from typing import Any

from services.chassis.sealing import Sealed
from services.chassis.standard_webhooks import new_key_pair, new_secret
from services.notify.streams.endpoints import Key, KeyIssued, Signing, stream_of


def issued(
    organisation: str,
    endpoint: str,
    signing: Signing,
    now: datetime,
    grace: timedelta = timedelta(0),
) -> KeyIssued:
    """The keys before it verify for `grace` longer."""
    private, public = (new_secret(), None) if signing is Signing.V1 else new_key_pair()
    return KeyIssued(
        endpoint=endpoint,
        organisation=organisation,
        signing=signing,
        secret=Sealed(subject=stream_of(organisation, endpoint), value=private),
        public=public,
        grace_until=now + grace,
        issued_at=now,
    )


def shown(key: KeyIssued | Key, *, now_made: bool) -> dict[str, Any]:
    """A shared secret is shown once, when it is made; a public key whenever it is asked for."""
    if key.public is not None:
        return {"public_key": key.public}
    return {"secret": key.secret.value} if now_made else {}
