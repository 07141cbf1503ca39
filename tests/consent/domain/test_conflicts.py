"""Who must not read, by which keyed hashes? Parties, who shares their facts, who was named."""

from datetime import date
from typing import Any

import pytest

from contracts.identity import birth_keys, household_key, reader_key
from services.consent.domain.conflicts import barred_readers, workplaces
from tests.consent.story import PEPPER, child, ended, harmed, incident, matter, other

ELM = {"kind": "home", "lines": ["9 Elm Row", "Testham"], "postcode": "zz99 3cz"}


def barred(**more: Any) -> set[str]:
    return set(barred_readers(matter(incident(**more)), PEPPER))


def test_a_party_is_known_by_name_by_birth_and_by_home() -> None:
    found = barred(other=other(known_as="Robbie", addresses=[ELM]))
    assert {
        reader_key(PEPPER, "Bob", "Test"),
        reader_key(PEPPER, "Robbie", "Test"),
        *birth_keys(PEPPER, "Bob", "Test", date(1988, 1, 1)),
        household_key(PEPPER, "ZZ99 3CZ", "9, Elm row"),
    } <= found


def test_a_changed_family_name_is_still_one_name_and_the_day_of_birth() -> None:
    maiden = birth_keys(PEPPER, "Ann", "Other", date(1990, 1, 1))
    namesake = birth_keys(PEPPER, "Ann", "Other", date(1991, 1, 1))
    assert set(maiden) & barred()
    assert not set(namesake) & barred()


def test_who_lives_with_the_child_is_of_the_family() -> None:
    own = household_key(PEPPER, "ZZ99 4AA", "1 Oak Way")
    oak = {"kind": "home", "lines": ["1 Oak Way"], "postcode": "ZZ99 4AA"}
    data = incident(child(addresses=[oak]))
    assert own in barred_readers(matter(data), PEPPER)
    # The child itself is nobody's reader.
    assert reader_key(PEPPER, "Cat", "Test") not in barred_readers(matter(data), PEPPER)


@pytest.mark.parametrize(
    "address",
    [
        {**ELM, "kind": "refuge"},
        {**ELM, "until": "2026-02-12"},
        {"kind": "home", "lines": ["9 Elm Row"], "local_authority": "E06000999"},
    ],
)
def test_a_refuge_and_a_home_that_was_left_say_nothing(address: dict[str, Any]) -> None:
    found = barred(other=other(addresses=[address]), harmed=harmed(addresses=[address]))
    assert household_key(PEPPER, "ZZ99 3CZ", "9 Elm Row") not in found


def test_the_last_day_at_an_address_is_inside() -> None:
    found = barred(other=other(addresses=[{**ELM, "until": "2026-02-13"}]))
    assert household_key(PEPPER, "ZZ99 3CZ", "9 Elm Row") in found


def test_a_postcode_alone_keeps_out_the_whole_postcode() -> None:
    assert household_key(PEPPER, "ZZ99 3CZ") in barred()


def test_of_a_treatment_event_the_client_is_the_party() -> None:
    told = matter(ended(child()), "treatment.episode.ended.v1")
    found = barred_readers(told, PEPPER)
    assert reader_key(PEPPER, "Pat", "Test") in found
    assert reader_key(PEPPER, "Cat", "Test") not in found


def test_where_parties_work_is_known_as_the_event_names_it() -> None:
    works = [{"urn": "900001", "name": "Alder"}, {"organisation": "north-csc"}, {"name": "Shop"}]
    told = incident(other=other(works_or_volunteers_at=works), harmed=harmed())
    assert workplaces(matter(told)) == ("900001", "north-csc")
    assert workplaces(matter(incident())) == ()
