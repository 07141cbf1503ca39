"""Who can read what is personal in the log? Whoever holds the person's key, until it is destroyed.

A value is encrypted under the key of one subject, that key under the service key (ADR 0009). The
table of keys is asked at every read, so a key destroyed by another process is gone here as well;
only the costly cipher objects are cached, never the answer.
"""

import base64
import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal JSON value of one person; None once that person's key is destroyed, and where it
    was read without being opened."""

    subject: str
    value: Any | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One key as it is stored. `wrapped` is None for ever after it was destroyed."""

    subject: str
    generation: int
    wrapped: bytes | None = field(repr=False)


class BrokenSeal(Exception):
    """A sealed value or its key was altered, or this is not the service key of that log."""


class Keyring:
    """Wraps and unwraps the keys of persons under the service key."""

    def __init__(self, service_key: bytes) -> None:
        if len(service_key) < 32:
            raise ValueError("the service key needs at least 32 bytes")
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"daybreak key wrapping")
        self._wrapping = AESGCM(derived.derive(service_key))
        self._ciphers: OrderedDict[bytes, AESGCM] = OrderedDict()

    def create(self, subject: str, generation: int) -> KeyRow:
        key = AESGCM.generate_key(256)
        wrapped = _encrypt(self._wrapping, key, _bound(subject, generation))
        self._keep(wrapped, key)
        return KeyRow(subject=subject, generation=generation, wrapped=wrapped)

    def cipher(self, row: KeyRow) -> AESGCM | None:
        if row.wrapped is None:
            return None
        known = self._ciphers.get(row.wrapped)
        if known is None:
            bound = _bound(row.subject, row.generation)
            known = self._keep(row.wrapped, _decrypt(self._wrapping, row.wrapped, bound))
        return known

    def _keep(self, wrapped: bytes, key: bytes) -> AESGCM:
        cipher = self._ciphers[wrapped] = AESGCM(key)
        if len(self._ciphers) > _CACHED:
            self._ciphers.popitem(last=False)
        return cipher

    def forget(self) -> None:
        """Drop every unwrapped key from memory; those still stored are unwrapped when needed."""
        self._ciphers.clear()


class Seals:
    """The keys of the subjects in one group of appends or one page of reads."""

    def __init__(self, keyring: Keyring, rows: Iterable[KeyRow] = ()) -> None:
        self._keyring = keyring
        self._rows = {(row.subject, row.generation): row for row in rows}
        self._newest: dict[str, int] = {}
        for subject, generation in self._rows:
            self._newest[subject] = max(generation, self._newest.get(subject, 0))
        self.created: list[KeyRow] = []

    def seal(self, subject: str, plain: bytes) -> tuple[int, str]:
        """The generation of the key that was used, and the ciphertext in base64."""
        row = self._current(subject)
        cipher = self._keyring.cipher(row)
        assert cipher is not None  # _current answers with a living key
        sealed = _encrypt(cipher, plain, _bound(subject, row.generation))
        return row.generation, base64.b64encode(sealed).decode()

    def unseal(self, subject: str, generation: int, sealed: str) -> Any | None:
        row = self._rows.get((subject, generation))
        if row is None:
            raise BrokenSeal("a key is missing without having been destroyed")
        cipher = self._keyring.cipher(row)
        if cipher is None:
            return None
        plain = _decrypt(cipher, base64.b64decode(sealed), _bound(subject, generation))
        return orjson.loads(plain)

    def _current(self, subject: str) -> KeyRow:
        """The living key. After a destruction a new one: the old values stay unreadable."""
        newest = self._newest.get(subject, 0)
        row = self._rows.get((subject, newest))
        if row is None or row.wrapped is None:
            row = self._keyring.create(subject, newest + 1)
            self._rows[subject, row.generation] = row
            self._newest[subject] = row.generation
            self.created.append(row)
        return row


def _bound(subject: str, generation: int) -> bytes:
    return orjson.dumps((subject, generation))


def _encrypt(cipher: AESGCM, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, bound)


def _decrypt(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except InvalidTag:
        raise BrokenSeal("a sealed value does not open with its key") from None
