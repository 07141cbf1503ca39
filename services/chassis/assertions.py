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
_SHORTEST = 32  # characters; the settings ask for 32 bytes in hexadecimal
_LEEWAY = timedelta(seconds=30)  # between the clocks of two machines


class Assertions:
    """JSON Web Tokens (RFC 7519) under the token that the services share.

    Their life is real time, also where a demonstration moves the clock of the house.
    """

    def __init__(self, service_token: str, clock: Clock | None = None) -> None:
        """Raises ValueError for a token that somebody could guess and then sign with."""
        if len(service_token) < _SHORTEST:
            raise ValueError("the token that the services share is too short to sign with")
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
        if token.count(".") != 2:  # a key of an agency: asked of every request
            return None
        try:
            claims = jwt.decode(token, self._key, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
        if claims.get("iss") != _ISSUER:
            return None
        match claims:
            case {"sub": str(person), "org": str(agency), "roles": list(roles), "exp": int(exp)}:
                known = all(isinstance(role, str) for role in roles)
            case _:
                return None
        if not known or self._clock.now().timestamp() >= exp + _LEEWAY.total_seconds():
            return None
        return Principal(agency=agency, roles=frozenset(roles), key_id="session", person=person)
