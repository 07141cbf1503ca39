"""Does the story come true? Plays one scenario on one deployment and reports the differences."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.chassis.settings import Settings
from services.scenario.expectations import Difference, compare
from services.scenario.people import People
from services.scenario.reading import everything
from services.scenario.setting import AreaRefused, set_up
from services.scenario.stage import Stage, open_stage
from services.scenario.steps import DirectoryRefused, Said, Steps
from services.scenario.story import Answer, Step, Story

_EARLIER = timedelta(hours=1)  # the area is there before the first thing happens
_EPOCH = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(kw_only=True)
class Outcome:
    """How one story went on one deployment."""

    name: str
    path: Path
    differences: list[tuple[str, Difference]] = field(default_factory=list)  # step, difference
    refusals: list[str] = field(default_factory=list)  # not expected by the story, not held against
    happened: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not self.differences


async def play(story: Story, path: Path, *, on: str, settings: Settings | None = None) -> Outcome:
    """Play a story from its first step to its last. Never raises for what the product answers."""
    outcome = Outcome(name=story.name, path=path)
    moments = [step.at for step in story.steps if step.at is not None]
    start = min(moments, default=_EPOCH) - _EARLIER
    async with open_stage(
        on=on, start=start, agreements=story.agreements, settings=settings
    ) as stage:
        people = People()
        try:
            secrets = await set_up(stage, story.area, dict(story.signatories), people)
            await _steps(stage, story.steps, Steps(stage, people, secrets), outcome)
        except (AreaRefused, DirectoryRefused) as refused:
            outcome.differences.append(
                ("area", Difference(expected="accepted", actual=str(refused)))
            )
        except Exception as fault:  # noqa: BLE001 - one that breaks must not hide the others
            outcome.differences.append((f"at {stage.clock.now().isoformat()}", _broken(fault)))
        with stage.looking():
            outcome.happened = await everything(stage)
    return outcome


async def _steps(stage: Stage, steps: Sequence[Step], performer: Steps, outcome: Outcome) -> None:
    receipts: dict[str, str] = {}
    for number, step in enumerate(steps, 1):
        if step.at is not None and step.at > stage.clock.now():
            await stage.advance(step.at)
        label = f"step {number} at {stage.clock.now().isoformat()}"
        said = await performer.perform(step)
        if step.answers is not None:
            compared = _answers(step.answers, said, receipts)
            outcome.differences += [(label, difference) for difference in compared]
        else:
            outcome.refusals += [f"{label}: {one}" for one in _refusals(said)]
        for one in _each(said):
            if one.receipt:
                receipts.setdefault(one.key, one.receipt)
        if step.expect is not None:
            found = await compare(stage, step.expect)
            outcome.differences += [(label, difference) for difference in found]


def _broken(fault: Exception) -> Difference:
    return Difference(
        expected="a story that can be played to its end",
        actual="".join(traceback.format_exception_only(fault)).strip(),
    )


def _each(said: Sequence[Said]) -> list[Said]:
    return [inner for one in said for inner in ([one, *one.items])]


def _refused(one: Said) -> bool:
    return one.status == "refused" or (isinstance(one.status, int) and one.status >= 400)


def _refusals(said: Sequence[Said]) -> list[str]:
    return [f"refused with {one.status} {one.pointers}" for one in _each(said) if _refused(one)]


def _answers(
    wanted: Sequence[Answer | int | str], said: Sequence[Said], receipts: dict[str, str]
) -> list[Difference]:
    """A list has one answer for each item; a single one is that of the only request."""
    found = list(said)
    if len(found) == 1 and found[0].items and len(wanted) == len(found[0].items):
        batch_as_whole = len(wanted) == 1 and _answer(wanted[0]).status == found[0].status
        found = found if batch_as_whole else found[0].items
    if len(wanted) == 1 and len(found) > 1:
        wanted = [wanted[0]] * len(found)
    if len(wanted) != len(found):
        return [Difference(expected=f"{len(wanted)} answers", actual=f"{len(found)} answers")]
    differences = []
    for wish, one in zip(wanted, found, strict=True):
        answer = _answer(wish)
        fits = answer.status is None or str(answer.status) == str(one.status)
        fits = fits and set(answer.pointers) <= set(one.pointers)
        if answer.receipt == "same":
            fits = fits and one.receipt is not None and receipts.get(one.key) == one.receipt
        if not fits:
            differences.append(
                Difference(
                    expected=f"answer {answer.model_dump(exclude_defaults=True)}",
                    actual=f"{one.status} {one.pointers} receipt {one.receipt}",
                )
            )
        elif one.receipt:
            receipts.setdefault(one.key, one.receipt)
    return differences


def _answer(wish: Answer | int | str) -> Answer:
    return wish if isinstance(wish, Answer) else Answer(status=wish)
