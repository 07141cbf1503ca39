"""Where does the story stand? A small file in the folder, so that a restart goes on from there."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from services.demo.pace import DEFAULT

_NAME = "story.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`instant` is never before anything that was recorded: it is written before time moves."""

    sunday: date
    instant: datetime
    pace: str = DEFAULT
    running: bool = True
    big: bool = False


class Kept:
    def __init__(self, folder: Path, position: Position) -> None:
        self._file = folder / _NAME
        self.position = position

    def change(self, **changes: object) -> None:
        """A process that is killed leaves the old file or the new one whole."""
        self.position = replace(self.position, **changes)  # type: ignore[arg-type]
        said = asdict(self.position)
        said |= {"sunday": said["sunday"].isoformat(), "instant": said["instant"].isoformat()}
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(said), encoding="utf-8")
        os.replace(beside, self._file)


def read(folder: Path) -> Position | None:
    """None where no story has begun."""
    try:
        said = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    said |= {
        "sunday": date.fromisoformat(said["sunday"]),
        "instant": datetime.fromisoformat(said["instant"]),
    }
    return Position(**said)
