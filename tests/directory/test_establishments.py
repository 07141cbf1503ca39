"""Which establishments may be told of a child? Type, group and ages; never the phase."""

import pytest

from services.directory.domain.establishments import kind_of


@pytest.mark.parametrize(
    ("name", "type_", "group", "low", "high", "kind"),
    [
        ("community school", 1, 4, 4, 11, "school"),
        ("independent school", 11, 3, 7, 18, "school"),
        ("pupil referral unit", 14, 4, 5, 16, "school"),
        ("special school", 7, 5, 2, 19, "school"),
        ("academy", 34, 10, 11, 18, "school"),
        ("alternative provision", 42, 10, 5, 16, "school"),
        ("free school", 35, 11, 4, 11, "school"),
        ("Welsh establishment without ages", 30, 6, None, None, "school"),
        ("school with a nursery class", 1, 4, 3, 11, "school"),
        ("infants to five", 11, 3, 2, 5, "school"),
        ("maintained nursery school", 15, 4, 2, 5, "nursery"),
        ("independent nursery", 11, 3, 2, 4, "nursery"),
        ("further education", 18, 1, 16, 99, "college"),
        ("sixth form", 31, 1, 16, 19, "college"),
        ("16 to 19 free school", 39, 11, 16, 19, "college"),
        ("16 to 19 academy", 45, 10, 16, 19, "college"),
        ("secure 16 to 19", 57, 10, 16, 19, "college"),
        ("adult education", 18, 1, 19, 99, None),
        ("university", 29, 2, 18, 99, None),
        ("offshore school", 25, 9, 4, 18, None),
        ("British school overseas", 37, 9, 4, 18, None),
        ("special post-16 institution", 32, 9, 16, 25, None),
        ("miscellaneous", 27, 9, 4, 11, None),
        ("online provider", 49, 13, 11, 16, None),
    ],
)
def test_type_group_and_ages_decide(
    name: str, type_: int, group: int, low: int | None, high: int | None, kind: str | None
) -> None:
    assert kind_of(type_, group, low, high) == kind
