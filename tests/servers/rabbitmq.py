"""How does a private RabbitMQ for the tests start, answer and stop?

Its own epmd, node name, ports and folders, all on loopback: it never meets a broker that is
already on the machine.
"""

import asyncio
import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import aiormq

from tests.servers.machine import (
    CannotServe,
    free_port,
    give,
    identity,
    rabbitmq_folder,
    say,
)

USER = "rabbitmq"
VHOST = "daybreak"
AGENCY = "north-police"  # a plain agency: it may publish to `agencies` and read its own answers


def start(base: Path) -> dict[str, Any]:
    """Answer what `stop` needs, the `url` of an administrator and the `agency_url`."""
    home = base / "rabbitmq"
    give(home, USER)
    ports = {"amqp": free_port(), "dist": free_port(), "epmd": free_port()}
    passwords = {"daybreak": secrets.token_hex(16), AGENCY: secrets.token_hex(16)}
    _write_configuration(home, ports, passwords)
    environment = _environment(home, ports)
    state: dict[str, Any] = {"home": str(home), "environment": environment}
    # Started by hand, in the foreground: then its pid is known and it can be ended by it.
    state["epmd"] = _spawn([_epmd(), "-address", "127.0.0.1", "-port", str(ports["epmd"])], state)
    state["server"] = _spawn([_script("rabbitmq-server")], state)
    try:
        control(state, "wait", "--timeout", "120", str(home / "pid"))
        control(state, "await_startup", "--timeout", "120")
    except CannotServe:
        stop(state)
        raise
    state["url"], state["agency_url"] = (
        f"amqp://{user}:{password}@127.0.0.1:{ports['amqp']}/{VHOST}"
        for user, password in passwords.items()
    )
    say(f"started RabbitMQ on port {ports['amqp']}")
    return state


def stop(state: dict[str, Any]) -> None:
    try:
        control(state, "shutdown")
    except CannotServe:
        _end(state["server"])
    _end(state["epmd"])
    say("stopped RabbitMQ")


def control(state: dict[str, Any], *arguments: str) -> str:
    """One call of rabbitmqctl on this node."""
    done = subprocess.run(
        [_script("rabbitmqctl"), *arguments],
        cwd=state["home"],
        env={**os.environ, **state["environment"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **identity(USER),
        check=False,
    )
    if done.returncode:
        raise CannotServe(f"rabbitmqctl {arguments[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def answers(url: str) -> bool:
    async def ask() -> bool:
        try:
            connection = await asyncio.wait_for(aiormq.connect(url), timeout=10)
        except (OSError, TimeoutError, aiormq.exceptions.AMQPError):
            return False
        await connection.close()
        return True

    return asyncio.run(ask())


def _environment(home: Path, ports: dict[str, int]) -> dict[str, str]:
    return {
        "HOME": str(home),  # holds the Erlang cookie
        "ERL_EPMD_PORT": str(ports["epmd"]),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"daybreak{ports['amqp']}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(ports["amqp"]),
        "RABBITMQ_DIST_PORT": str(ports["dist"]),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }


def _write_configuration(home: Path, ports: dict[str, int], passwords: dict[str, str]) -> None:
    definitions = home / "definitions.json"
    definitions.write_text(json.dumps(_definitions(passwords)))
    (home / "rabbitmq.conf").write_text(
        f"listeners.tcp.default = 127.0.0.1:{ports['amqp']}\n"
        f"load_definitions = {definitions}\n"
        "log.console = false\n"
        "disk_free_limit.absolute = 50MB\n"
    )
    (home / "enabled_plugins").write_text("[].\n")


def _definitions(passwords: dict[str, str]) -> dict[str, Any]:
    """Users and rights, loaded at the first start instead of seven calls of rabbitmqctl."""
    tags = {"daybreak": ["administrator", "impersonator"], AGENCY: []}
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    of_an_agency = {
        "configure": rf"^(amq\.gen|{AGENCY}\.)",
        "write": rf"(agencies$|^amq\.gen|^{AGENCY}\.)",
        "read": rf"^(amq\.gen|{AGENCY}\.)",
    }
    return {
        "vhosts": [{"name": VHOST}],
        "users": [
            {
                "name": user,
                "password_hash": _hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": tags[user],
            }
            for user, password in passwords.items()
        ],
        "permissions": [
            {"user": "daybreak", "vhost": VHOST, **everything},
            {"user": AGENCY, "vhost": VHOST, **of_an_agency},
        ],
        # The routing key is the type of the event; this agency is a police force.
        "topic_permissions": [
            {
                "user": AGENCY,
                "vhost": VHOST,
                "exchange": "agencies",
                "write": r"^(police|consent|referral|marac)\.",
                "read": "^$",
            }
        ],
    }


def _hash(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _script(name: str) -> str:
    folder = rabbitmq_folder()
    assert folder is not None, "installed before it is started"
    return str(folder / name)


def _epmd() -> str:
    found = shutil.which("epmd")
    if found is None:
        raise CannotServe("epmd, Erlang's port mapper, is missing")
    return found


def _spawn(command: list[str], state: dict[str, Any]) -> int:
    with (Path(state["home"]) / "output").open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=state["home"],
            env={**os.environ, **state["environment"]},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **identity(USER),
        )
    return process.pid


def _end(group: int) -> None:
    """The process and what it started: each was given a session of its own."""
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        return
