"""The address book is made again from nothing by asking the directory."""

from uuid import UUID, uuid4

import httpx
import pytest

from contracts import messages
from services.notify.addressbook.directory import AddressBook, DirectoryUnavailable
from services.notify.readmodels import book
from services.notify.readmodels.pages import for_children
from tests.notify.back_house import ALDER, BIRCH, NORTH_LA, UPN, Back

TOKEN = "service-token"


def state_of(back: Back, enrolment: UUID) -> list[dict[str, object]]:
    """What the directory would answer: the present state of each thing, once."""
    said: list[tuple[str, messages.Body]] = [
        (messages.ORGANISATION_STATE, messages.OrganisationState(version=3, organisation=one))
        for one in (ALDER, BIRCH, NORTH_LA)
    ]
    pupil = messages.PupilState(
        version=1, enrolment=enrolment, organisation="alder", upn=UPN, person=None
    )
    key = messages.AgencyKeyState(
        version=1, key_id="k", agency="alder", roles=("recipient",), secret_hash="0" * 64
    )
    said += [(messages.PUPIL_STATE, pupil), (messages.AGENCY_KEY_STATE, key)]
    return [
        {"id": str(uuid4()), "type": type_, "body": body.model_dump(mode="json")}
        for type_, body in said
    ]


def directory(pages: list[dict[str, object]], asked: list[httpx.Request]) -> httpx.AsyncClient:
    """Two things on a page, as the directory pages them."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        after = int(request.url.params["after"])
        page = pages[after : after + 2]
        following = after + 2 if after + 2 < len(pages) else None
        return httpx.Response(200, json={"messages": page, "next": following})

    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://directory")


async def test_from_nothing_everything_is_there_again(back: Back) -> None:
    taking = AddressBook(back.database, back.keys)
    asked: list[httpx.Request] = []
    pages = state_of(back, uuid4())
    async with directory(pages, asked) as client:
        assert await taking.rebuild(client, TOKEN) == len(pages)
        assert await taking.rebuild(client, TOKEN) == len(pages)
    assert {one.headers["authorization"] for one in asked} == {f"Bearer {TOKEN}"}
    async with back.database.reading() as tx:
        assert await book.organisation(tx, "alder") == ALDER
        keys = messages.PupilKeys(upn=UPN)
        found = (await for_children(tx, [keys]))[keys]
    assert [one.organisation for one in found.enrolments] == ["alder"]


async def test_what_was_wrong_is_put_right_and_what_is_newer_stays(back: Back) -> None:
    wrong = ALDER.model_copy(update={"name": "Altered"})
    newer = BIRCH.model_copy(update={"name": "Newer"})
    await back.organisation(wrong, version=3)
    await back.organisation(newer, version=4)
    await back.settle()
    taking = AddressBook(back.database, back.keys)
    async with directory(state_of(back, uuid4()), []) as client:
        await taking.rebuild(client, TOKEN)
    async with back.database.reading() as tx:
        assert await book.organisation(tx, "alder") == ALDER
        assert await book.organisation(tx, "birch") == newer


async def test_a_directory_that_does_not_answer_leaves_the_book_as_it_was(
    embedded_back: Back,
) -> None:
    back = embedded_back
    await back.area()
    taking = AddressBook(back.database, back.keys)
    refusing = httpx.MockTransport(lambda request: httpx.Response(503))
    async with httpx.AsyncClient(transport=refusing, base_url="http://directory") as client:
        with pytest.raises(DirectoryUnavailable):
            await taking.rebuild(client, TOKEN)
    async with back.database.reading() as tx:
        assert await book.organisation(tx, "alder") == ALDER
