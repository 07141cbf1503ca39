"""Synthetic events for the tests of the contract: the committed examples, as fresh copies."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import contracts.envelope

CONTRACTS = Path(contracts.envelope.__file__).parent
_EXAMPLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((CONTRACTS / "examples").glob("*.json"))
}


def example(event_type: str) -> Any:
    return deepcopy(_EXAMPLES[event_type])


def examples() -> dict[str, Any]:
    return deepcopy(_EXAMPLES)
