"""Did every part of the tests run? A plugin of pytest that says so, and fails where one did not.

`make test` sets DAYBREAK_EVERY_PART. A part with no test that passed, or a test that was skipped,
is then a failure; only the data shared beside the repository may be absent, and not under CI.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

SHARED = "shared_data"
PARTS = ("embedded", "distributed", "browser", SHARED)
COUNTS = Path(__file__).resolve().parents[1] / ".cache" / "tests.txt"
_SERVERS = {"postgres_dsn", "broker_url", "agency_broker_url"}


_ADAPTERS = {"rabbit", "rabbitmq", "postgres", "postgresql", "distributed"}


def part_of(item: pytest.Item) -> str:
    """By its folder; by the servers it asks for; or by the adapter in its parameters."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if folder in {"browser", SHARED}:
        return folder
    fixtures = set(getattr(item, "fixturenames", ()))
    callspec = getattr(item, "callspec", None)
    adapters = set(callspec.id.split("-")) if callspec else set()
    return "distributed" if fixtures & _SERVERS or adapters & _ADAPTERS else "embedded"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(part_of(item))


class Parts:
    """Counts on the controller, where every worker's reports arrive."""

    def __init__(self, *, every_part: bool, under_ci: bool) -> None:
        self.every_part = every_part
        self.under_ci = under_ci
        self.passed: Counter[str] = Counter()
        self.failed = 0
        self.skipped: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        part = next((part for part in PARTS if part in report.keywords), "embedded")
        if report.failed:
            self.failed += 1
        elif report.skipped:
            self.skipped[part] += 1
        elif report.when == "call":
            self.passed[part] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be imported is a failure too, whatever it would have held."""
        self.failed += report.failed

    def absent(self) -> list[str]:
        """The parts that ought to have run whole and did not."""
        needed = PARTS if self.under_ci else PARTS[:-1]
        return [part for part in needed if not self.passed[part] or self.skipped[part]]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.every_part and self.absent() and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.every_part:
            return
        said = ", ".join(f"{part.replace('_', ' ')} {self._says(part)}" for part in PARTS)
        terminalreporter.write_line(f"parts: {said}")
        for part in self.absent():
            terminalreporter.write_line(
                f"parts: {part.replace('_', ' ')} did not run whole", red=True
            )
        COUNTS.parent.mkdir(exist_ok=True)
        counts = f"{self.passed.total()} passed, {self.failed} failed"
        skipped = f", {self.skipped.total()} skipped" if self.skipped else ""
        COUNTS.write_text(f"{counts}{skipped}\n")

    def _says(self, part: str) -> str:
        if not self.passed[part]:
            return "absent"
        skipped = f" ({self.skipped[part]} skipped)" if self.skipped[part] else ""
        return f"{self.passed[part]}{skipped}"


def pytest_configure(config: pytest.Config) -> None:
    for part in PARTS:
        config.addinivalue_line("markers", f"{part}: set by where a test lies and what it asks for")
    if not hasattr(config, "workerinput"):
        every_part = bool(os.environ.get("DAYBREAK_EVERY_PART"))
        parts = Parts(every_part=every_part, under_ci=bool(os.environ.get("CI")))
        config.pluginmanager.register(parts, "parts")
