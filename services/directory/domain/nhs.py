"""Is this an NHS number? Ten digits of which the last checks the others, modulo eleven."""

import re

_FORM = re.compile(r"\d{10}", re.ASCII)


class MalformedNhsNumber(Exception):
    """Says what is wrong with its form, never the number itself."""


def read_nhs_number(text: str, *, check: bool = True) -> str | None:
    """Its ten digits; None for nothing."""
    digits = re.sub(r"[\s-]+", "", text)
    if not digits:
        return None
    if _FORM.fullmatch(digits) is None:
        raise MalformedNhsNumber("not in the form of an NHS number")
    if check and check_digit(digits[:9]) != int(digits[9]):
        raise MalformedNhsNumber("the check digit does not fit the number")
    return digits


def check_digit(nine: str) -> int:
    """Ten for nine digits that are never issued: no digit fits them."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True))
    return (11 - total % 11) % 11
