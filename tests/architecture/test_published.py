"""What in the tree does not belong in public? Addresses, paths, unfinished marks, secrets."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, published, readable

# The patterns are written so that they do not match themselves.
HOSTS = re.compile(
    r"pypi\.or[g]|pythonhoste[d]|npmjs\.(?:or[g]|co[m])|yarnpk[g]|de[b]\.debian|de[b]ian\.org/debian"
    r"|--(?:extra-)?index-ur[l]|index-ur[l]\s*=",
    re.IGNORECASE,
)
PATHS = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|tm[p]|hom[e]/\w+)/|\.pyen[v]")
WORKPLACE = re.compile(
    r"\bclaud[e]\b|\banthropi[c]\b|\bopena[i]\b|\bchatgp[t]\b|\bcopilo[t]\b|\bcodex cl[i]\b"
    r"|\blanguage mode[l]\b|\bco-authored-b[y]\b",
    re.IGNORECASE,
)
UNFINISHED = re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X]|NotImplementedErro[r])\b")
LOCKS = (
    "requirements.lock",
    "requirements-runtime.lock",
    "requirements-bootstrap.lock",
    "requirements-mutants.lock",
)
BESIDE = {".ci/run", "tests/shared_data"}  # what may say where the shared data lies


def _found(pattern: re.Pattern[str], *, but: frozenset[str] = frozenset()) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in _texts()
        if not name.startswith(tuple(but))
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def _texts() -> Iterator[tuple[str, str]]:
    for path in published():
        yield path.relative_to(ROOT).as_posix(), readable(path)


def test_no_address_of_a_package_registry_stands_anywhere() -> None:
    assert _found(HOSTS) == []


def test_no_path_of_somebodys_machine_stands_anywhere() -> None:
    assert _found(PATHS) == []


def test_nobodys_workplace_is_spoken_of() -> None:
    assert _found(WORKPLACE) == []


def test_nothing_is_marked_as_unfinished() -> None:
    assert _found(UNFINISHED) == []


def test_only_the_tests_of_shared_data_look_outside_the_repository() -> None:
    assert _found(re.compile(r"\.\./share[d]"), but=frozenset(BESIDE)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_python_package_is_locked_by_hash_and_none_by_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    packages = re.findall(r"^[a-z0-9][\w.\-]*==[^\\\n]+\\$", text, re.MULTILINE)
    pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert len(packages) == len(pinned) > 0
    assert "://" not in text


def test_every_npm_package_is_locked_by_hash_and_none_by_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())


@pytest.mark.parametrize("lock", LOCKS[1:3])
def test_what_is_installed_elsewhere_is_the_version_that_is_tested_here(lock: str) -> None:
    tested, other = (_pins((ROOT / name).read_text()) for name in (LOCKS[0], lock))
    assert other
    assert other <= tested


def test_what_is_added_for_mutants_agrees_with_what_is_there() -> None:
    tested, added = (_pins((ROOT / name).read_text()) for name in (LOCKS[0], LOCKS[3]))
    names = {pin.split("==")[0] for pin in tested}
    assert {pin for pin in added if pin.split("==")[0] in names} <= tested


def _pins(text: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][\w.\-]*==[^ \\;]+", text, re.MULTILINE))


def test_no_real_address_telephone_number_or_postcode_is_used_as_an_example() -> None:
    """Synthetic people only: reserved domains, drama numbers, postcodes of no place."""
    mail = re.compile(r"[\w.+-]+@(?![\w.-]*\.(?:example|invalid|test)\b)[\w-]+\.[a-z]{2,}\b")
    spared = frozenset({"package-lock.json", "requirements", "docs/", "LICENSE"})
    assert _found(mail, but=spared) == []


def test_the_tree_carries_no_secret_and_no_data() -> None:
    kept = {".env", "secrets.json"}
    stray = [path for path in published() if path.name in kept or path.suffix in {".db", ".pem"}]
    assert [Path(path).relative_to(ROOT).as_posix() for path in stray] == []
