"""Which real servers does a test speak to? Absent ones fail a test; nothing is skipped."""

import pytest
from hypothesis import settings

from tests.servers.__main__ import AGENCY, BROKER, DSN, read_environment

# A machine that others use too is slow at times: what hangs is caught by the time limit of a test.
settings.register_profile("daybreak", deadline=None)
settings.load_profile("daybreak")

pytest_plugins = ("tests.parts", "tests.branches")


def _needed(name: str) -> str:
    value = read_environment().get(name)
    if not value:
        pytest.fail(f"{name} is not set: run `make test`, or `python -m tests.servers up` first")
    return value


@pytest.fixture(scope="session")
def postgres_dsn() -> str:
    """A superuser's address; a test makes its own schema, and only there."""
    return _needed(DSN)


@pytest.fixture(scope="session")
def broker_url() -> str:
    """An administrator's address; a test uses its own namespace, and only that."""
    return _needed(BROKER)


@pytest.fixture(scope="session")
def agency_broker_url() -> str:
    """The address of a plain agency (`north-police`), as the broker itself knows it."""
    return _needed(AGENCY)
