"""Is every branch of the consent kernel taken by its own tests? A plugin; it fails where not.

The pure tests of `tests/consent/domain` are measured while they run anyway, and nothing else is
slowed down. Properties do not count: an example takes a branch always, a draw only sometimes.
`make test` sets DAYBREAK_EVERY_PART (tests/parts.py), and only then is it held to (ADR 0034).
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

_ROOT = Path(__file__).resolve().parents[1]
_TESTS = _ROOT / "tests" / "consent" / "domain"
_KERNEL = _ROOT / "services" / "consent" / "domain"
_MEASURED = _ROOT / ".cache" / "branches"


def measured(item: pytest.Item) -> bool:
    function = getattr(item, "function", None)
    return item.path.is_relative_to(_TESTS) and not getattr(function, "is_hypothesis_test", False)


def _coverage(name: str) -> Coverage:
    return Coverage(
        data_file=str(_MEASURED / name),
        config_file=str(_ROOT / "pyproject.toml"),
        source=[str(_KERNEL)],
        branch=True,
    )


class Measuring:
    """Where tests are run: also while they are collected, which imports the kernel."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage

    def pytest_collection_finish(self) -> None:
        self.coverage.stop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if not measured(item):
            return (yield)
        self.coverage.start()
        try:
            return (yield)
        finally:
            self.coverage.stop()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self.coverage.save()


class Reporting:
    """On the controller, where the parts of all workers lie by then."""

    def __init__(self) -> None:
        _MEASURED.mkdir(parents=True, exist_ok=True)
        for former in _MEASURED.iterdir():
            former.unlink()
        self.missing = ""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus:
            return
        coverage, told = _coverage("whole"), io.StringIO()
        coverage.combine([str(part) for part in _MEASURED.glob("part-*")])
        if coverage.report(file=told, show_missing=True, skip_covered=True) < 100:
            self.missing = told.getvalue()
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.missing:
            terminalreporter.write_line(
                "branches: the consent kernel is not covered whole", red=True
            )
            terminalreporter.write_line(self.missing)


def _started() -> Coverage | None:
    """Before any other conftest is read: it may import the kernel."""
    if not os.environ.get("DAYBREAK_EVERY_PART"):
        return None
    coverage = _coverage(f"part-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    coverage.start()
    return coverage


_STARTED = _started()


def pytest_configure(config: pytest.Config) -> None:
    if _STARTED is None:
        return
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporting(), "branches-report")
        if getattr(config.option, "numprocesses", None):
            _STARTED.stop()  # the workers measure
            return
    config.pluginmanager.register(Measuring(_STARTED), "branches")
