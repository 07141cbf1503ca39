"""How many children are sent to the right school, how many to a person, and how many wrongly?

    python -m bench.finding --pupils 500000 --looks 5000

The product's own look-ups over a synthetic county (bench.children). A wrong send is one school that
the child is not at; the bar is none.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from bench.children import TODAY, Asked, Child, asked, children
from bench.percentiles import at
from bench.registers import PEPPER, Log, fill, school
from contracts import identity
from contracts.messages import PupilKeys, Routing
from services.chassis.database import Database, open_database
from services.directory.finding import tables as findings
from services.directory.finding.blocks import Described
from services.directory.finding.candidates import Candidate, candidates
from services.directory.readmodels import tables as directory_tables
from services.notify.domain.placement import place
from services.notify.readmodels import book, pages

_PUPILS_OF_A_SCHOOL = 400


@dataclass
class Figures:
    """Counts of look-ups; times in seconds. `reviewed` are those that a person is asked."""

    looks: int = 0
    on_no_roll: int = 0
    right: int = 0
    partly: int = 0  # one of two schools
    wrong: int = 0
    reviewed: int = 0
    at_first: int = 0
    among_five: int = 0
    found_in: list[float] = field(default_factory=list)
    weighed_in: list[float] = field(default_factory=list)

    def lines(self) -> list[str]:
        placed = self.looks - self.on_no_roll
        some = max(1, self.reviewed)
        return [
            f"look-ups {self.looks}, of children on no roll {self.on_no_roll}",
            f"wrong sends {self.wrong}",
            f"right without a person {self.right} ({_share(self.right, placed)}), "
            f"to one of two schools {self.partly}",
            f"for a person, though on a roll {self.reviewed} ({_share(self.reviewed, placed)}): "
            f"the school first {_share(self.at_first, some)}, "
            f"among five {_share(self.among_five, some)}",
            f"deterministic p50 {at(self.found_in, 0.50):.1f} ms, "
            f"p99 {at(self.found_in, 0.99):.1f} ms",
            f"candidates p50 {at(self.weighed_in, 0.50):.1f} ms, "
            f"p99 {at(self.weighed_in, 0.99):.1f} ms",
        ]


def _share(one: int, of: int) -> str:
    return f"{100 * one / max(1, of):.2f} %"


async def measure(
    folder: Path, pupils: int, looks: int, seed: int = 1, tell: Callable[[str], None] = print
) -> Figures:
    schools = max(10, pupils // _PUPILS_OF_A_SCHOOL)
    directory = await open_database(f"sqlite:///{folder / 'directory.db'}")
    notify = await open_database(f"sqlite:///{folder / 'notify.db'}")
    try:
        for metadata in (directory_tables.METADATA, findings.METADATA):
            await directory.create(metadata)
        await notify.create(book.METADATA)
        began, log = perf_counter(), Log()
        county = list(children(pupils, schools, seed))
        await fill(directory, notify, log, county, schools)
        tell(f"{len(log.entries)} entries of {schools} registers in {perf_counter() - began:.0f} s")
        return await _looks(directory, notify, log, county, looks, Random(seed + 1))
    finally:
        await directory.close()
        await notify.close()


async def _looks(
    directory: Database, notify: Database, log: Log, county: list[Child], looks: int, draw: Random
) -> Figures:
    figures = Figures()
    handles: Any = SimpleNamespace(database=directory, store=log, pepper=PEPPER)
    for child in draw.sample(county, looks):
        one, truth = asked(child, draw), {school(one_of) for one_of in child.schools}
        found, took = await _timed(_sent(notify, one))
        figures.found_in.append(took)
        figures.looks += 1
        figures.on_no_roll += not truth
        figures.wrong += bool(found - truth)
        figures.right += bool(truth) and found == truth
        figures.partly += bool(found) and found < truth
        if found or not one.given:
            continue
        shown, took = await _timed(_candidates(handles, one))
        figures.weighed_in.append(took)
        if truth:
            named = [str(each.school.id) for each in shown]
            figures.reviewed += 1
            figures.at_first += bool(truth & set(named[:1]))
            figures.among_five += bool(truth & set(named))
    return figures


async def _timed(work: Coroutine[Any, Any, Any]) -> tuple[Any, float]:
    began = perf_counter()
    return await work, perf_counter() - began


async def _sent(notify: Database, one: Asked) -> set[str]:
    keys = _keys(one)
    async with notify.reading() as tx:
        found = (await pages.for_children(tx, [keys]))[keys]
    placement = place("education", Routing(pupil=keys), found, TODAY)
    return {target.organisation for target in placement.targets}


def _keys(one: Asked) -> PupilKeys:
    person: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    if one.born is not None:
        facts = (one.born, one.postcode)
        person = (identity.person_key(PEPPER, one.given, one.family, *facts),)
        also = tuple(identity.plain_person_keys(PEPPER, [(one.given, one.family)], *facts))
    return PupilKeys(
        upn=identity.upn_key(PEPPER, one.truth.upn) if one.upn else None,
        nhs=identity.numbered_key(PEPPER, one.truth.nhs, one.born)
        if one.nhs and one.born
        else None,
        person=person,
        also=also,
    )


async def _candidates(handles: Any, one: Asked) -> list[Candidate]:
    wanted = Described(names=((one.given, one.family),), born=one.born, postcode=one.postcode)
    return await candidates(handles, wanted, TODAY)


def main() -> None:
    reading = argparse.ArgumentParser(prog="python -m bench.finding")
    reading.add_argument("--pupils", type=int, default=500_000)
    reading.add_argument("--looks", type=int, default=5_000)
    reading.add_argument("--seed", type=int, default=1)
    said = reading.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder), said.pupils, said.looks, said.seed))
    print("\n".join(figures.lines()))


if __name__ == "__main__":
    main()
