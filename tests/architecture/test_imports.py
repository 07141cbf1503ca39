"""Who may know whom? The contracts of import-linter, and the rules that need the tree itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import BELOW_SLICES, ROOT, SERVICES, modules

BANNED = ("starlette.middleware.base", "starlette.background", "fastapi.BackgroundTasks")


def test_the_contracts_of_import_linter_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_knows_the_standard_library_and_the_contracts_only(service: str) -> None:
    allowed = {"contracts", *sys.stdlib_module_names}
    own = f"services.{service}.domain."
    strangers = {
        f"{module.name}: {name}"
        for module in modules(f"services/{service}/domain")
        for name in module.imports()
        if name.split(".")[0] not in allowed and not name.startswith(own)
    }
    assert strangers == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_reads_no_clock_and_draws_no_lots(service: str) -> None:
    found = {
        f"{module.name}: {word}"
        for module in modules(f"services/{service}/domain")
        for word in ("datetime.now(", "date.today(", "uuid4(", "uuid7(", "import random", "secrets")
        if word in module.text
    }
    assert found == set()


@pytest.mark.parametrize("service", SERVICES)
def test_slices_never_import_one_another(service: str) -> None:
    folder = ROOT / "services" / service
    slices = {path.parent.name for path in folder.glob("*/*.py")} - BELOW_SLICES
    knowing = {
        f"{module.name}: {name}"
        for module in modules(f"services/{service}")
        for name in module.imports()
        if name.startswith(f"services.{service}.")
        and (other := name.split(".")[2]) in slices
        and module.parts[2] in slices | BELOW_SLICES
        and module.parts[2] != other
    }
    assert knowing == set()


def test_nothing_is_registered_by_being_imported() -> None:
    filled = [path for path in (ROOT / "services").rglob("__init__.py") if path.read_text()]
    filled += [path for path in (ROOT / "contracts").rglob("__init__.py") if path.read_text()]
    assert filled == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = []
    for module in modules():
        first = module.tree.body[0] if module.tree.body else None
        said = getattr(getattr(first, "value", None), "value", None)
        if not isinstance(said, str) or not said.split("\n")[0].rstrip().endswith((".", "?", ":")):
            silent.append(module.name)
    assert silent == []


def test_no_middleware_that_hides_a_disconnect_and_no_work_that_dies_with_the_process() -> None:
    used = {
        f"{module.name}: {name}"
        for module in modules()
        for name in module.imports()
        if name.startswith(BANNED)
    }
    assert used == set()
