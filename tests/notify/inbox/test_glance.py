"""What a list shows before anybody has opened: initials and year group, and how often."""

from datetime import date

import pytest

from services.notify.inbox.glance import glance, initials, year_group

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("born", "today", "group"),
    [
        (date(2021, 9, 1), MONDAY, "Reception"),
        (date(2021, 8, 31), MONDAY, "Year 1"),
        (date(2022, 8, 31), MONDAY, "Reception"),
        (date(2022, 9, 1), MONDAY, "Nursery"),
        (date(2018, 5, 1), date(2026, 8, 31), "Year 3"),
        (date(2018, 5, 1), date(2026, 9, 1), "Year 4"),
        (date(2016, 2, 29), date(2026, 2, 28), "Year 5"),
        (date(2008, 9, 1), MONDAY, "Year 13"),
        (date(2008, 8, 31), MONDAY, None),
    ],
)
def test_the_year_group_goes_by_the_first_of_september(
    born: date, today: date, group: str | None
) -> None:
    assert year_group(born, today) == group


@pytest.mark.parametrize(
    ("name", "short"),
    [("Cat Test", "C.T."), ("Cat Sam-Test", "C.S-T."), ("cat", "C."), ("Cat van Test", "C.V.T.")],
)
def test_a_name_is_shortened_to_its_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_nothing_else_of_the_content_is_in_the_glance() -> None:
    content = {
        "child.name": "Cat Test",
        "child.date_of_birth": "2018-05-01",
        "child.words": "I hid.",
        "incident.reference": "SYN-1",
        "history.count_12_months": 2,
    }
    assert glance(content, "education", MONDAY) == {
        "initials": "C.T.",
        "year_group": "Year 4",
        "earlier_in_12_months": 2,
    }


def test_only_a_school_sees_the_year_group() -> None:
    content = {"child.name": "Cat Test", "child.date_of_birth": "2018-05-01"}
    assert glance(content, "childrens-social-care", MONDAY)["year_group"] is None


def test_where_no_child_is_named_it_is_the_person_whom_it_is_about() -> None:
    assert glance({"harmed.name": "Hana Test"}, "marac", MONDAY)["initials"] == "H.T."
    assert glance({"client.name": "Cal Test"}, "treatment", MONDAY)["initials"] == "C.T."
    assert glance({}, "police", MONDAY) == {"initials": None, "year_group": None}
