"""Does the runner go on when the story takes things away, or breaks itself?"""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from services.cli import app

AREA: dict[str, Any] = {
    "organisations": [
        {"id": "north-police", "kind": "police", "police_area": "E23000099"},
        {"id": "north-csc", "kind": "childrens-social-care", "local_authority": "E06000999"},
    ]
}
HOME = {"kind": "home", "local_authority": "E06000999", "police_area": "E23000099"}
INCIDENT: dict[str, Any] = {
    "reference": "SYN-1",
    "occurred_at": "2026-03-03T20:00:00+00:00",
    "believed_at": "2026-03-03T20:00:00+00:00",
    "category": "domestic-abuse",
    "grading": "standard",
    "intent": "inform",
    "parties": {"harmed": "a1", "other": ["a2"]},
    "people": [
        {"ref": "a1", "given_name": "Hope", "family_name": "Test"},
        {"ref": "a2", "given_name": "Otto", "family_name": "Test"},
        {
            "ref": "c1",
            "given_name": "Cat",
            "family_name": "Test",
            "date_of_birth": "2018-05-01",
            "addresses": [HOME],
            "relationships": [{"to": "a1", "kind": "child"}],
        },
    ],
    "children": [
        {
            "ref": "c1",
            "presence": "present",
            "spoken_to": {"outcome": "not-spoken-to", "reason_not": "asleep"},
        }
    ],
    "circumstances": {"kinds": ["verbal"]},
    "childrens_services_informed": False,
}


def _recorded(at: str, *, source: str = "north-police", answers: int) -> dict[str, Any]:
    event = {
        "type": "police.incident.recorded.v1",
        "source": f"/agencies/{source}",
        "id": "n-1",
        "data": INCIDENT,
    }
    return {"at": at, "publish": event, "answers": answers}


def _play(tmp_path: Path, *stories: list[dict[str, Any]]) -> tuple[int, str]:
    for number, steps in enumerate(stories):
        story = {"name": f"story-{number}", "area": AREA, "steps": steps}
        (tmp_path / f"{number}.yaml").write_text(json.dumps(story))  # JSON is YAML
    result = CliRunner().invoke(app, ["scenario", "run", str(tmp_path)])
    return result.exit_code, result.output


TOLD = {"to": "north-csc", "about": "c1", "audience": "childrens-social-care"}


def test_time_passes_and_one_can_look_while_the_store_is_down(tmp_path: Path) -> None:
    code, output = _play(
        tmp_path,
        [
            {"at": "2026-03-03T20:00:00+00:00", "fault": {"store": "down"}},
            _recorded("2026-03-03T20:05:00+00:00", answers=503),
            {"at": "2026-03-03T20:10:00+00:00", "expect": {"none": [TOLD]}},
            {"at": "2026-03-03T20:20:00+00:00", "fault": {"store": "up"}},
            _recorded("2026-03-03T20:21:00+00:00", answers=202),
            {"at": "2026-03-03T20:22:00+00:00", "expect": {"notifications": [TOLD]}},
        ],
    )
    assert code == 0, output


def test_a_story_that_breaks_fails_alone(tmp_path: Path) -> None:
    nobody = {"withdraw-consent": {"person": "x", "by": "north-csc"}}
    broken = {"at": "2026-03-03T20:00:00+00:00", "do": nobody}
    code, output = _play(tmp_path, [broken], [_recorded("2026-03-03T20:05:00+00:00", answers=202)])
    assert code == 1
    assert "FAILED  story-0" in output
    assert "passed  story-1" in output
    assert output.splitlines()[-1] == "1 passed, 1 failed"


def test_a_source_of_nobody_in_the_area_comes_under_somebody_elses_key(tmp_path: Path) -> None:
    stranger = _recorded("2026-03-03T20:05:00+00:00", source="nobody", answers=403)
    code, output = _play(tmp_path, [stranger])
    assert code == 0, output


def test_an_organisation_that_the_story_adds_has_a_key_of_its_own(tmp_path: Path) -> None:
    new = {"id": "east-police", "kind": "police", "police_area": "E23000098"}
    code, output = _play(
        tmp_path,
        [
            {"at": "2026-03-03T20:00:00+00:00", "directory": {"set": new}},
            _recorded("2026-03-03T20:05:00+00:00", source="east-police", answers=202),
        ],
    )
    assert code == 0, output
