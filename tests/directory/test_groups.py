"""Do academies know the trust that runs them, whichever file came first?"""

from pathlib import Path
from typing import Any

import pytest

from services.directory.cli import import_gias, import_groups
from services.directory.domain.report import Report, UnreadableFile
from tests.directory.house import House
from tests.directory.samples import GROUP_HEADING, as_file, group, register_file, row

ELM = group(5711, "ELM TEST TRUST", TYPE="06")


async def groups(house: House, tmp_path: Path, *rows: list[str], **how: Any) -> Report:
    path = tmp_path / "allgroupsdata.csv"
    path.write_bytes(as_file([GROUP_HEADING, *rows]))
    return await import_groups(house.directory, path, **how)


async def gias(house: House, tmp_path: Path, *rows: list[str]) -> Report:
    path = tmp_path / "edubasealldata.csv"
    path.write_bytes(register_file(*rows))
    return await import_gias(house.directory, path)


async def trust_of(house: House, urn: int) -> str | None:
    found = await house.good("GET", f"/schools/{urn}")
    return None if found["trust"] is None else str(found["trust"])


async def test_trusts_and_federations_become_organisations(house: House, tmp_path: Path) -> None:
    report = await groups(
        house,
        tmp_path,
        ELM,
        group("05712", "Oak Test Federation", TYPE="1", ID=""),
        group(5713, "ASH TEST TRUST", TYPE="10"),
        group(5714, "Test Sponsor", TYPE="5"),
        group(5715, "LONG GONE TRUST", STATUS="CLOSED", CLOSED="31/08/2015"),
        group(5716, "Broken", STATUS="?"),
    )
    assert (report.rows, report.added, len(report.refused)) == (6, 3, 1)
    assert sorted(report.left_out.values()) == [1, 1]
    elm = await house.good("GET", "/organisations/group-5711")
    assert (elm["kind"], elm["name"], elm["contacts"]) == ("trust", "ELM TEST TRUST", [])
    assert (await house.good("GET", "/organisations/group-5712"))["kind"] == "trust"


@pytest.mark.parametrize("closed", ["31/12/2025", "31-12-2025"])
async def test_a_trust_closes_on_its_day_in_either_way_of_writing_it(
    house: House, tmp_path: Path, closed: str
) -> None:
    await groups(house, tmp_path, ELM)
    await groups(house, tmp_path, group(5711, "ELM TEST TRUST", STATUS="CLOSED", CLOSED=closed))
    assert (await house.good("GET", "/organisations/group-5711"))["closed_on"] == "2025-12-31"
    await groups(house, tmp_path, ELM)
    assert (await house.good("GET", "/organisations/group-5711"))["closed_on"] is None


async def test_an_academy_knows_its_trust_whichever_file_came_first(
    house: House, tmp_path: Path
) -> None:
    await gias(house, tmp_path, row(900001, TRUST="5711"), row(900002), row(900003, TRUST="77"))
    assert await trust_of(house, 900001) is None
    report = await groups(house, tmp_path, ELM)
    assert report.linked == 1
    assert await trust_of(house, 900001) == "group-5711"
    await gias(house, tmp_path, row(900001, TRUST="5711"), row(900002, TRUST="05711"))
    assert await trust_of(house, 900002) == "group-5711"
    assert await trust_of(house, 900003) is None


async def test_importing_both_again_changes_nothing(house: House, tmp_path: Path) -> None:
    rows = [row(900001, TRUST="5711"), row(900002, FEDERATION="5712", TOWN="Testham")]
    both = [ELM, group(5712, "Oak Test Federation", TYPE="1")]
    await gias(house, tmp_path, *rows)
    await groups(house, tmp_path, *both)
    assert await trust_of(house, 900002) == "group-5712"
    before = await house.log_size()
    assert (await groups(house, tmp_path, *both)).linked == 0
    assert (await gias(house, tmp_path, *rows)).changed == 0
    assert await house.log_size() == before


async def test_a_school_that_leaves_its_trust_has_none_and_one_set_by_hand_stays(
    house: House, tmp_path: Path
) -> None:
    await groups(house, tmp_path, ELM)
    await house.good("PUT", "/organisations/yew", json={"kind": "trust"})
    await gias(house, tmp_path, row(900001, TRUST="5711"), row(900002))
    await house.good("PUT", "/organisations/urn-900002", json={"trust": "yew"})
    await gias(house, tmp_path, row(900001), row(900002))
    assert await trust_of(house, 900001) is None
    assert await trust_of(house, 900002) == "yew"


async def test_another_file_and_half_of_one_are_refused_whole(house: House, tmp_path: Path) -> None:
    path = tmp_path / "allgroupsdata.csv"
    for data, says in (
        (register_file(row(900001)), "first headings are not"),
        (as_file([GROUP_HEADING, ELM])[:-60], "middle of a row"),
        (as_file([GROUP_HEADING, ELM[1:]]), "columns have shifted"),
    ):
        path.write_bytes(data)
        with pytest.raises(UnreadableFile, match=says):
            await import_groups(house.directory, path)
    assert await house.log_size() == 0
