"""The product's own processes, started as an operator would and killed as nobody would."""

import asyncio
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from services.chassis.settings import SECRETS

_COMMAND = [sys.executable, "-m", "services.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """A set of commands that are kept running: what is killed is started again."""

    def __init__(self, environment: dict[str, str], commands: dict[str, list[str]]) -> None:
        self._environment = {**os.environ, **environment}
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str | None = None) -> None:
        for one in [name] if name else list(self._commands):
            self._running[one] = subprocess.Popen(
                [*_COMMAND, *self._commands[one]],
                env=self._environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def run(self, *command: str) -> None:
        """A command that ends by itself, and well."""
        subprocess.run([*_COMMAND, *command], env=self._environment, check=True, timeout=120)

    def kill(self, name: str) -> None:
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()

    def kill_one(self, chance: random.Random) -> str:
        """SIGKILL one of them, started again at once."""
        name = chance.choice(sorted(self._commands))
        self.kill(name)
        self.start(name)
        return name

    def died(self) -> dict[str, int]:
        """Those that ended by themselves, with their exit status."""
        codes = {name: process.poll() for name, process in self._running.items()}
        return {name: code for name, code in codes.items() if code is not None}

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Running:
    """Where the three services of a deployment answer."""

    def __init__(self, processes: Processes, urls: dict[str, str], token: str) -> None:
        self.processes = processes
        self.urls = urls
        self.token = token
        self._keys: dict[str, str] = {}
        self.http = httpx.AsyncClient(timeout=20, trust_env=False)

    async def request(
        self, method: str, path: str, *, agency: str | None = None, **kwargs: object
    ) -> httpx.Response:
        """Asked again until somebody answers: a killed process is away for a moment."""
        token = await self.key(agency) if agency else self.token
        headers = {"authorization": f"Bearer {token}", **kwargs.pop("headers", {})}  # type: ignore[dict-item]
        url = self.urls[path.split("/")[1]] + path
        last = "no connection"
        for _ in range(240):
            try:
                answer = await self.http.request(method, url, headers=headers, **kwargs)  # type: ignore[arg-type]
            except httpx.TransportError:
                await asyncio.sleep(0.25)
                continue
            # A key is known to a service as soon as the directory's message has reached it.
            if answer.status_code == 401 or answer.status_code >= 500:
                last = answer.text
                await asyncio.sleep(0.25)
                continue
            return answer
        raise AssertionError(f"{method} {path}: nobody answered, {last}; {self.processes.died()}")

    async def answering(self) -> None:
        """Every service answers again; a machine under load takes its time."""
        for url in set(self.urls.values()):
            for _ in range(240):
                try:
                    await self.http.get(f"{url}/health/live")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.25)

    async def key(self, agency: str) -> str:
        if agency not in self._keys:
            body = {"agency": agency, "roles": ["publisher", "recipient"]}
            answer = await self.request("POST", "/directory/v1/keys", json=body)
            assert answer.is_success, answer.text
            self._keys[agency] = answer.json()["key"]
        return self._keys[agency]

    async def close(self) -> None:
        await self.http.aclose()
        self.processes.stop()


def _secrets() -> dict[str, str]:
    return {f"DAYBREAK_{name.upper()}": secrets.token_hex(32) for name in SECRETS}


def embedded(folder: Path, smtp_port: int) -> Running:
    port = free_port()
    environment = {
        **_secrets(),
        "DAYBREAK_SMTP_PORT": str(smtp_port),
        "DAYBREAK_ALLOW_PRIVATE_WEBHOOKS": "true",
    }
    commands = {"daybreak": ["serve", "--data", str(folder), "--port", str(port)]}
    url = f"http://127.0.0.1:{port}"
    urls = dict.fromkeys(("notify", "consent", "directory"), url)
    return Running(Processes(environment, commands), urls, environment["DAYBREAK_SERVICE_TOKEN"])


def distributed(dsn: str, broker: str, namespace: str, smtp_port: int) -> Running:
    ports = {name: free_port() for name in ("notify", "consent", "directory")}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    environment = {
        **_secrets(),
        **{f"DAYBREAK_{name.upper()}_URL": url for name, url in urls.items()},
        "DAYBREAK_SMTP_PORT": str(smtp_port),
        "DAYBREAK_ALLOW_PRIVATE_WEBHOOKS": "true",
        "DAYBREAK_DATABASE_URL": dsn,
        "DAYBREAK_BROKER_URL": broker,
        "DAYBREAK_NAMESPACE": namespace,
    }
    commands = {}
    for name, port in ports.items():
        commands[f"{name} api"] = [name, "api", "--host", "127.0.0.1", "--port", str(port)]
        commands[f"{name} worker"] = [name, "worker"]
        commands[f"{name} second worker"] = [name, "worker"]  # replicas share the work
    return Running(Processes(environment, commands), urls, environment["DAYBREAK_SERVICE_TOKEN"])


def pages(
    running: Running, dsn: str, namespace: str, smtp_port: int, operator: str
) -> tuple[Processes, str]:
    """The pages of a distributed deployment, given what its manifests give them and no more."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "DAYBREAK_SERVICE_TOKEN": running.token,
        "DAYBREAK_DATABASE_URL": dsn,
        "DAYBREAK_NAMESPACE": namespace,
        **{f"DAYBREAK_{name.upper()}_URL": where for name, where in running.urls.items()},
        "DAYBREAK_PUBLIC_URL": url,
        "DAYBREAK_OPERATORS": operator,
        "DAYBREAK_SMTP_PORT": str(smtp_port),
    }
    command = ["front", "--host", "127.0.0.1", "--port", str(port)]
    return Processes(environment, {"front": command}), url
