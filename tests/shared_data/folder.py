"""Where is the data that is shared beside the repository? Absent, its tests say so and skip."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(name: str) -> Path:
    """The folder `name` of the shared data; the module that needs it skips where it is absent."""
    root = Path(os.environ.get("DAYBREAK_SHARED_DATA") or _BESIDE)
    folder = root / name
    if not folder.is_dir():
        pytest.skip(f"shared data absent: {name}", allow_module_level=True)
    return folder
