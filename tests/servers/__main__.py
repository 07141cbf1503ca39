"""Which servers do the tests speak to? `python -m tests.servers up | down | run -- COMMAND`.

Servers named in DAYBREAK_TEST_POSTGRES and DAYBREAK_TEST_BROKER are used when they answer, then
those that `up` left running; what is still missing is installed and started here, privately.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.servers import postgres, rabbitmq
from tests.servers.machine import (
    CannotServe,
    chromium,
    install,
    postgres_folder,
    private_folder,
    rabbitmq_folder,
    say,
)

CACHE = Path(__file__).resolve().parents[2] / ".cache"
STATE = CACHE / "servers.json"
ENVIRONMENT = CACHE / "servers.env"
DSN, BROKER, AGENCY, BROWSER = (
    "DAYBREAK_TEST_POSTGRES",
    "DAYBREAK_TEST_BROKER",
    "DAYBREAK_TEST_BROKER_AGENCY",
    "DAYBREAK_TEST_CHROMIUM",
)


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["up"]:
                return up()
            case ["down"]:
                return down()
            case ["run", "--", *command] if command:
                return run(command)
            case ["ctl", *command] if command:
                print(rabbitmq.control(_state()["rabbitmq"], *command), end="")
                return 0
            case _:
                print(f"{__doc__}", file=sys.stderr)
                return 2
    except CannotServe as problem:
        say(str(problem))
        return 1


def up() -> int:
    """Leave them running, for one shell after another."""
    found = _answering()
    state = _state() if DSN in found or BROKER in found else {}
    found, started = _complete(found)
    CACHE.mkdir(exist_ok=True)
    STATE.write_text(json.dumps({**state, **started}))
    STATE.chmod(0o600)
    lines = "".join(f"export {name}='{value}'\n" for name, value in found.items())
    ENVIRONMENT.write_text(lines)
    ENVIRONMENT.chmod(0o600)
    print(lines, end="")
    return 0


def down() -> int:
    _stop(_state())
    STATE.unlink(missing_ok=True)
    ENVIRONMENT.unlink(missing_ok=True)
    return 0


def run(command: list[str]) -> int:
    """Run one command beside the servers, then stop those that were started for it."""
    found, started = _complete(_answering())
    try:
        with _interrupted():
            return subprocess.run(command, env={**os.environ, **found}, check=False).returncode
    finally:
        _stop(started)


def read_environment() -> dict[str, str]:
    """What `up` left in .cache/servers.env, under what the environment says."""
    left: dict[str, str] = {}
    if ENVIRONMENT.exists():
        for line in ENVIRONMENT.read_text().splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            left[name] = value.strip("'")
    return {**left, **{name: os.environ[name] for name in os.environ if name in NAMES}}


NAMES = (DSN, BROKER, AGENCY, BROWSER)


def _answering() -> dict[str, str]:
    """Those servers, named or left running, that answer now."""
    checks: Mapping[str, Callable[[str], bool]] = {
        DSN: postgres.answers,
        BROKER: rabbitmq.answers,
        AGENCY: rabbitmq.answers,
        BROWSER: lambda path: Path(path).exists(),
    }
    found: dict[str, str] = {}
    for name, value in read_environment().items():
        if name in checks and checks[name](value):
            found[name] = value
        else:
            say(f"{name} is set and does not answer; starting a private one instead")
    return found


def _complete(found: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    _install_missing(found)
    if BROWSER not in found:
        found = {**found, BROWSER: chromium() or ""}
    wanted = [name for name in (DSN, BROKER) if name not in found]
    if not wanted:
        return found, {}
    started: dict[str, Any] = {"base": str(private_folder())}
    base = Path(started["base"])
    try:
        if DSN in wanted:
            started["postgres"] = postgres.start(base)
            found = {**found, DSN: started["postgres"]["dsn"]}
        if BROKER in wanted:
            started["rabbitmq"] = rabbitmq.start(base)
            urls = {BROKER: "url", AGENCY: "agency_url"}
            found = {**found, **{name: started["rabbitmq"][key] for name, key in urls.items()}}
    except BaseException:  # also an interrupt: nothing that was started may outlive it
        _stop(started)
        raise
    return found, started


def _install_missing(found: Mapping[str, str]) -> None:
    """Also beside servers that are named: some tests stop and start one of their own."""
    needed = {
        "postgresql": postgres_folder() is not None,
        "rabbitmq-server": rabbitmq_folder() is not None,
        "chromium": BROWSER in found or chromium() is not None,
    }
    if missing := [package for package, there in needed.items() if not there]:
        install(missing)


def _stop(state: dict[str, Any]) -> None:
    if "rabbitmq" in state:
        rabbitmq.stop(state["rabbitmq"])
    if "postgres" in state:
        postgres.stop(state["postgres"])
    if "base" in state:
        shutil.rmtree(state["base"], ignore_errors=True)


def _state() -> dict[str, Any]:
    state: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
    return state


@contextlib.contextmanager
def _interrupted() -> Iterator[None]:
    """A termination stops the servers too, in the `finally` of the caller."""

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
