"""Who sent this, and is it fresh? Signatures of the Standard Webhooks specification, v1 and v1a.

A secret says what it is: `whsec_` (or no prefix) a shared key for v1, `whsk_` the 32-byte seed of
an ed25519 key for v1a, `whpk_` its public half. Several at once make a rotation.
"""

import base64
import binascii
import hmac
import secrets as randomness
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOLERANCE = timedelta(minutes=5)

_SHARED, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"


class SignatureRefused(Exception):
    """Missing, malformed, stale, from the future or not made with any of the keys."""


def new_secret() -> str:
    return _SHARED + _text(randomness.token_bytes(32))


def new_key_pair() -> tuple[str, str]:
    """The secret half for us, the public half for who receives."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _PRIVATE + _text(key.private_bytes_raw()), _PUBLIC + _text(public)


def sign(delivery_id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers, with one signature for each secret."""
    if "." in delivery_id:
        raise ValueError("a delivery id with a dot could be read in two ways")
    timestamp = str(int(at.timestamp()))
    content = _content(delivery_id, timestamp, body)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: Iterable[str],
    *,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> None:
    """Over the bytes as they came. Raises SignatureRefused."""
    given = {name.lower(): value for name, value in headers.items()}
    try:
        delivery_id, timestamp = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split(" ")
        age = now.timestamp() - int(timestamp)
    except (KeyError, ValueError):
        raise SignatureRefused("malformed") from None
    if abs(age) > tolerance.total_seconds():
        raise SignatureRefused("stale")
    content = _content(delivery_id, timestamp, body)
    keys = tuple(secrets)
    if not any(_fits(key, each, content) for each in signatures for key in keys):
        raise SignatureRefused("signature")


def _content(delivery_id: str, timestamp: str, body: bytes) -> bytes:
    return f"{delivery_id}.{timestamp}.".encode() + body


def _signature(secret: str, content: bytes) -> str:
    if secret.startswith(_PRIVATE):
        key = Ed25519PrivateKey.from_private_bytes(_key(secret, _PRIVATE))
        return "v1a," + _text(key.sign(content))
    if secret.startswith(_PUBLIC):
        raise ValueError("a public key signs nothing")
    return "v1," + _text(hmac.digest(_key(secret, _SHARED), content, "sha256"))


def _fits(secret: str, signature: str, content: bytes) -> bool:
    version, _, value = signature.partition(",")
    if version == "v1" and not secret.startswith((_PUBLIC, _PRIVATE)):
        return hmac.compare_digest(_signature(secret, content).encode(), signature.encode())
    if version == "v1a" and secret.startswith(_PUBLIC):
        try:
            key = Ed25519PublicKey.from_public_bytes(_key(secret, _PUBLIC))
            key.verify(base64.b64decode(value, validate=True), content)
            return True
        except (InvalidSignature, binascii.Error, ValueError):
            return False
    return False


def _key(secret: str, prefix: str) -> bytes:
    text = secret.removeprefix(prefix)
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
