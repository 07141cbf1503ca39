"""How is an address kept until its mail has gone? Sealed, and known again by a keyed hash."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contracts.identity import email_key

_NONCE = 12


class Addresses:
    """Under keys of the pages' own, so that a copy of their database writes to nobody."""

    def __init__(self, service_token: str) -> None:
        self._hashing = _derived(service_token, "daybreak pages address hash")
        self._sealing = AESGCM(_derived(service_token, "daybreak pages address seal"))

    def key(self, email: str) -> str:
        return email_key(self._hashing, email)

    def seal(self, email: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._sealing.encrypt(nonce, email.encode(), None)

    def open(self, sealed: bytes) -> str:
        """Raises InvalidTag for what another token has sealed."""
        return self._sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()


def _derived(service_token: str, purpose: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return derivation.derive(service_token.encode())
