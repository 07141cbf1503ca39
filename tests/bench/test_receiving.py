"""Does the bench notice what did not arrive, or was not signed?"""

import smtplib
from pathlib import Path

import pytest

from bench import raw
from bench.logs_and_buses import in_files, through_file
from bench.receiver import RAW, free_desk, receiving, with_secrets
from bench.row import CannotMeasure, Place
from bench.sink import sinking
from bench.transport import transport
from services.chassis.standard_webhooks import new_secret

HOSTS = 4


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(dsn="", broker="", folder=tmp_path)


async def test_what_a_baseline_sends_is_counted_and_its_signatures_are_checked() -> None:
    desk = with_secrets(free_desk(hosts=HOSTS, every=1), raw.SECRETS)
    async with receiving(desk) as receiver, raw.aiohttp_post() as post:
        sample = await raw.posting(post, receiver, count=40)
        counts = await receiver.counts()
    assert sample.counts == {"accepted": 40, "delivered": 40}
    assert (counts.verified, counts.wrong) == (40, 0)


async def test_a_wrong_signature_fails_the_run() -> None:
    desk = with_secrets(free_desk(hosts=HOSTS, every=1), {RAW: new_secret()})
    async with receiving(desk) as receiver, raw.aiohttp_post() as post:
        with pytest.raises(CannotMeasure):
            await raw.posting(post, receiver, count=5)


async def test_the_same_webhook_twice_is_delivered_once() -> None:
    desk = with_secrets(free_desk(hosts=HOSTS, every=1), raw.SECRETS)
    async with receiving(desk) as receiver, raw.aiohttp_post() as post:
        name, content = raw.body()
        for _ in range(2):
            await raw.signed(post, receiver.raw_url(0), name, content)
        counts = await receiver.counts()
    assert (counts.received, counts.delivered) == (2, 1)


async def test_what_the_parts_accept_is_stored_delivered_and_recorded(place: Place) -> None:
    async with transport(place, in_files, through_file, every=1) as product:
        sample = await product.run(0.2)
        steady = await product.at_a_rate(50, 0.2)
    assert sample.counts["accepted"] > 0
    assert sample.adds_up()
    assert steady.counts == dict.fromkeys(("accepted", "stored", "delivered", "recorded"), 10)
    assert steady.value > 0


async def test_the_sink_takes_mail_and_counts_it(place: Place) -> None:
    async with sinking(place.folder) as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as sender:
            for _ in range(3):
                sender.sendmail("a@one.example", ["b@two.example"], "Subject: three\r\n\r\n.\r\n")
        assert await sink.count() == 3
        await sink.reset()
        assert await sink.count() == 0
