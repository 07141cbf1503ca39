"""When is an offer new, when the same, and when is it refused? The rule, without any parts."""

from dataclasses import replace

import pytest

from services.notify.domain.intake import (
    EventOffered,
    OtherContent,
    decide,
    evolve,
    receipt_of,
    stream_of,
)
from tests.notify.front_house import NOON

OFFER = EventOffered(
    receipt=receipt_of("/agencies/north-police", "n-1"),
    agency="north-police",
    source="/agencies/north-police",
    event="n-1",
    type="referral.answered.v1",
    digest="d",
    door="http",
    offered_at=NOON,
)


def test_what_was_never_offered_is_recorded() -> None:
    assert decide(OFFER, None) == (OFFER,)


def test_the_same_content_again_records_nothing() -> None:
    assert decide(replace(OFFER, door="amqp"), OFFER) == ()


def test_other_content_is_refused() -> None:
    with pytest.raises(OtherContent):
        decide(replace(OFFER, digest="e"), OFFER)


def test_the_first_offer_stays_the_one_that_counts() -> None:
    assert evolve(OFFER, replace(OFFER, digest="e")) == OFFER


def test_a_receipt_belongs_to_source_and_id_together() -> None:
    receipts = {receipt_of(source, id) for source in ("/agencies/a", "/agencies/b") for id in "xy"}
    assert len(receipts) == 4
    assert len({stream_of(receipt) for receipt in receipts}) == 4
