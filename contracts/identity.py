"""Are these two people the same? Keyed hashes that services compare without holding the names.

The rule is the contract's: the same by an identifier, or by name, date of birth and postcode;
never by a `ref`, and never by anything less. `pepper` is the secret that every service of one
deployment shares; without it a hash cannot be tried against a list of names.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

# One sign that keyboards and word processors write in several ways. A sign is never left out and
# never becomes a space: "O'Neil" is not "ONeil", "Ash-Test" is not "Ash Test" (ADR 0011).
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u02bb\u0060\u00b4"), "'")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_SIGNS = {**_APOSTROPHES, **_HYPHENS}
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def folded(text: str) -> str:
    """Letters as typed but for case, width, spaces and the way a sign is written; not fuzzy."""
    # Before NFKC, which takes the acute accent that stands for an apostrophe apart.
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold().translate(_SIGNS)
    seen = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")  # no width at all
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def plain(text: str) -> str:
    """The letters and figures alone: no accents of Latin letters, apostrophes, hyphens, spaces.

    The second way to compare a name, asked only where `folded` finds nobody (ADR 0040).
    """
    apart = unicodedata.normalize("NFKD", folded(text).translate(_PLAIN))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if _stays(sign)))


def _stays(sign: str) -> bool:
    """Marks of other scripts stay: there they are vowels, and another vowel is another name."""
    mark = unicodedata.category(sign).startswith("M") and not "\u0300" <= sign <= "\u036f"
    return sign.isalnum() or mark


def postcode(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def _keyed(pepper: bytes, *parts: str) -> str:
    return hmac.digest(pepper, "\x1f".join(parts).encode(), "sha256").hex()[:40]


def upn_key(pepper: bytes, upn: str) -> str:
    return _keyed(pepper, "upn", re.sub(r"\s+", "", upn).upper())


def nhs_key(pepper: bytes, nhs_number: str) -> str:
    return _keyed(pepper, "nhs", re.sub(r"\D", "", nhs_number))


def numbered_key(pepper: bytes, nhs_number: str, born: date) -> str:
    """An NHS number and the day of birth together: a slip in either finds nobody."""
    return _keyed(pepper, "nhs-born", re.sub(r"\D", "", nhs_number), born.isoformat())


def local_key(pepper: bytes, source: str, local: str) -> str:
    """An identifier of one agency's own system: it means nothing outside that agency."""
    return _keyed(pepper, "local", source, local.strip())


def person_key(
    pepper: bytes, given_name: str, family_name: str, born: date, home_postcode: str
) -> str:
    return _keyed(
        pepper,
        "person",
        folded(given_name),
        folded(family_name),
        born.isoformat(),
        postcode(home_postcode),
    )


def plain_person_keys(
    pepper: bytes, names: Iterable[tuple[str, str]], born: date, home_postcode: str
) -> list[str]:
    """The person by each of the names, given and family, as `plain` has them.

    Who has one name only is found in whichever of the two places it was written.
    """
    day, code = born.isoformat(), postcode(home_postcode)
    written = {(plain(given), plain(family)) for given, family in names}
    said = {pair if all(pair) else ("", "".join(pair)) for pair in written if any(pair)}
    return [_keyed(pepper, "person-plain", *pair, day, code) for pair in sorted(said)]


def email_key(pepper: bytes, email: str) -> str:
    """Case is not told apart: no mail server that people use does."""
    return _keyed(pepper, "email", email.strip().casefold())


def reader_key(pepper: bytes, given_name: str, family_name: str) -> str:
    """Names alone: enough to keep a reader out, never enough to send to one."""
    return _keyed(pepper, "reader", folded(given_name), folded(family_name))


def birth_keys(pepper: bytes, given_name: str, family_name: str, born: date) -> list[str]:
    """One name and the day of birth, for each of the names: people change one of them.

    Like `reader_key`, enough to keep a reader out, never enough to send to one.
    """
    day = born.isoformat()
    return [
        _keyed(pepper, "born-given", folded(given_name), day),
        _keyed(pepper, "born-family", folded(family_name), day),
    ]


def household_key(pepper: bytes, code: str, line: str | None = None) -> str:
    """A home by postcode and the letters and figures of its first line; else by postcode alone."""
    door = "".join(sign for sign in folded(line or "") if sign.isalnum())
    return _keyed(pepper, "household", postcode(code), door)


def pair_key(pepper: bytes, harmed: Iterable[str], other: Iterable[str]) -> list[str]:
    """Every way in which one person harmed and one other adult can be recognised as that pair."""
    return [_keyed(pepper, "pair", one, two) for one in harmed for two in other]
