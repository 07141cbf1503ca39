"""Is what was typed wrong said in one clear line, with status 2?"""

import sys

import pytest

from services import cli

EVENT = "contracts/examples/police.incident.recorded.v1.json"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["nonsense"], "daybreak: No such command 'nonsense'"),
        (["explain", EVENT], "daybreak explain: Missing option '--area'"),
        (["keys", "issue"], "daybreak keys issue: Missing argument"),
        (["verify", "--dat", "x"], "daybreak verify: No such option: --dat"),
        (["serve", "--port", "abc"], "daybreak serve: Invalid value for '--port'"),
        (["scenario", "run", "story.yaml", "--on", "mars"], "--on is embedded or distributed"),
        (["send", EVENT, "--to", "somewhere", "--key", "k"], "--to is an address"),
    ],
)
def test_what_was_typed_wrong_is_said_in_one_line(
    typed: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["daybreak", *typed])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err.strip().splitlines()
    assert ended.value.code == 2
    assert len(said) == 1
    assert says in said[0]


def test_a_command_that_did_its_work_ends_with_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["daybreak", "settings"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in (None, 0)
