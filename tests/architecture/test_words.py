"""Does each word stand only where it belongs? A leak of words comes before a leak of roles."""

import re

import pytest

from tests.architecture.sources import ROOT, modules, published, readable

# What the chassis would have to know to be about safeguarding.
DOMAIN = (
    "school pupil child children police officer force incident consent safeguard marac "
    "guardian victim harmed perpetrator abuse treatment referral disclosure disclose audience "
    "agreement gias urn upn nhs inbox organisation establishment safeguarding"
).split()
DIALECTS = ("sqlite", "rabbit", "postgres", "asyncpg", "aio_pika", "aiormq")
HOMES = (
    "services/chassis/",
    "services/all_in_one.py",
    "services/distributed.py",
    "services/commands/",  # the command line is a composition root
)


@pytest.mark.parametrize("word", DOMAIN)
def test_the_chassis_has_no_word_of_the_domain(word: str) -> None:
    pattern = re.compile(rf"\b{word}(s|ed|ing|ement)?\b", re.IGNORECASE)
    found = [module.name for module in modules("services/chassis") if pattern.search(module.text)]
    assert found == []


@pytest.mark.parametrize("word", DIALECTS)
def test_no_database_or_broker_is_named_outside_its_home(word: str) -> None:
    found = [
        module.name
        for module in modules()
        if not module.name.startswith(HOMES) and word in " ".join(module.imports()).lower()
    ]
    assert found == []


@pytest.mark.parametrize("word", ["sqlite", "rabbit", "postgres"])
def test_no_service_says_which_database_or_broker_it_runs_on(word: str) -> None:
    services = ("services/notify", "services/consent", "services/directory", "contracts")
    found = [module.name for module in modules(*services) if word in module.text.lower()]
    assert [name for name in found if not name.endswith("__main__.py")] == []


@pytest.mark.parametrize("word", ["alert", "perpetrator", "offender"])
def test_pages_say_notification_and_the_other_adult(word: str) -> None:
    pages = [path for path in published() if path.suffix == ".html"]
    assert pages
    assert not [
        path.relative_to(ROOT).as_posix()
        for path in pages
        if re.search(rf"\b{word}", readable(path), re.IGNORECASE)
    ]


@pytest.mark.parametrize("suffix", ["Manager", "Helper", "Util", "Utils"])
def test_no_name_hides_what_a_thing_does(suffix: str) -> None:
    pattern = re.compile(rf"^\s*class \w*{suffix}\b", re.MULTILINE)
    assert [module.name for module in modules() if pattern.search(module.text)] == []
    assert [module.name for module in modules() if module.path.stem == suffix.lower()] == []
