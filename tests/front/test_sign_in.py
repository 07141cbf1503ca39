"""Does a link let in whom it was sent to, once, and tell nobody else anything?"""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.chassis.database import Database
from services.chassis.logs import configure_logs
from services.front.link_mail import SUBJECT
from services.front.tables import LINKS, SESSIONS
from tests.front.house import DEPUTY, DSL, OPERATOR, SHARED, Door


async def links(door: Door) -> int:
    async with door.database.reading() as tx:
        return int(await tx.scalar(select(func.count()).select_from(LINKS)) or 0)


async def test_a_link_signs_in_also_in_another_browser(door: Door) -> None:
    phone, desk = door.browser(), door.browser()
    link = await door.asked(phone)
    answer = await desk.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/start")
    assert (await desk.get("/start")).headers["location"] == "/inbox"
    assert (await desk.get("/inbox")).status_code == 200
    assert (await phone.get("/inbox")).headers["location"] == "/sign-in"


async def test_a_link_works_once_also_when_two_use_it_in_the_same_moment(door: Door) -> None:
    link = await door.asked(door.browser())
    answers = await asyncio.gather(*(door.browser().post(link) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]
    assert (await door.browser().post(link)).status_code == 410


async def test_opening_a_link_uses_nothing_however_often(door: Door) -> None:
    link = await door.asked(door.browser())
    before = await door.kept()
    for _ in range(3):  # what looks through mail follows links
        page = await door.browser().get(link)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
    await door.browser().head(link)
    assert await door.kept() == before
    assert (await door.browser().post(link)).status_code == 303


async def test_a_link_is_good_for_fifteen_minutes_from_when_it_was_written(door: Door) -> None:
    early = await door.asked(door.browser())
    late = await door.asked(door.browser())
    door.real.set(door.real.now() + timedelta(minutes=15))
    assert (await door.browser().post(early)).status_code == 303
    door.real.set(door.real.now() + timedelta(microseconds=1))
    answer = await door.browser().post(late)
    assert answer.status_code == 410
    assert "This link no longer works" in answer.text


async def test_a_guessed_link_is_one_that_no_longer_works(embedded_door: Door) -> None:
    browser = embedded_door.browser()
    for token in ("x", "%00", "%FF%FE", "a" * 5000, "x%2Fy", "💥", "{token}", "None"):
        answer = await browser.post(f"/sign-in/{token}")
        assert answer.status_code in (404, 410)
        assert "text/html" in answer.headers["content-type"]
        assert (await browser.get(f"/sign-in/{token}")).status_code in (200, 404)


async def work_of_asking(door: Door, email: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the request does: transactions, calls of services, and what it answers."""
    done: list[str] = []
    transaction = Database.transaction

    def noted(database: Database) -> Any:
        done.append("transaction")
        return transaction(database)

    monkeypatch.setattr(Database, "transaction", noted)
    before = sum(len(way.calls) for way in door.ways.values())
    answer = await door.browser().post("/sign-in", data={"email": email})
    calls = sum(len(way.calls) for way in door.ways.values()) - before
    monkeypatch.undo()
    headers = {k: v for k, v in answer.headers.items() if k != "traceparent"}
    return [*done, f"{calls} calls", str(answer.status_code), str(headers), answer.text]


async def test_asking_does_and_answers_the_same_whether_anybody_lists_the_address(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await work_of_asking(door, DSL, monkeypatch)
    unknown = await work_of_asking(door, "nobody@alder.example", monkeypatch)
    assert known == unknown
    assert known[:2] == ["transaction", "0 calls"]
    assert await links(door) == 2
    await door.deliver()
    assert [mail.to for mail in door.letters.mails] == [DSL]
    # afterwards as well: one more of each is one more of each
    assert await work_of_asking(door, DSL, monkeypatch) == known
    assert await work_of_asking(door, "nobody@alder.example", monkeypatch) == known
    assert await links(door) == 4


@pytest.mark.parametrize("email", [DSL, "nobody@alder.example"])
async def test_five_links_at_a_time_and_the_first_ones_go_on_working(
    door: Door, email: str
) -> None:
    for _ in range(8):
        answer = await door.browser().post("/sign-in", data={"email": email})
        assert "Check your email" in answer.text
        await door.deliver()
    assert await links(door) == 5
    if email == DSL:
        assert len(set(door.letters.links)) == 5
        assert (await door.browser().post(door.letters.links[0])).status_code == 303
        assert await door.asked(door.browser())  # the one that was used has made room
    door.real.set(door.real.now() + timedelta(minutes=16))
    await door.browser().post("/sign-in", data={"email": email})
    assert await links(door) == 1


async def test_asking_many_times_in_one_moment_makes_no_more_than_five(door: Door) -> None:
    browsers = [door.browser() for _ in range(12)]
    await asyncio.gather(*(one.post("/sign-in", data={"email": DSL}) for one in browsers))
    await door.deliver()
    assert 1 <= len(door.letters.mails) <= 5
    assert len(set(door.letters.links)) == len(door.letters.links)


async def test_the_address_is_found_however_it_is_typed_and_the_mail_goes_to_the_listed_one(
    door: Door,
) -> None:
    await door.asked(door.browser(), f"  {DSL.upper()} ")
    # folded it is the listed address, but it is another mailbox
    await door.asked(door.browser(), DSL.replace("s", "\u017f"))
    assert [mail.to for mail in door.letters.mails] == [DSL, DSL]


async def test_the_mail_is_the_same_for_everybody_but_for_the_link(door: Door) -> None:
    for email in (DSL, DEPUTY, OPERATOR):
        await door.asked(door.browser(), email)
    mails, found = door.letters.mails, door.letters.links
    assert {mail.subject for mail in mails} == {SUBJECT}
    (text,) = {mail.text.replace(link, "") for mail, link in zip(mails, found, strict=True)}
    assert not [word for word in ("Kit", "alder", "child", "police") if word in text.casefold()]
    assert len({mail.reference for mail in mails}) == 3
    assert not [m for m, link in zip(mails, found, strict=True) if link[-8:] in m.reference]


async def test_mail_that_is_down_delays_the_link_and_stops_nothing(door: Door) -> None:
    door.letters.down = True
    await door.browser().post("/sign-in", data={"email": DSL})
    await door.deliver()  # raises nothing: the worker goes on
    door.real.set(door.real.now() + timedelta(minutes=50))
    await door.deliver()
    door.letters.down = False
    door.real.set(door.real.now() + timedelta(seconds=10))
    await door.deliver()
    (link,) = door.letters.links
    door.real.set(door.real.now() + timedelta(minutes=14))
    assert (await door.browser().post(link)).status_code == 303


async def test_a_wish_is_forgotten_after_an_hour_and_the_address_with_it(door: Door) -> None:
    door.letters.down = True
    await door.browser().post("/sign-in", data={"email": DSL})
    door.real.set(door.real.now() + timedelta(hours=1, seconds=1))
    door.letters.down = False
    await door.deliver()
    assert door.letters.mails == []
    assert await links(door) == 0


async def test_of_two_mails_for_one_link_only_the_later_one_works(door: Door) -> None:
    door.letters.after_taking = True  # taken, but nobody told us
    await door.browser().post("/sign-in", data={"email": DSL})
    await door.deliver()
    door.letters.after_taking = False
    door.real.set(door.real.now() + timedelta(seconds=10))
    await door.deliver()
    first, second = door.letters.links
    assert first != second
    assert (await door.browser().post(first)).status_code == 410
    assert (await door.browser().post(second)).status_code == 303


async def test_a_link_that_went_without_our_knowing_works_and_is_then_not_sent_again(
    door: Door,
) -> None:
    door.letters.after_taking = True
    await door.browser().post("/sign-in", data={"email": DSL})
    await door.deliver()
    assert (await door.browser().post(door.letters.links[0])).status_code == 303
    door.letters.after_taking = False
    door.real.set(door.real.now() + timedelta(seconds=10))
    await door.deliver()
    assert len(door.letters.mails) == 1


async def test_who_crashes_while_sending_leaves_the_link_to_another_process(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    async def killed(_: object) -> None:
        raise Killed

    await door.browser().post("/sign-in", data={"email": DSL})
    monkeypatch.setattr(door.letters, "send", killed)
    with pytest.raises(Killed):
        await door.deliver()
    monkeypatch.undo()
    await door.deliver()
    assert door.letters.mails == []  # somebody may be at it still
    door.real.set(door.real.now() + timedelta(minutes=2))
    await door.deliver()
    assert (await door.browser().post(door.letters.links[0])).status_code == 303


async def test_two_processes_send_one_mail(door: Door) -> None:
    await door.browser().post("/sign-in", data={"email": DSL})
    other = door.again()
    await asyncio.gather(*(one.workers[0].run_once() for one in (door.front, other)))
    assert len(door.letters.mails) == 1


async def test_a_mail_that_is_refused_for_ever_is_tried_once(door: Door) -> None:
    door.letters.refusing = True
    await door.browser().post("/sign-in", data={"email": DSL})
    await door.deliver()
    door.letters.refusing = False
    door.real.set(door.real.now() + timedelta(minutes=5))
    await door.deliver()
    assert door.letters.mails == []


async def test_a_directory_that_is_away_delays_the_link_like_mail_that_is(door: Door) -> None:
    door.ways["directory"].away = True
    answer = await door.browser().post("/sign-in", data={"email": DSL})
    assert answer.status_code == 200
    await door.deliver()
    door.ways["directory"].away = False
    door.real.set(door.real.now() + timedelta(seconds=10))
    await door.deliver()
    assert (await door.browser().post(door.letters.links[0])).status_code == 303


async def test_neither_token_nor_address_stands_in_database_log_or_measurements(
    door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("debug")
    try:
        browser = door.browser()
        door.letters.down = True
        await browser.post("/sign-in", data={"email": DSL})
        waiting = await door.kept()
        await door.deliver()
        door.letters.down = False
        door.real.set(door.real.now() + timedelta(seconds=10))
        await door.deliver()
        link = door.letters.links[0]
        await browser.get(link)
        sent = await door.kept()
        await browser.post(link)
        await browser.post(link)
        said = "".join(capsys.readouterr())
    finally:
        logging.getLogger().handlers = []
    cookie = next(iter(browser.cookies.values()))
    measured = (await browser.get("/metrics")).text
    token = link.rsplit("/", 1)[1]
    assert '"/sign-in/{token}"' in said
    for text in (waiting, sent, await door.kept(), said, measured):
        for secret in (token, cookie, DSL, DSL.split("@")[0] + "%40"):
            assert secret not in text


async def test_the_page_of_a_link_sends_its_address_nowhere(door: Door) -> None:
    link = await door.asked(door.browser())
    page = await door.browser().get(link)
    assert page.headers["referrer-policy"] == "strict-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "://" not in page.text


BAD = ["", " ", "@", "a@", "@b", "a", "a b@c.example", "a@b.example\r\nBcc: x@y.example"]
BAD += ["a@b.example\nTo: x@y.example", "a@b.example\0", "a@b.example,x@y.example " * 20]


async def test_what_is_no_address_is_answered_with_the_form_again(embedded_door: Door) -> None:
    for email in (*BAD, "a" * 320 + "@b.example"):
        answer = await embedded_door.browser().post("/sign-in", data={"email": email})
        assert answer.status_code == 422, email
        assert "Error: Sign in" in answer.text
    assert await links(embedded_door) == 0


RUBBISH = [
    ("application/x-www-form-urlencoded", b"email=%ED%A0%80%FF@x.example"),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00=&&&==%%%"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"email=+2AA-@x.example"),
    ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ("multipart/form-data", b"--x"),
    (
        "multipart/form-data; boundary=x; charset=raw_unicode_escape",
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800@x.test\r\n--x--',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="email"; filename="f"\r\n\r\na\r\n--x--',
    ),
    ("application/json", b'{"email": ["a@b.example"]}'),
    ("text/plain", b"email=a@b.example"),
    ("application/x-www-form-urlencoded", b"email=a@b.example&" * 2000),
    ("application/x-www-form-urlencoded", b"email=" + b"a" * 300_000),
]


async def test_rubbish_is_answered_with_a_page_and_never_with_a_fault_of_ours(
    embedded_door: Door,
) -> None:
    for kind, body in RUBBISH:
        for path in ("/sign-in", "/sign-in/choose", "/sign-in/x", "/sign-out"):
            browser = embedded_door.browser()
            answer = await browser.post(path, content=body, headers={"content-type": kind})
            assert answer.status_code < 500, (path, kind, body[:100])
            page = answer.status_code == 303 or "text/html" in answer.headers["content-type"]
            assert page or answer.status_code == 413, (path, kind, body[:100])
    await embedded_door.deliver()
    assert embedded_door.letters.mails == []


ELSEWHERE: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-site", "origin": "http://pages"},
    {"sec-fetch-site": "rubbish"},
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://["},
    {"origin": "http://pages.evil.example"},
    {"origin": "http://pages@evil.example"},
]


async def test_a_form_of_another_site_is_refused_and_changes_nothing(
    embedded_door: Door,
) -> None:
    door = embedded_door
    browser = await door.signed_in()
    link = await door.asked(browser, DEPUTY)
    before = await door.kept()
    for headers in ELSEWHERE:
        for path in ("/sign-in", "/sign-in/choose", link, "/sign-out"):
            answer = await browser.post(path, data={"email": DSL, "place": "0"}, headers=headers)
            assert answer.status_code == 403, (path, headers)
            assert "set-cookie" not in answer.headers
    assert await door.kept() == before
    assert (await browser.get("/inbox")).status_code == 200


async def test_a_form_of_our_own_is_taken(embedded_door: Door) -> None:
    for headers in (
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://pages"},
        {"origin": "http://pages", "host": "behind-a-gateway"},
    ):
        answer = await embedded_door.browser().post("/sign-out", headers=headers)
        assert answer.status_code == 303, headers


async def test_what_only_looks_changes_nothing(door: Door) -> None:
    browser = await door.signed_in(SHARED)
    await browser.post("/sign-in/choose", data={"place": "1"})
    before = await door.kept()
    for path in ("/", "/start", "/sign-in", "/sign-in/choose", "/inbox", "/events", "/morning"):
        assert (await browser.get(path)).status_code < 500, path
    for path in ("/sign-out", "/sign-in/x"):
        assert (await browser.get(path)).status_code in (200, 404, 405)
    assert await door.kept() == before


async def test_only_a_hash_of_the_address_is_left_once_the_mail_has_gone(door: Door) -> None:
    await door.asked(door.browser())
    await door.browser().post("/sign-in", data={"email": "nobody@alder.example"})
    await door.deliver()
    async with door.database.reading() as tx:
        rows = list(await tx.execute(select(LINKS.c.sealed, LINKS.c.next_at)))
        sessions = await tx.scalar(select(func.count()).select_from(SESSIONS))
    assert rows == [(None, None), (None, None)]
    assert sessions == 0


async def test_signing_in_again_ends_the_session_before(door: Door) -> None:
    browser = await door.signed_in()
    before = httpx.Cookies(browser.cookies)
    await browser.post(await door.asked(browser, DEPUTY))
    thief = door.browser()
    thief.cookies = before
    assert (await thief.get("/inbox")).headers["location"] == "/sign-in"
