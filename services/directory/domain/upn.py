"""Is this a unique pupil number? Its form and its check letter, nothing about whose it is."""

import re

_FORM = re.compile(r"([A-HJ-NP-RT-Z])(\d{11})(\d|[A-HJ-NP-RT-Z])", re.ASCII)
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O or S: twenty-three letters, the check is modulo 23
_UNKNOWN = re.compile(r"UN[1-5]", re.ASCII)


class MalformedUpn(Exception):
    """Not a UPN. Says what is wrong with its form, never the number itself."""


def read_upn(text: str, *, check: bool = True) -> str | None:
    """The number in its plain form; None for nothing and for "no UPN known" (UN1 to UN5)."""
    upn = re.sub(r"\s+", "", text).upper()
    if not upn or _UNKNOWN.fullmatch(upn):
        return None
    form = _FORM.fullmatch(upn)
    if form is None:
        raise MalformedUpn("not in the form of a unique pupil number")
    if check and form[1] != check_letter(upn[1:]):
        raise MalformedUpn("the check letter does not fit the number")
    return upn


def check_letter(rest: str) -> str:
    """Positions 2 to 13, each times its place; a temporary number's letter counts as its index."""
    total = sum(place * _value(sign) for place, sign in enumerate(rest, start=2))
    return _LETTERS[total % len(_LETTERS)]


def _value(sign: str) -> int:
    return int(sign) if sign.isdigit() else _LETTERS.index(sign)
