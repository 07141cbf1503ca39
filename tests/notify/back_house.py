"""Notify behind the decision on real parts: log, rows, bus, mail and application, in a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI

from contracts import messages
from contracts.identity import reader_key, upn_key
from services.chassis.apikeys import ApiKeys, authenticator, new_key
from services.chassis.bus import Message
from services.chassis.bus_embedded import open_embedded_bus
from services.chassis.bus_rabbit import open_rabbit_bus
from services.chassis.clock import ManualClock
from services.chassis.codec import EventCodec
from services.chassis.database import Database, open_database
from services.chassis.mail import Mail, MailRefused, MailUnavailable
from services.chassis.settings import ephemeral_settings
from services.chassis.store import EventStore
from services.chassis.store_postgres import open_postgres_store
from services.chassis.store_sqlite import open_sqlite_store
from services.chassis.web import application
from services.chassis.workers import Scheduled
from services.notify import back, front
from services.notify.part import Part
from services.notify.reactions import SET_ASIDE
from services.notify.readmodels.evidence import evidence

FRIDAY_NIGHT = datetime(2026, 2, 13, 23, 5, tzinfo=UTC)
KEY = bytes(range(32))
NORTH = "E06000999"


@dataclass
class Mailbox:
    """An SMTP server's other side: what arrived, and whether it answers."""

    mails: list[Mail] = field(default_factory=list)
    down: bool = False
    no_such: set[str] = field(default_factory=set)

    async def send(self, mail: Mail) -> None:
        if self.down:
            raise MailUnavailable("down")
        if mail.to in self.no_such:
            raise MailRefused("550")
        self.mails.append(mail)


@dataclass
class Consent:
    """The consent service as notify sees it: one route, over HTTP."""

    stands: bool | None = True  # None: it does not answer
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.read().decode())
        if self.stands is None:
            raise httpx.ConnectError("no answer")
        return httpx.Response(200, json={"stands": self.stands, "because": []})


@dataclass
class Back:
    store: EventStore
    database: Database
    bus: Any
    clock: ManualClock
    app: FastAPI
    part: Part
    keys: ApiKeys
    mailbox: Mailbox
    consent: Consent
    pepper: bytes
    service_token: str
    versions: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    async def settle(self) -> None:
        for _ in range(500):
            workers = [await worker.run_once() for worker in self.part.workers]
            if not sum(workers) + await self.bus.run_once():
                return
        raise AssertionError("the workers never settle")

    async def advance(self, to: datetime) -> None:
        """Stopping at every moment at which a worker says that something is due."""
        await self.settle()
        for _ in range(1000):
            dues = [await one.next_due() for one in self.part.workers if isinstance(one, Scheduled)]
            due = min((one for one in dues if one is not None), default=None)
            if due is None or due > to:
                break
            self.clock.set(max(due, self.clock.now() + timedelta(seconds=1)))
            await self.settle()
        if to > self.clock.now():
            self.clock.set(to)
        await self.settle()

    async def publish(
        self, exchange: str, type_: str, body: Any, message: UUID | None = None
    ) -> UUID:
        one = message or uuid4()
        made = Message(
            id=one,
            exchange=exchange,
            type=type_,
            body=body.model_dump(mode="json"),
            correlation_id=uuid4(),
        )
        await self.bus.publish([made])
        return one

    async def organisation(self, one: messages.Organisation, version: int | None = None) -> None:
        self.versions[one.id] = version or self.versions.get(one.id, 0) + 1
        state = messages.OrganisationState(version=self.versions[one.id], organisation=one)
        await self.publish(messages.DIRECTORY, messages.ORGANISATION_STATE, state)

    async def pupil(
        self, school: str, upn: str, enrolment: UUID | None = None, **more: Any
    ) -> UUID:
        one = enrolment or uuid4()
        self.versions[str(one)] = self.versions.get(str(one), 0) + 1
        state = messages.PupilState(
            version=self.versions[str(one)],
            enrolment=one,
            organisation=school,
            upn=upn_key(self.pepper, upn),
            **more,
        )
        await self.publish(messages.DIRECTORY, messages.PUPIL_STATE, state)
        return one

    async def area(self, *organisations: messages.Organisation) -> None:
        """Alder, Birch, their authority and its social care; a pupil is on no roll yet."""
        for one in organisations or (ALDER, BIRCH, NORTH_LA, NORTH_CSC):
            await self.organisation(one)
        await self.settle()

    async def decide(self, **changes: Any) -> messages.DecisionMade:
        made = decision(self, **changes)
        await self.publish(messages.DISCLOSURES, messages.DECISION_MADE, made)
        return made

    async def told(self, **wanted: Any) -> list[dict[str, Any]]:
        await self.settle()
        async with self.database.reading() as connection:
            aside = list(await connection.execute(SET_ASIDE.select()))
        assert aside == []  # no fact was left unanswered on the way
        found = await evidence(self.database, self.store)
        return [one for one in found if all(one[key] == wanted[key] for key in wanted)]

    async def only(self, **wanted: Any) -> dict[str, Any]:
        found = await self.told(**wanted)
        assert len(found) == 1, found
        return found[0]

    async def tasks(self, kind: str | None = None) -> list[dict[str, Any]]:
        await self.settle()
        async with await self.client("ops", "operations") as client:
            answer = await client.get("/notify/v1/tasks")
        assert answer.status_code == 200, answer.text
        return [one for one in answer.json()["tasks"] if kind in (None, one["kind"])]

    async def client(self, agency: str, *roles: str) -> httpx.AsyncClient:
        if agency not in self.tokens:
            key_id, token, secret_hash = new_key()
            await self.keys.record(key_id, agency, roles or ("recipient",), secret_hash, False, 1)
            self.tokens[agency] = token
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://notify",
            headers={"authorization": f"Bearer {self.tokens[agency]}"},
        )

    async def call(self, agency: str, method: str, path: str, **more: Any) -> httpx.Response:
        async with await self.client(agency) as client:
            answer = await client.request(method, f"/notify/v1/inbox{path}", **more)
        await self.settle()
        return answer

    def barred(self, given_name: str, family_name: str) -> tuple[str, ...]:
        return (reader_key(self.pepper, given_name, family_name),)

    def nudges_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mailbox.mails if mail.to == address]


