"""Which versions are installed? Writes the lock files: hashes of everything, addresses of nothing.

A version stays as it is unless pyproject.toml or package.json asks otherwise; `--upgrade` takes
the newest of all.
"""

import re
import subprocess
import sys
from pathlib import Path

from tools.build_pages import NODE, NPM

ROOT = Path(__file__).resolve().parents[1]
FORM = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
    *("--custom-compile-command", "make lock"),
)


def main(arguments: list[str]) -> int:
    _compile("requirements.lock", "pyproject.toml", "--group", "dev", *arguments)
    _compile("requirements-runtime.lock", "pyproject.toml", "-c", "requirements.lock")
    locked = re.search(r"^uv==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked is not None, "uv is in the group dev"
    _compile("requirements-bootstrap.lock", "-", text=locked.group())
    _compile("requirements-mutants.lock", "-", "-c", "requirements.lock", text="mutmut")
    _run(str(NODE), str(NPM), "install", "--package-lock-only", "--loglevel=error")
    return 0


def _compile(target: str, *arguments: str, text: str = "") -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    _run(uv, "pip", "compile", "-q", *arguments, *FORM, "-o", target, text=text)


def _run(*command: str, text: str = "") -> None:
    subprocess.run(command, cwd=ROOT, check=True, input=text.encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
