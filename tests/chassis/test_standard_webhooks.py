"""Do others accept what we sign, and do we refuse what nobody signed?"""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from services.chassis.standard_webhooks import (
    SignatureRefused,
    new_key_pair,
    new_secret,
    sign,
    verify,
)

BODY = '{"name":"Siân"}'.encode()
NOW = datetime.now(UTC)  # the peer library reads the machine's clock


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=24, max_size=64))
def test_a_peer_verifies_what_we_sign_and_we_what_it_signs(text: str, key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    body = text.encode()
    ours = sign("msg_1", NOW, body, [secret])
    assert Webhook(secret).sign("msg_1", NOW, text) == ours["webhook-signature"]
    verify(body, ours, [secret], now=NOW)


def test_a_peer_accepts_our_headers() -> None:
    secret = new_secret()
    headers = sign("msg_1", NOW, BODY, [secret])
    assert Webhook(secret).verify(BODY, headers) == {"name": "Siân"}


def test_both_kinds_of_key_sign_one_delivery_and_either_verifies_it() -> None:
    secret, (private, public) = new_secret(), new_key_pair()
    headers = sign("msg_1", NOW, BODY, [secret, private])
    assert [each.split(",")[0] for each in headers["webhook-signature"].split()] == ["v1", "v1a"]
    verify(BODY, headers, [secret], now=NOW)
    verify(BODY, headers, [public], now=NOW)


def test_a_rotation_is_accepted_under_the_old_and_the_new_secret_and_then_only_the_new() -> None:
    old, new = new_secret(), new_secret()
    during = sign("msg_1", NOW, BODY, [new, old])
    verify(BODY, during, [old], now=NOW)
    verify(BODY, during, [new], now=NOW)
    after = sign("msg_2", NOW, BODY, [new])
    with pytest.raises(SignatureRefused):
        verify(BODY, after, [old], now=NOW)


@pytest.mark.parametrize("kind", ["v1", "v1a"])
def test_any_change_of_body_id_or_time_is_refused(kind: str) -> None:
    secret = new_secret()
    private, public = new_key_pair()
    signing, verifying = (secret, secret) if kind == "v1" else (private, public)
    good = sign("msg_1", NOW, BODY, [signing])
    verify(BODY, good, [verifying], now=NOW)
    later = str(int(NOW.timestamp()) + 1)
    for body, changed in (
        (BODY + b" ", {}),
        (BODY, {"webhook-id": "msg_2"}),
        (BODY, {"webhook-timestamp": later}),
        (BODY, {"webhook-signature": kind + ","}),
        (BODY, {"webhook-signature": kind + ",****"}),
    ):
        with pytest.raises(SignatureRefused):
            verify(body, good | changed, [verifying], now=NOW)


def test_a_signature_of_one_kind_is_not_taken_for_the_other() -> None:
    private, public = new_key_pair()
    headers = sign("msg_1", NOW, BODY, ["whsec_" + public.removeprefix("whpk_")])
    with pytest.raises(SignatureRefused):  # who knows the public key cannot sign with it
        verify(BODY, headers, [public], now=NOW)
    forged = headers["webhook-signature"].replace("v1,", "v1a,")
    with pytest.raises(SignatureRefused):
        verify(BODY, headers | {"webhook-signature": forged}, [public], now=NOW)
    assert private != public


def test_five_minutes_are_the_limit_on_both_sides() -> None:
    secret, at = new_secret(), datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    headers = sign("msg_1", at, BODY, [secret])
    limit, beyond = timedelta(minutes=5), timedelta(minutes=5, seconds=1)
    for sign_of in (1, -1):
        verify(BODY, headers, [secret], now=at + sign_of * limit)
        with pytest.raises(SignatureRefused):
            verify(BODY, headers, [secret], now=at + sign_of * beyond)


def test_a_header_that_is_missing_is_refused_and_its_case_does_not_matter() -> None:
    secret = new_secret()
    headers = sign("msg_1", NOW, BODY, [secret])
    verify(BODY, {name.title(): value for name, value in headers.items()}, [secret], now=NOW)
    for name in headers:
        rest = {other: value for other, value in headers.items() if other != name}
        with pytest.raises(SignatureRefused):
            verify(BODY, rest, [secret], now=NOW)


def test_an_id_with_a_dot_is_not_signed() -> None:
    with pytest.raises(ValueError, match="dot"):
        sign("msg.1", NOW, BODY, [new_secret()])