def span(text: str) -> messages.Span:
    start, _, end = text.partition("/")
    return messages.Span(start=date.fromisoformat(start), end=date.fromisoformat(end))


def calendar(
    *terms: str, inset: tuple[str, ...] = (), closed: tuple[str, ...] = ()
) -> messages.Calendar:
    return messages.Calendar(
        terms=tuple(span(term) for term in terms),
        inset=tuple(date.fromisoformat(day) for day in inset),
        closed=tuple(date.fromisoformat(day) for day in closed),
    )


def contact(id_: str, role: str, email: str | None = None, **more: Any) -> messages.Contact:
    return messages.Contact(
        id=id_,
        role=role,
        given_name=more.pop("given_name", id_.title()),
        family_name="Test",
        email=email or f"{id_}@places.example",
        **more,
    )


ALDER = messages.Organisation(
    id="alder",
    kind="school",
    urn="900001",
    local_authority=NORTH,
    opens=time(8, 40),
    contacts=(
        contact("alder-dsl", "designated-safeguarding-lead"),
        contact("alder-deputy", "deputy"),
        contact("alder-head", "head"),
    ),
    calendar=calendar("2026-01-05/2026-02-13", "2026-02-23/2026-03-27", inset=("2026-02-23",)),
)
BIRCH = messages.Organisation(
    id="birch",
    kind="school",
    urn="900002",
    local_authority=NORTH,
    opens=time(8, 30),
    contacts=(contact("birch-dsl", "designated-safeguarding-lead"),),
    calendar=calendar("2026-01-05/2026-02-13", "2026-02-23/2026-03-27"),
)
NORTH_LA = messages.Organisation(
    id="north-la",
    kind="local-authority",
    local_authority=NORTH,
    contacts=(
        contact("north-ehe", "home-education-officer"),
        contact("north-desk", "education-safeguarding"),
    ),
)
NORTH_CSC = messages.Organisation(
    id="north-csc",
    kind="childrens-social-care",
    local_authority=NORTH,
    contacts=(contact("csc-desk", "desk"),),
)
UPN = "A999000000001"


def pupil_keys(back: Back, upn: str | None = UPN, urns: tuple[str, ...] = ()) -> messages.PupilKeys:
    return messages.PupilKeys(urns=urns, upn=upn_key(back.pepper, upn) if upn else None)


_ROUTING = (
    "never_tell",
    "barred_readers",
    "lead_minutes",
    "signatories",
    "organisation",
    "agreement_until",
    "by_override",
    "quiet",
)


