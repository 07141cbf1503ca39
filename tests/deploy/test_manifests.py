"""Do the manifests say what the program understands? Commands, settings and files are compared."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from services.chassis.settings import Settings
from services.cli import app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KNOWN = {f"DAYBREAK_{name.upper()}" for name in Settings.model_fields}


def containers() -> list[dict[str, Any]]:
    found = []
    for file in sorted((DEPLOY / "kubernetes").rglob("*.yaml")):
        for manifest in yaml.safe_load_all(file.read_text()):
            if manifest.get("kind") == "Deployment":
                pod = manifest["spec"]["template"]["spec"]
                found += pod.get("initContainers", []) + pod["containers"]
    return found


def compose() -> dict[str, Any]:
    whole: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return whole


def commands() -> list[list[str]]:
    own = [one["command"] for one in compose()["services"].values() if one.get("command")]
    unique = {tuple(command) for command in own + [one["args"] for one in containers()]}
    return [list(command) for command in sorted(unique)]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_of_a_container_is_one_that_the_program_has(command: list[str]) -> None:
    answer = CliRunner().invoke(app, [*command, "--help"])
    assert answer.exit_code == 0, answer.output


def test_every_variable_is_one_that_the_settings_know() -> None:
    lines = (DEPLOY / "env.example").read_text().splitlines()
    given = {line.split("=")[0] for line in lines if line.startswith("DAYBREAK_")}
    for service in compose()["services"].values():
        if "build" in service:
            given |= set(service.get("environment", {}))
    assert given <= KNOWN
    assert given >= set(Settings.model_construct().missing_for_distributed())


def test_every_service_runs_as_api_as_worker_and_is_migrated_first() -> None:
    wanted = {
        (service, role)
        for service in ("directory", "consent", "notify")
        for role in ("api", "worker", "migrate")
    }
    assert wanted <= {tuple(command) for command in commands()}
    assert wanted <= {tuple(one["args"]) for one in containers()}


NEEDED_BY_PAGES = {
    "DAYBREAK_SERVICE_TOKEN",
    "DAYBREAK_DATABASE_URL",
    "DAYBREAK_DIRECTORY_URL",
    "DAYBREAK_CONSENT_URL",
    "DAYBREAK_NOTIFY_URL",
    "DAYBREAK_PUBLIC_URL",
    "DAYBREAK_OPERATORS",
    "DAYBREAK_SMTP_HOST",
    "DAYBREAK_SMTP_PORT",
    "DAYBREAK_SMTP_FROM",
}


def test_the_pages_have_what_they_need_and_no_key_that_opens_anything() -> None:
    front = compose()["services"]["front"]
    assert set(front["environment"]) == NEEDED_BY_PAGES
    assert front["env_file"] == []
    assert "//front:" in front["environment"]["DAYBREAK_DATABASE_URL"]
    (container,) = [one for one in containers() if one["args"] == ["front"]]
    assert container["envFrom"] == [{"secretRef": {"name": "daybreak-front"}}]
    said = (DEPLOY / "kubernetes/base/kustomization.yaml").read_text()
    assert "daybreak-front: DAYBREAK_SERVICE_TOKEN and no other" in said


def test_every_variable_that_compose_puts_in_is_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "compose.yaml").read_text()))
    lines = (DEPLOY / "env.example").read_text().splitlines()
    assert used <= {line.split("=")[0] for line in lines}


def test_the_gateway_hands_on_the_host_with_its_port() -> None:
    """Forms are held against it where a browser names only their origin."""
    assert "proxy_set_header Host $http_host;" in (DEPLOY / "gateway/nginx.conf").read_text()


def test_no_container_runs_as_root_or_writes_to_its_own_files() -> None:
    assert all(one["securityContext"]["readOnlyRootFilesystem"] for one in containers())
    assert all(not one["securityContext"]["allowPrivilegeEscalation"] for one in containers())
    assert "USER 10001" in (DEPLOY / "Dockerfile").read_text()


def test_every_file_that_a_manifest_names_is_there() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes/base/kustomization.yaml").read_text())
    for name in kustomization["resources"]:
        assert (DEPLOY / "kubernetes" / "base" / name).exists()
    for service in compose()["services"].values():
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (DEPLOY / volume.split(":")[0]).exists()


def test_the_wheel_carries_pages_agreements_and_schemas(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "services/front/templates/first.html",
        "services/front/static/vendor/pages.css",
        "contracts/agreements/operation-encompass.yaml",
        "contracts/schemas/police.incident.recorded.v1.json",
        "services/demo/area.yaml",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith("tests/")]
