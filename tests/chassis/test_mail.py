"""Is a mail taken, put off or refused, and does a refusal keep the address to itself?"""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message as Received
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.chassis.mail import Mail, MailRefused, MailUnavailable, SmtpSender

A_MAIL = Mail(
    to="dsl@alder.example",
    subject="There is something for you to read",
    text="Please sign in. Grüße.",
    reference="0b9e7f1e",
    headers=(("List-Id", "daybreak"),),
)


class Box:
    """A mail server that answers as it is told."""

    def __init__(self) -> None:
        self.answer = "250 taken"
        self.at_recipient = "250 ok"
        self.received: list[Received] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.received.append(message_from_bytes(envelope.content, policy=default))
        return self.answer


@pytest.fixture
async def box() -> AsyncIterator[tuple[Box, SmtpSender]]:
    handler = Box()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield handler, SmtpSender("127.0.0.1", port, "Daybreak <nudge@daybreak.example>")


async def test_a_mail_arrives_with_a_reference_of_its_own(box: tuple[Box, SmtpSender]) -> None:
    server, sender = box
    await sender.send(A_MAIL)
    [got] = server.received
    assert got["To"] == "dsl@alder.example"
    assert got["Subject"] == A_MAIL.subject
    assert got["Message-ID"] == "<0b9e7f1e@daybreak.example>"
    assert got["List-Id"] == "daybreak"
    assert got.get_payload(decode=True).decode().strip() == A_MAIL.text  # type: ignore[union-attr]


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
async def test_what_the_server_puts_off_is_unavailable(
    box: tuple[Box, SmtpSender], answer: str
) -> None:
    server, sender = box
    server.answer = answer
    with pytest.raises(MailUnavailable):
        await sender.send(A_MAIL)
    server.answer, server.at_recipient = "250 taken", "450 greylisted"
    with pytest.raises(MailUnavailable):
        await sender.send(A_MAIL)


async def test_a_mailbox_that_is_not_there_is_refused_without_saying_whose(
    box: tuple[Box, SmtpSender],
) -> None:
    server, sender = box
    server.at_recipient = "550 no such user dsl@alder.example"
    with pytest.raises(MailRefused) as refused:
        await sender.send(A_MAIL)
    assert "alder" not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


async def test_a_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(MailUnavailable):
        await SmtpSender("127.0.0.1", 1, "nudge@daybreak.example", timeout=2).send(A_MAIL)


async def test_an_address_with_a_line_break_smuggles_no_header(
    box: tuple[Box, SmtpSender],
) -> None:
    server, sender = box
    smuggled = Mail(to="a@b.example\r\nBcc: c@d.example", subject="x", text="x", reference="1")
    with pytest.raises(MailRefused):
        await sender.send(smuggled)
    assert server.received == []