def decision(back: Back, **changes: Any) -> messages.DecisionMade:
    """A disclosure to education about one child, on a Friday night, unless told otherwise."""
    now = changes.pop("now", None) or back.clock.now()
    audience = changes.pop("audience", "education")
    outcome = messages.Outcome(changes.pop("outcome", "disclosed"))
    keys = {name: changes.pop(name) for name in _ROUTING if name in changes}
    upn = changes.pop("upn", UPN)
    routing = messages.Routing(
        local_authority=changes.pop("local_authority", NORTH),
        police_area=changes.pop("police_area", None),
        pupil=pupil_keys(back, upn, changes.pop("urns", ())),
        **keys,
    )
    kind = (
        messages.ClockKind.SCHOOL_DAY if audience == "education" else messages.ClockKind.CLOCK_HOURS
    )
    rule = changes.pop("due", messages.ClockRule(kind=kind, starts_at=now, hours=24))
    disclosure = messages.Disclosure(
        content=changes.pop("content", {"child.name": "Cat Test", "incident.reference": "N-1"}),
        rests_on_consent=changes.pop("rests_on_consent", False),
        due=rule,
        routing=routing,
    )
    ref = changes.pop("about", "c1")
    event = messages.EventRef(
        source="/agencies/north-police",
        id=changes.pop("event", "n-1"),
        type="police.incident.recorded.v1",
        receipt=changes.pop("receipt", None) or uuid4(),
    )
    values: dict[str, Any] = {
        "decision_id": uuid4(),
        "event": event,
        "case": CASE,
        "about": messages.Subject(ref=ref, subject_id=changes.pop("subject", SUBJECT)),
        "audience": audience,
        "outcome": outcome,
        "because": (messages.Reason(rule="child-may-be-a-victim", version="1", says="..."),),
        "decided_at": now,
        "agreement": "operation-encompass" if audience == "education" else "police-to-social-care",
        "disclosure": disclosure if outcome is messages.Outcome.DISCLOSED else None,
    }
    return messages.DecisionMade(**{**values, **changes})


CASE = UUID("11111111-1111-4111-8111-111111111111")
SUBJECT = UUID("22222222-2222-4222-8222-222222222222")


@asynccontextmanager
async def open_back(
    folder: Path,
    servers: tuple[str, str] | None = None,
    *,
    start: datetime = FRIDAY_NIGHT,
) -> AsyncIterator[Back]:
    clock, settings = ManualClock(start), ephemeral_settings()
    codec, name = EventCodec(*back.EVENTS, *front.EVENTS), f"t{uuid4().hex[:10]}"
    async with AsyncExitStack() as stack:
        store: EventStore
        bus: Any
        if servers is not None:
            dsn, broker = servers
            store = await open_postgres_store(
                dsn, schema=name, codec=codec, clock=clock, service_key=KEY
            )
            database = await open_database(dsn, schema=name)
            bus = await open_rabbit_bus(broker, namespace=name, clock=clock, key=KEY)
            stack.push_async_callback(_drop, dsn, name)
        else:
            store = await open_sqlite_store(
                folder / "log.db", codec=codec, clock=clock, service_key=KEY
            )
            database = await open_database(f"sqlite:///{folder / 'rows.db'}")
            bus = await open_embedded_bus(folder / "bus.db", clock=clock, key=KEY)
        stack.push_async_callback(database.close)
        stack.push_async_callback(store.close)
        stack.push_async_callback(bus.close)
        await database.create(back.METADATA)
        await database.create(front.METADATA)
        consent, mailbox, keys = Consent(), Mailbox(), ApiKeys(database)
        asking = httpx.AsyncClient(
            transport=httpx.MockTransport(consent.answer), base_url="http://consent"
        )
        stack.push_async_callback(asking.aclose)
        part = back.build_back(
            store=store,
            database=database,
            bus=bus,
            clock=clock,
            settings=settings,
            mail=mailbox,
            consent=asking,
            keys=keys,
        )
        await bus.declare()
        if servers is not None:
            stack.push_async_callback(bus.remove)
        app = application(
            "notify",
            part.routers,
            authenticate=authenticator(keys, service_token=settings.service_token),
            checks={},
            clock=clock,
        )
        yield Back(
            store=store,
            database=database,
            bus=bus,
            clock=clock,
            app=app,
            part=part,
            keys=keys,
            mailbox=mailbox,
            consent=consent,
            pepper=settings.pepper_bytes,
            service_token=settings.service_token,
        )


async def _drop(dsn: str, schema: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    finally:
        await connection.close()
