"""What does this machine have, and what must be installed, for the servers of the tests?"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

POLICY = Path("/usr/sbin/policy-rc.d")  # Debian's own way to say: install, but start no service


class Identity(TypedDict, total=False):
    """What subprocess needs to start a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


class CannotServe(Exception):
    """A server of the tests cannot be had here: the message says what is missing."""


def say(text: str) -> None:
    print(f"servers: {text}", file=sys.stderr, flush=True)


def is_root() -> bool:
    return os.geteuid() == 0


def identity(user: str) -> Identity:
    """PostgreSQL refuses to run as root and RabbitMQ should not, so root lends them a user."""
    if not is_root():
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(folder: Path, user: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if is_root():
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def private_folder() -> Path:
    """Outside the repository, since the servers' users may not be able to enter it."""
    folder = Path(tempfile.mkdtemp(prefix="daybreak-servers-"))
    folder.chmod(0o755)
    if is_root() and not all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        shutil.rmtree(folder)
        raise CannotServe(
            "the temporary folder is closed to other users: set TMPDIR to an open one"
        )
    return folder


def chromium() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def postgres_folder() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them off the PATH, one folder for each version."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(debian, key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def rabbitmq_folder() -> Path | None:
    """The scripts themselves; Debian's wrappers on the PATH insist on root or one user."""
    debian = Path("/usr/lib/rabbitmq/bin")
    if (debian / "rabbitmq-server").exists():
        return debian
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve().parent if found else None


def install(packages: Sequence[str]) -> None:
    """Debian's packages, without the services that they would start on the default ports."""
    if not is_root() or shutil.which("apt-get") is None:
        raise CannotServe(
            f"missing: {', '.join(packages)}. Install them, or run once as root on Debian or "
            "Ubuntu, or name servers in DAYBREAK_TEST_POSTGRES and DAYBREAK_TEST_BROKER"
        )
    say(f"installing {', '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run(
                ["apt-get", "-q", *step],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise CannotServe(f"apt-get {step[0]} failed:\n{done.stdout}{done.stderr}")
    finally:
        if ours:
            POLICY.unlink()
