"""Do we agree with the vectors of the Standard Webhooks libraries, and with those made for v1a?"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.standard_webhooks import SignatureRefused, sign, verify
from tests.shared_data.folder import shared_data

VECTORS: list[dict[str, Any]] = json.loads(
    (shared_data("standard-webhooks") / "vectors.json").read_text()
)["vectors"]


def headers(vector: dict[str, Any]) -> dict[str, str]:
    return {
        "webhook-id": vector["id"],
        "webhook-timestamp": vector["timestamp"],
        "webhook-signature": vector["signature"],
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_a_vector_is_judged_as_it_says(vector: dict[str, Any]) -> None:
    key = vector.get("secret") or vector["public_key"]
    now = datetime.fromtimestamp(vector["now"], UTC)
    body = vector["payload"].encode()
    if vector["valid"]:
        verify(body, headers(vector), [key], now=now)
    else:
        with pytest.raises(SignatureRefused):
            verify(body, headers(vector), [key], now=now)


@pytest.mark.parametrize(
    "vector",
    [each for each in VECTORS if each["valid"] and " " not in each["signature"]],
    ids=lambda vector: str(vector["name"]),
)
def test_we_sign_a_valid_vector_byte_for_byte(vector: dict[str, Any]) -> None:
    key = vector.get("secret") or vector["secret_key"]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    assert sign(vector["id"], at, vector["payload"].encode(), [key]) == headers(vector)
