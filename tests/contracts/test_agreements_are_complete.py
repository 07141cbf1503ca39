"""Does every agreement say all that a signatory must be able to read in it? (ADR 0028)"""

from typing import Any

import pytest
import yaml

from contracts.agreements import FOLDER, Agreement, AgreementRefused, load, read

ALL = load()
IDS = [agreement.id for agreement in ALL]
HOME = "information-governance@daybreak.example"


def raw(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("agreement", ALL, ids=IDS)
def test_every_legal_statement_has_a_source_with_its_status(agreement: Agreement) -> None:
    basis = agreement.basis
    said = {
        name
        for name in ("article_6", "article_9", "condition", "part_3", "gateway")
        if getattr(basis, name)
    }
    assert set(basis.sources) == said | {"consent"}
    assert all(basis.sources.values())
    assert agreement.tell_subject.cites
    assert agreement.retention.cites
    assert all(condition.cites for condition in agreement.conditions)
    assert all(parameter.cites for parameter in agreement.area.values())
    assert all(due.cites for one in agreement.audiences.values() for due in one.due)


@pytest.mark.parametrize("agreement", ALL, ids=IDS)
def test_every_clock_says_in_words_what_holidays_do_to_it(agreement: Agreement) -> None:
    assert all(due.holidays for one in agreement.audiences.values() for due in one.due)


@pytest.mark.parametrize("name", IDS)
def test_what_a_gateway_excludes_is_said_even_where_it_is_nothing(name: str) -> None:
    assert isinstance(raw(name)["basis"]["excluded_categories"], list)


@pytest.mark.parametrize("agreement", ALL, ids=IDS)
def test_it_says_how_it_is_reviewed_kept_and_whom_to_tell_of_a_breach(agreement: Agreement) -> None:
    assert agreement.review_on > agreement.in_force.since
    assert agreement.retention.months
    assert agreement.breaches_to == HOME
    assert agreement.records


# What the reference names no source for, or calls a reading or a design: never "verified".
UNCONFIRMED = (
    "article/6",
    "farrer.co.uk/news-and-insights/breaking-news-safeguarding-amendment",
    "law-enforcement-processing-and-the-meaning-of-authorised-by-law",
    "policypartnersproject.co.uk",
    "bank-holidays.json",
)


@pytest.mark.parametrize("agreement", ALL, ids=IDS)
def test_no_reading_and_no_design_is_called_verified(agreement: Agreement) -> None:
    for citation in agreement.citations.values():
        doubtful = citation.title.startswith(("Design", "Reading"))
        if doubtful or any(part in citation.url for part in UNCONFIRMED):
            assert citation.status == "to be confirmed by the area", citation.title


def changed(name: str, **change: Any) -> str:
    return yaml.safe_dump({**raw(name), **change})


def test_a_clock_whose_holidays_are_told_wrongly_refuses_to_load() -> None:
    audiences = raw("operation-encompass")["audiences"]
    audiences["education"]["due"][0]["holidays"] = "the clock runs on"
    with pytest.raises(AgreementRefused, match="not how such a clock counts"):
        read(changed("operation-encompass", audiences=audiences))


def test_a_profile_that_names_no_field_of_the_contract_refuses_to_load() -> None:
    for path in ("child.shoe_size", "weather.*"):
        with pytest.raises(AgreementRefused, match="No field of this contract"):
            read(changed("police-to-social-care", profiles={"social-care": [path]}))


@pytest.mark.parametrize("path", ["treatment.reason", "treatment.*", "client.name"])
def test_a_profile_with_what_the_gateway_excludes_refuses_to_load(path: str) -> None:
    basis = {
        **raw("police-to-social-care")["basis"],
        "excluded_categories": ["patient-information"],
    }
    with pytest.raises(AgreementRefused, match="The gateway excludes"):
        read(
            changed(
                "police-to-social-care",
                basis=basis,
                profiles={"social-care": ["child.name", path]},
            )
        )


@pytest.mark.parametrize("path", ["child.addresses", "dash.score", "people", "incident.*"])
def test_a_profile_that_the_matrix_keeps_from_a_school_refuses_to_load(path: str) -> None:
    with pytest.raises(AgreementRefused, match="never shown to education"):
        read(changed("operation-encompass", profiles={"full": ["child.name", path]}))


@pytest.mark.parametrize("parameter", ["shoe_size", "age_from"])
def test_what_opens_an_agreement_is_a_parameter_that_begins_closed(parameter: str) -> None:
    with pytest.raises(AgreementRefused, match="begins closed"):
        read(changed("operation-encompass", opened_by=parameter))


@pytest.mark.parametrize(
    "where", ["basis", "tell_subject", "retention"], ids=lambda where: f"in {where}"
)
def test_a_source_that_is_not_listed_refuses_to_load(where: str) -> None:
    told = raw("operation-encompass")[where]
    told = {**told, "sources": {"gateway": ["hearsay"]}} if where == "basis" else told
    told = told if where == "basis" else {**told, "cites": ["hearsay"]}
    with pytest.raises(AgreementRefused, match="hearsay is not listed"):
        read(changed("operation-encompass", **{where: told}))


def test_of_several_audiences_each_has_only_its_own_profiles_to_choose_from() -> None:
    agreements = {agreement.id: agreement for agreement in ALL}
    assert agreements["operation-encompass"].choosable("education") == ("full", "minimal")
    assert agreements["early-help-by-consent"].choosable("referrer") == ("attendance",)
