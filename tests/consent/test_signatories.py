"""Who has signed which agreement, from when until when? What does a lapsed review do? ADR 0029."""

from datetime import UTC, datetime

from structlog.testing import capture_logs

from contracts.messages import AGREEMENT_SIGNED, Outcome
from services.consent.service import build
from tests.consent.house import House
from tests.consent.story import AGREEMENTS, incident
from tests.consent.story import event as _event

PATH = "/agreements/operation-encompass/signatories"


async def test_a_signature_counts_from_its_first_day_to_its_last(house: House) -> None:
    """The house's day is Friday 13 February 2026."""
    signed = {"organisation": "alder", "from": "2026-02-13", "until": "2026-02-13"}
    gone = {"organisation": "birch", "until": "2026-02-12"}
    coming = {"organisation": "north-police", "from": "2026-02-14"}
    await house.good("PUT", PATH, json={"signatories": [signed, gone, coming]})
    await house.accept(incident())
    assert house.made("education")[0].outcome is Outcome.WITHHELD  # the force signs tomorrow

    await house.good("PUT", PATH, json={"signatories": [signed, gone, "north-police"]})
    await house.accept(incident(reference="N/2"), id_="2")
    told = house.made("education")[1].disclosure
    assert told is not None
    assert told.routing.signatories == ("alder", "north-police")


async def test_every_word_on_who_has_signed_is_kept_with_who_set_it(embedded: House) -> None:
    governor = await embedded.key("north-la", "information-governance")
    shown = await embedded.good("GET", PATH, token=governor)
    assert (shown["signatories"], shown["history"]) == ("all", [])

    body = {"signatories": ["alder"], "by": "ig-lead"}
    for _ in range(2):  # the same again is no new word
        await embedded.good("PUT", PATH, json=body, token=governor)
    await embedded.good("PUT", PATH, json={"signatories": "all"}, token=governor)

    shown = await embedded.good("GET", PATH, token=governor)
    assert [(one["agency"], one["by"]) for one in shown["history"]] == [
        ("north-la", "ig-lead"),
        ("north-la", ""),
    ]
    assert shown["history"][0]["signatories"] == [
        {"organisation": "alder", "from": None, "until": None, "in_force": True}
    ]
    assert shown["signatories"] == "all"
    missing = await embedded.call("GET", "/agreements/no-such/signatories", token=governor)
    assert missing.status_code == 404


async def test_others_are_told_who_has_signed_and_the_last_word_counts(house: House) -> None:
    signed = {"organisation": "alder", "until": "2026-03-01"}
    await house.good("PUT", PATH, json={"signatories": [signed]})
    await house.good("PUT", PATH, json={"signatories": "all"})
    await house.work()

    first, last = house.said(AGREEMENT_SIGNED)
    assert first["signatures"] == [{"organisation": "alder", "since": None, "until": "2026-03-01"}]
    assert last["signatures"] is None
    assert first["version"] < last["version"]


async def test_a_signature_that_ends_before_it_begins_is_refused(embedded: House) -> None:
    wrong = {"organisation": "alder", "from": "2026-03-02", "until": "2026-03-01"}
    answer = await embedded.call("PUT", PATH, json={"signatories": ["birch", wrong]})

    assert answer.status_code == 422
    assert any("/signatories/1" in error["pointer"] for error in answer.json()["errors"])


async def test_who_may_not_set_signatories_is_refused(embedded: House) -> None:
    publisher = await embedded.key("north-police", "publisher")
    for method, body in (("PUT", {"signatories": "all"}), ("GET", None)):
        answer = await embedded.call(method, PATH, json=body, token=publisher)
        assert answer.status_code == 403


async def test_a_lapsed_review_warns_and_stops_nothing(embedded: House) -> None:
    embedded.clock.set(datetime(2027, 5, 8, 9, tzinfo=UTC))  # all are reviewed on 7 May 2027
    listed = await embedded.good("GET", "/agreements")
    assert all(one["review_lapsed"] for one in listed["agreements"])

    asked = incident()
    explained = await embedded.good("POST", "/explain", json=_event(asked))
    assert {"agreement": "operation-encompass", "says": "Its review was due on 2027-05-07."} in (
        explained["warnings"]
    )
    await embedded.accept(asked)
    assert embedded.made("education")[0].outcome is Outcome.DISCLOSED


async def test_on_the_day_of_its_review_nobody_is_warned(embedded: House) -> None:
    embedded.clock.set(datetime(2027, 5, 7, 22, tzinfo=UTC))
    listed = await embedded.good("GET", "/agreements")
    assert not any(one["review_lapsed"] for one in listed["agreements"])
    assert (await embedded.good("POST", "/explain", json=_event(incident())))["warnings"] == []


async def test_whoever_runs_it_is_warned_once_at_the_start(embedded: House) -> None:
    embedded.clock.set(datetime(2027, 5, 8, 9, tzinfo=UTC))
    with capture_logs() as logs:
        build(
            store=embedded.store,
            database=embedded.database,
            bus=embedded.bus,
            clock=embedded.clock,
            settings=embedded.settings,
            agreements=AGREEMENTS,
        )
    said = [one["agreement"] for one in logs if one["event"] == "agreement review overdue"]
    assert sorted(said) == sorted({one.id for one in AGREEMENTS})
