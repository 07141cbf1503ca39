"""What is in the tree? The modules of the product, and every file that would be published."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("notify", "consent", "directory")
# What several slices of a service may share: none of it knows a slice.
BELOW_SLICES = {"domain", "readmodels", "streams", "cases"}


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def parts(self) -> tuple[str, ...]:
        return self.path.relative_to(ROOT).with_suffix("").parts

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def code_lines(self) -> int:
        """Without blank lines, comments and docstrings (ADR 0021)."""
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        prose = {
            number
            for node in ast.walk(self.tree)
            if isinstance(node, documented) and ast.get_docstring(node) is not None
            for number in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
        }
        return sum(
            number not in prose and bool(line.strip()) and not line.strip().startswith("#")
            for number, line in enumerate(self.text.splitlines(), 1)
        )

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules(*under: str) -> tuple[Module, ...]:
    """All modules of the product below `under`, `__init__` left out."""
    folders = under or ("services", "contracts")
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(Module(path) for path in sorted(found) if path.name != "__init__.py")


@cache
def published() -> tuple[Path, ...]:
    """Every file that git would carry, also those not added yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def readable(path: Path) -> str:
    """The text of a published file; a picture or an archive has none."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")
