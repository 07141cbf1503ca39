"""Does the runner tell the truth? It must see what is not so, and say where."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import app

STORY = """
name: one-night
story: An incident on a Friday night reaches the school before its next pupil day.
area:
  organisations:
    - {id: north-police, kind: police, police_area: E23000099}
    - id: alder
      kind: school
      urn: "900001"
      local_authority: E06000999
      opens: "08:40"
      contacts:
        - {id: alder-dsl, role: designated-safeguarding-lead, given_name: Ada, family_name: Test,
           email: dsl@alder.example, says_more: than the directory keeps}
      calendar: {terms: [2026-01-05/2026-02-13, 2026-02-23/2026-03-27], inset: [2026-02-23]}
  pupils:
    - {school: alder, given_name: Cat, family_name: Test, date_of_birth: 2018-05-01,
       postcode: ZZ99 3CZ, from: 2022-09-01}
steps:
  - at: 2026-02-13T23:05:00+00:00
    publish:
      type: police.incident.recorded.v1
      source: /agencies/north-police
      id: n-1
      data:
        reference: SYN-1
        occurred_at: 2026-02-13T22:40:00+00:00
        believed_at: 2026-02-13T23:05:00+00:00
        category: domestic-abuse
        grading: standard
        intent: inform
        parties: {harmed: a1, other: [a2]}
        people:
          - {ref: a1, given_name: Hope, family_name: Test}
          - {ref: a2, given_name: Otto, family_name: Test}
          - ref: c1
            given_name: Cat
            family_name: Test
            date_of_birth: 2018-05-01
            addresses: [{kind: home, postcode: ZZ99 3CZ, local_authority: E06000999,
                         police_area: E23000099}]
            relationships: [{to: a1, kind: child}]
        children:
          - {ref: c1, presence: present, spoken_to: {outcome: not-spoken-to, reason_not: asleep}}
        circumstances: {kinds: [verbal]}
        childrens_services_informed: false
    answers: %(answers)s
  - at: 2026-02-14T07:00:00+00:00
    expect:
      notifications:
        - {to: alder, about: c1, due: %(due)s, state: announced}
      nudges: [{contact: alder-dsl, count: %(nudges)s}]
      says_nowhere: [{to: alder, texts: ["%(silent)s"]}]
"""
TRUE = {"answers": 202, "due": "2026-02-24T08:10:00+00:00", "nudges": 1, "silent": "ZZ99 3CZ"}


def _run(
    tmp_path: Path, *options: str, text: str | None = None, **changes: object
) -> tuple[int, str]:
    file = tmp_path / "story.yaml"
    file.write_text(text if text is not None else STORY % {**TRUE, **changes})
    result = CliRunner().invoke(app, ["scenario", "run", str(file), *options])
    return result.exit_code, result.output


def test_a_story_that_is_so_passes(tmp_path: Path) -> None:
    code, output = _run(tmp_path)
    assert code == 0, output
    assert output.splitlines()[-1] == "1 passed, 0 failed"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answers": 409}, "answer {'status': 409}"),
        ({"due": "2026-02-23T08:10:00+00:00"}, "2026-02-23"),
        ({"nudges": 2}, "2 nudges to alder-dsl"),
        ({"silent": "SYN-1"}, "reads 'SYN-1' nowhere"),
    ],
)
def test_a_story_that_is_not_so_fails_and_says_where(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    code, output = _run(tmp_path, **changes)
    assert code == 1
    assert output.splitlines()[-1] == "0 passed, 1 failed"
    assert says in output
    assert "expected" in output
    assert "actual" in output


def test_json_holds_everything_that_happened(tmp_path: Path) -> None:
    code, output = _run(tmp_path, "--json")
    assert code == 0
    (story,) = json.loads(output)
    assert [one["to"] for one in story["notifications"]] == ["alder"]
    assert {one["audience"] for one in story["decisions"]} >= {
        "education",
        "childrens-social-care",
    }
    assert story["nudges"][0]["to"] == "dsl@alder.example"


@pytest.mark.parametrize(
    "text",
    [
        "name: [",
        "steps: 3",
        "name: x\nsteps: [{at: yesterday}]",
        "name: x\nsteps: [{expect: {notificatoins: []}}]",
        "- a list",
        "name: x\nsteps: [{at: 2026-02-13T23:05:00, expect: {}}]",
        "name: x\nagreements: [of-nobody]\nsteps: []",
    ],
)
def test_a_file_that_is_no_story_is_refused_with_one_line(tmp_path: Path, text: str) -> None:
    code, output = _run(tmp_path, text=text)
    assert code == 2
    assert len(output.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["scenario", "run", str(tmp_path / "none.yaml")])
    assert result.exit_code == 2
