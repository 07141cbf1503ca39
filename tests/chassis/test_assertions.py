"""Is a signed word taken from nobody but ourselves, and for no longer than it says?"""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from services.chassis.assertions import Assertions
from services.chassis.clock import ManualClock
from services.chassis.principals import Principal

TOKEN = "0123456789abcdef" * 4
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DSL = Principal(
    agency="alder", roles=frozenset({"recipient", "publisher"}), key_id="session", person="dsl"
)
CLAIMS: dict[str, Any] = {
    "iss": "daybreak",
    "sub": "dsl",
    "org": "alder",
    "roles": ["recipient"],
    "exp": int(NOW.timestamp()) + 60,
}


def ours() -> tuple[Assertions, ManualClock]:
    clock = ManualClock(NOW)
    return Assertions(TOKEN, clock), clock


def signed(
    claims: dict[str, Any], key: str = TOKEN, algorithm: str = "HS256", **header: Any
) -> str:
    return jwt.encode({"alg": algorithm, **header}, claims, OctKey.import_key(key), [algorithm])


def unsigned(header: dict[str, Any], claims: Any, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def by_hand(key: bytes, claims: Any) -> str:
    said = unsigned({"alg": "HS256"}, claims).rstrip(".")
    mark = base64.urlsafe_b64encode(hmac.digest(key, said.encode(), "sha256")).decode()
    return f"{said}.{mark.rstrip('=')}"


def test_what_was_said_is_heard() -> None:
    assertions, _ = ours()
    assert assertions.principal(assertions.of(DSL)) == DSL
    assert assertions.principal(signed(CLAIMS)) is not None  # so that what follows is no accident


def test_it_lives_for_a_minute_and_what_two_clocks_may_differ() -> None:
    assertions, clock = ours()
    token = assertions.of(DSL)
    clock.set(NOW + timedelta(seconds=89))
    assert assertions.principal(token) == DSL
    clock.set(NOW + timedelta(seconds=90))
    assert assertions.principal(token) is None


def test_without_a_clock_it_goes_by_real_time() -> None:
    assertions, _ = ours()
    assert Assertions(TOKEN).principal(Assertions(TOKEN).of(DSL)) == DSL
    assert Assertions(TOKEN).principal(assertions.of(DSL)) is None


def test_nobody_else_can_say_it() -> None:
    assertions, _ = ours()
    assert assertions.principal(signed(CLAIMS, key="f" * 64)) is None
    header, _, signature = assertions.of(DSL).split(".")
    raised = unsigned({}, {**CLAIMS, "roles": ["service"]}).split(".")[1]
    assert assertions.principal(f"{header}.{raised}.{signature}") is None
    assert assertions.principal(f"{header}.{raised}.") is None


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, ["HS256"]])
def test_unsigned_is_unsaid(algorithm: Any) -> None:
    assertions, _ = ours()
    for signature in (b"", b"x" * 32):
        token = unsigned({"alg": algorithm, "typ": "JWT"}, CLAIMS, signature)
        assert assertions.principal(token) is None


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_no_other_algorithm_is_taken_also_not_under_the_right_key() -> None:
    assertions, _ = ours()
    for algorithm in ("HS384", "HS512"):
        assert assertions.principal(signed(CLAIMS, algorithm=algorithm)) is None
    pair = RSAKey.generate_key(2048)
    other = jwt.encode({"alg": "RS256"}, CLAIMS, pair, ["RS256"])
    assert assertions.principal(other) is None
    public = pair.as_pem(private=False)  # taken for the secret of a symmetric algorithm
    assert assertions.principal(by_hand(public, CLAIMS)) is None
    assert assertions.principal(by_hand(TOKEN.encode(), CLAIMS)) is not None
    assert (
        assertions.principal(unsigned({"alg": "HS256", "jwk": {"kty": "oct", "k": ""}}, CLAIMS))
        is None
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"iss": None},
        {"exp": "soon"},
        {"exp": None},
        {"exp": True},
        {"org": None},
        {"roles": None},
        {"roles": 5},
        {"roles": "recipient"},
        {"roles": [["recipient"]]},
        {"sub": None},
        {"sub": 5},
    ],
)
def test_a_word_of_another_shape_is_no_word(changes: dict[str, Any]) -> None:
    assertions, _ = ours()
    assert assertions.principal(signed({**CLAIMS, **changes})) is None
    wholes: tuple[Any, ...] = (1, [], "iss", None)
    for whole in wholes:
        assert assertions.principal(by_hand(TOKEN.encode(), whole)) is None
    without = {key: value for key, value in CLAIMS.items() if key not in changes}
    assert assertions.principal(signed(without)) is None


DEEP = base64.urlsafe_b64encode(b"[" * 40_000).decode()
RUBBISH = ["", ".", "..", "...", "a.b.c", "a.b", "\0.\0.\0", "é.é.é", "💥.💥.💥", "=.=.="]


@pytest.mark.parametrize(
    "token",
    [
        *RUBBISH,
        f"{DEEP}.{DEEP}.x",
        f"{unsigned({'alg': 'HS256'}, 1)}",
        "db_0123_secret",
        "e30.e30.e30",
    ],
    ids=range(14),
)
def test_rubbish_is_nobody(token: str) -> None:
    assert ours()[0].principal(token) is None


@pytest.mark.parametrize("token", ["", "sesame", "x" * 31])
def test_under_a_token_that_can_be_guessed_there_are_none(token: str) -> None:
    with pytest.raises(ValueError, match="too short"):
        Assertions(token)
