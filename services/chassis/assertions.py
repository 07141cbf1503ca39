"""For whom does one of our own services speak? A signed word that lives for a minute."""

from datetime import timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.chassis.clock import Clock, SystemClock
from services.chassis.principals import Principal

_ALGORITHM = "HS256"
_ISSUER = "daybreak"
_LIFE = timedelta(seconds=60)
_LEEWAY = timedelta(seconds=30)  # between the clocks of two machines


class Assertions:
    """JSON Web Tokens (RFC 7519) under the token that the services share.

    Their life is real time, also where a demonstration moves the clock of the house.
    """

    def __init__(self, service_token: str, clock: Clock | None = None) -> None:
        """Raises ValueError without a token: anybody could sign."""
        if not service_token:
            raise ValueError("assertions need the token that the services share")
        self._key = OctKey.import_key(service_token)
        self._clock = clock or SystemClock()

    def of(self, principal: Principal) -> str:
        now = self._clock.now()
        claims = {
            "iss": _ISSUER,
            "sub": principal.person,
            "org": principal.agency,
            "roles": sorted(principal.roles),
            "exp": int((now + _LIFE).timestamp()),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._key)

    def principal(self, token: str) -> Principal | None:
        """None for what nobody of ours signed, or too long ago."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
            known = claims["iss"] == _ISSUER
            alive = self._clock.now().timestamp() < claims["exp"] + _LEEWAY.total_seconds()
            principal = Principal(
                agency=claims["org"],
                roles=frozenset(claims["roles"]),
                key_id="session",
                person=claims["sub"],
            )
        except (JoseError, KeyError, TypeError, ValueError):
            return None
        return principal if known and alive else None
