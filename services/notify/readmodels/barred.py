"""Is this person one of those who must not even see that there is something?"""

from collections.abc import Sequence

from contracts.identity import reader_key
from contracts.messages import Contact


class Barred:
    """Compares keyed hashes of names: this service never holds the names of the parties."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def __call__(self, contact: Contact, barred: Sequence[str]) -> bool:
        if not barred:
            return False
        return reader_key(self._pepper, contact.given_name, contact.family_name) in barred
