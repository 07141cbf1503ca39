"""Are secrets made once, kept to their owner, and never shown?"""

from pathlib import Path

import pytest

from services.chassis.settings import (
    SECRETS,
    SettingMissing,
    Settings,
    embedded_settings,
    ephemeral_settings,
)


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DAYBREAK_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)  # no .env of the machine


def test_the_secrets_of_a_folder_are_made_once_and_are_its_owners_alone(tmp_path: Path) -> None:
    base = Settings(data_dir=tmp_path / "data")
    first, second = embedded_settings(base), embedded_settings(base)
    assert first == second
    assert first != embedded_settings(Settings(data_dir=tmp_path / "elsewhere"))
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_is_set_goes_before_the_one_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYBREAK_SERVICE_TOKEN", "ours")
    settings = embedded_settings(Settings(data_dir=tmp_path))
    assert settings.service_token == "ours"
    assert len(settings.pepper_bytes) == 32


def test_one_service_cannot_open_what_another_sealed() -> None:
    settings = ephemeral_settings()
    keys = {settings.service_key_bytes(name) for name in ("one", "two")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}
    assert settings.service_key_bytes("one") in keys


@pytest.mark.parametrize("weak", ["", "abc", "zz" * 32, "ab" * 31])
def test_a_weak_or_missing_secret_is_refused_by_name(weak: str) -> None:
    settings = ephemeral_settings(pepper=weak)
    with pytest.raises(SettingMissing, match="DAYBREAK_PEPPER"):
        _ = settings.pepper_bytes


def test_what_is_printed_shows_no_secret() -> None:
    settings = ephemeral_settings(
        database_url="postgresql://someone:hidden@db/daybreak", broker_url="amqp://a:hidden@mq/"
    )
    shown = f"{settings.masked()} {settings!r}"
    assert "hidden" not in shown
    assert not [name for name in SECRETS if getattr(settings, name) in shown]


def test_the_distributed_deployment_says_what_it_lacks() -> None:
    assert "DAYBREAK_BROKER_URL" in Settings().missing_for_distributed()
    whole = ephemeral_settings(database_url="postgresql://db/x", broker_url="amqp://mq/")
    assert whole.missing_for_distributed() == []


def test_operators_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBREAK_OPERATORS", " a@ops.example, b@ops.example ,")
    assert Settings().operators == ["a@ops.example", "b@ops.example"]
    monkeypatch.setenv("DAYBREAK_OPERATORS", "")
    assert Settings().operators == []
