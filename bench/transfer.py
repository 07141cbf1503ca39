"""What does it cost to tell a country's schools and an area's pupils? `python -m bench.transfer`.

A register of full size goes in twice and cut, pupils are registered, and consent and notify make
their books from nothing. Then their files are searched for a pupil's name and day of birth.
Synthetic from end to end; the embedded deployment in a folder of its own, each step once.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
from sqlalchemy import Table, func, select

from contracts.identity import person_key, upn_key
from services.chassis.apikeys import ApiKeys
from services.chassis.clock import SystemClock
from services.chassis.database import Database
from services.chassis.logs import configure_logs
from services.commands.opening import Opened, opened
from services.consent.directory import AreaBook
from services.consent.readmodels.tables import ORGANISATIONS as OF_CONSENT
from services.directory.cli import import_gias
from services.directory.domain.report import UnreadableFile
from services.directory.handles import Directory, acting, open_directory
from services.directory.streams import register
from services.directory.streams.register import Pupil, RegisterPupils
from services.notify.addressbook.directory import AddressBook
from services.notify.readmodels.book import ENROLMENTS, ORGANISATIONS
from tests.directory.samples import as_file, heading, row

_NAME, _BORN = "Zebedee", date(2016, 2, 29)
_ROLL = 1_000  # pupils of one school


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--organisations", type=int, default=52_000)
    options.add_argument("--pupils", type=int, default=500_000)
    chosen = options.parse_args()
    configure_logs("error")
    cache = Path(__file__).resolve().parents[1] / ".cache"
    with tempfile.TemporaryDirectory(prefix="transfer-", dir=cache) as folder:
        asyncio.run(_measure(Path(folder), chosen.organisations, chosen.pupils))


async def _measure(folder: Path, organisations: int, pupils: int) -> None:
    file = folder / "edubasealldata.csv"
    file.write_bytes(as_file([heading(), *_register(organisations)]))
    async with opened(folder / "house") as house:
        directory = open_directory(
            store=house.storage.stores["directory"],
            database=house.storage.databases["directory"],
            clock=SystemClock(),
            settings=house.settings,
        )
        for name in ("register, first time", "register, again"):
            with _Step(name) as step:
                report = await import_gias(directory, file)
                step.says = f"{report.added} added, {report.changed} changed"
        await _cut(directory, file)
        with _Step("pupils registered") as step:
            step.says = f"{await _pupils(directory, pupils)} pupils"
        with _Step("directory's own rows") as step:
            await directory.book.catch_up()
            await directory.schools.catch_up()
        await _books(house)
    _search(folder / "house")


async def _books(house: Opened) -> None:
    app = house.house.services["directory"].app
    transport = httpx.ASGITransport(app=app)
    token = house.settings.service_token
    async with httpx.AsyncClient(transport=transport, base_url="http://directory") as client:
        for name, book, tables in (
            ("notify", AddressBook, (ORGANISATIONS, ENROLMENTS)),
            ("consent", AreaBook, (OF_CONSENT,)),
        ):
            database = house.storage.databases[name]
            with _Step(f"{name}: its book from nothing") as step:
                held = await book(database, ApiKeys(database)).rebuild(client, token)
                rows = [f"{table.name} {await _count(database, table)}" for table in tables]
                step.says = f"{held} states; rows: {', '.join(rows)}"


class _Step:
    """One line when it is over: what it was, seconds, and the largest memory so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = 0.0
        self.says = ""

    def __enter__(self) -> "_Step":
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        took = time.perf_counter() - self._began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{self._name}: {took:.1f} s, peak {peak:,} MB. {self.says}", flush=True)


def _register(rows: int) -> Iterator[list[str]]:
    """Half of them closed, a tenth of no interest, as in the register itself."""
    for at in range(rows):
        said = {"STATUS": "2", "CLOSE": "31-08-2020"} if at % 2 else {"STATUS": "1"}
        if at % 10 == 0:
            said |= {"TYPE": "29", "GROUP": "2"}
        place = {"TOWN": "Testham", "POSTCODE": "ZZ99 3CZ", "NUMBER": f"{1000 + at % 9000}"}
        yield row(900_000 + at, f"School Test {at}", **said, **place)


async def _cut(directory: Directory, file: Path) -> None:
    """In the middle of its last row, and at the end of a row half-way."""
    data = file.read_bytes()
    half = data.index(b"\r\n", len(data) // 2) + 2
    for name, part in (("in a row", data[:-40]), ("half-way", data[:half])):
        cut = file.with_suffix(".cut")
        cut.write_bytes(part)
        try:
            await import_gias(directory, cut)
        except UnreadableFile as refused:
            print(f"cut {name}: refused whole: {refused}", flush=True)
        else:
            raise AssertionError(f"a register cut {name} was taken")


async def _pupils(directory: Directory, wanted: int) -> int:
    """Registered school by school, as uploads are."""
    done = 0
    while done < wanted:
        school = f"urn-{900_002 + 2 * (done // _ROLL) * 5}"
        pupils = tuple(_pupil(directory, at) for at in range(done, min(done + _ROLL, wanted)))
        command = RegisterPupils(organisation=school, pupils=pupils, at=directory.clock.now())
        stream = register.stream_of(school)
        await directory.registers.handle(stream, command, acting("bench"))
        done += len(pupils)
    return done


def _pupil(directory: Directory, at: int) -> Pupil:
    born = _BORN - timedelta(days=at % 4_000)
    family, upn = f"Test-{at}", f"SYN-{at}"
    keys = person_key(directory.pepper, _NAME, family, born, "ZZ99 3CZ")
    details = {
        "given_name": _NAME,
        "family_name": family,
        "date_of_birth": born.isoformat(),
        "postcode": "ZZ99 3CZ",
    }
    return Pupil(upn=upn_key(directory.pepper, upn), person=keys, details=details)


async def _count(database: Database, table: Table) -> int:
    async with database.reading() as tx:
        counted = await tx.execute(select(func.count()).select_from(table))
        return int(counted.scalar_one())


def _search(folder: Path) -> None:
    """Bytes of every file of consent and of notify: in no table, index or log."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("directory"):
            data = file.read_bytes()
            found = [text for text in (_NAME, _BORN.isoformat()) if text.encode() in data]
            print(f"{file.name}: {len(data) // 2**20} MB, personal: {found or 'nothing'}")


if __name__ == "__main__":
    main()
