"""Does every story in scenarios/ come true on both deployments?"""

from pathlib import Path

import pytest

from services.chassis.settings import Settings
from services.scenario.report import details
from services.scenario.runner import play
from services.scenario.story import read_story, story_files

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = story_files([FOLDER])


def test_there_are_at_least_twenty_stories() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_comes_true_embedded(path: Path) -> None:
    outcome = await play(read_story(path), path, on="embedded")
    assert outcome.passed, "\n".join(details(outcome))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_comes_true_distributed(path: Path, postgres_dsn: str, broker_url: str) -> None:
    settings = Settings().model_copy(
        update={"database_url": postgres_dsn, "broker_url": broker_url}
    )
    outcome = await play(read_story(path), path, on="distributed", settings=settings)
    assert outcome.passed, "\n".join(details(outcome))
