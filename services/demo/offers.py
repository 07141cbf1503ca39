"""What do the agencies of the area offer? A file, put in place through the directory's own door."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
FILE = Path(__file__).with_name("services.yaml")
UNCHECKED = "helpline"  # nobody has read this one through for long: it stands on the list


@cache
def _file() -> Json:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def organisations() -> list[Json]:
    """Those whom nothing but their services brings into the area."""
    return list(_file()["organisations"])


def services() -> list[Json]:
    return list(_file()["services"])
