"""Does a register of full size go through? 52,000 rows, through the parser and every decision."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path

from services.directory.cli import import_gias
from services.directory.domain.report import RowProblem
from services.directory.gias.establishing import id_of, left_out, wishes_for
from services.directory.gias.establishments_file import open_establishments
from services.directory.streams.organisation import UNKNOWN, evolve
from services.directory.streams.organisation_commands import Change, decide
from tests.directory.house import open_house
from tests.directory.samples import as_file, heading, row

ROWS = 52_000
SOME = 2_000
NOON = datetime(2026, 2, 13, 12, 0, tzinfo=UTC)
PARSER_SECONDS = 60  # of the processor; measured about 5


def register(rows: int) -> Iterator[list[str]]:
    """Half of them closed, a tenth of no interest, as in the register itself."""
    for at in range(rows):
        said = {"STATUS": "2", "CLOSE": "31-08-2020"} if at % 2 else {"STATUS": "1"}
        if at % 10 == 0:
            said |= {"TYPE": "29", "GROUP": "2"}
        yield row(900_000 + at, f"School Test {at}", **said)


def test_every_row_of_a_full_register_is_read_and_decided(tmp_path: Path) -> None:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(as_file([heading(), *register(ROWS)]))
    began = time.process_time()
    said: Counter[str] = Counter()
    for each in open_establishments(path):
        assert not isinstance(each, RowProblem)
        establishment = each[1]
        if why := left_out(establishment):
            said[why] += 1
            continue
        wishes, _ = wishes_for(establishment, None, date(2026, 2, 13))
        change = Change(organisation=id_of(establishment.urn), wishes=tuple(wishes), at=NOON)
        events = decide(change, UNKNOWN)
        known = reduce(evolve, events, UNKNOWN)
        assert (known.closed_on is not None) == (int(establishment.urn) % 2 == 1)
        said.update(type(event).__name__ for event in events)
    took = time.process_time() - began
    assert said["OrganisationSet"] == ROWS * 9 // 10
    assert said["OrganisationClosed"] == ROWS // 2
    assert sum(said.values()) == ROWS + ROWS // 2
    assert took < PARSER_SECONDS


async def test_some_of_it_goes_into_the_log_and_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(as_file([heading(), *register(SOME)]))
    async with open_house("embedded", tmp_path) as house:
        report = await import_gias(house.directory, path)
        assert report.added == SOME * 9 // 10
        before = await house.log_size()
        again = await import_gias(house.directory, path)
        assert (again.added, again.changed, again.unchanged) == (0, 0, report.added)
        assert await house.log_size() == before
