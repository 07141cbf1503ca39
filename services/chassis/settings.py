"""How is this deployment set up? DAYBREAK_* variables, a .env file, or flags."""

import json
import os
import secrets
from pathlib import Path
from typing import Annotated, Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRETS = ("service_key", "bus_key", "pepper", "service_token")


def _by_commas(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    return [one.strip() for one in given.split(",") if one.strip()]


class SettingMissing(ValueError):
    """A secret that this deployment needs is not set."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DAYBREAK_", env_file=".env", extra="ignore")

    # 32 bytes in hexadecimal each; the embedded deployment makes its own (embedded_settings)
    service_key: str = Field(default="", repr=False)  # wraps the keys of persons
    bus_key: str = Field(default="", repr=False)  # what waits in queues is encrypted with it
    pepper: str = Field(default="", repr=False)  # keyed hashes that services compare
    service_token: str = Field(default="", repr=False)  # how the services know one another

    data_dir: Path = Path(".data")
    database_url: str = Field(default="", repr=False)
    broker_url: str = Field(default="", repr=False)
    namespace: str = ""  # before the names of schemas, exchanges and queues
    directory_url: str = "http://127.0.0.1:8001"
    consent_url: str = "http://127.0.0.1:8002"
    notify_url: str = "http://127.0.0.1:8003"
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_from: str = "no-reply@daybreak.example"
    # e-mail addresses, separated by commas, that may sign in to the pages of the operators
    operators: Annotated[list[str], NoDecode, BeforeValidator(_by_commas)] = []
    allow_private_webhooks: bool = False
    log_level: str = "info"

    def service_key_bytes(self, service: str) -> bytes:
        """One service's own key: what one service sealed, another cannot open."""
        master = self._secret("service_key")
        info = f"daybreak service key {service}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)

    @property
    def bus_key_bytes(self) -> bytes:
        return self._secret("bus_key")

    @property
    def pepper_bytes(self) -> bytes:
        return self._secret("pepper")

    def missing_for_distributed(self) -> list[str]:
        """The variables that the distributed deployment cannot do without."""
        return self.missing(*SECRETS, "database_url", "broker_url")

    def missing(self, *names: str) -> list[str]:
        """Those of the variables that are not set."""
        return [f"DAYBREAK_{name.upper()}" for name in names if not getattr(self, name)]

    def masked(self) -> dict[str, str]:
        """For people to read: every secret, and every address with a password in it, hidden."""
        hidden = {*SECRETS, "database_url", "broker_url"}
        return {
            name: ("(set)" if value else "(not set)") if name in hidden else str(value)
            for name, value in self.model_dump().items()
        }

    def _secret(self, name: str) -> bytes:
        text: str = getattr(self, name)
        try:
            value = bytes.fromhex(text)
        except ValueError:
            value = b""
        if len(value) != 32:
            raise SettingMissing(f"DAYBREAK_{name.upper()} must be 32 bytes in hexadecimal")
        return value


def schema_name(namespace: str, service: str) -> str:
    return f"{namespace}_{service}" if namespace else service


def ephemeral_settings(base: Settings | None = None, **overrides: Any) -> Settings:
    """Settings with secrets of their own, gone with the process: scenarios and tests."""
    fresh = {name: secrets.token_hex(32) for name in SECRETS}
    return (base or Settings()).model_copy(update={**fresh, **overrides})


def embedded_settings(base: Settings) -> Settings:
    """Secrets made once and kept in the data folder, readable by its owner only.

    A secret that is set explicitly goes before the one in the folder.
    """
    base.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = base.data_dir / "secrets.json"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = json.loads(file.read_text())
    else:
        kept = {name: secrets.token_hex(32) for name in SECRETS}
        with os.fdopen(descriptor, "w") as written:
            json.dump(kept, written)
            written.flush()
            os.fsync(written.fileno())
    missing = {name: kept[name] for name in SECRETS if not getattr(base, name)}
    return base.model_copy(update=missing)
