"""What do several slices of consent need, each made once? And what does a slice hand back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import httpx
from fastapi import APIRouter

from contracts.agreements import Agreement
from services.chassis.bus import Bus
from services.chassis.clock import Clock
from services.chassis.commands import Commands
from services.chassis.database import Database
from services.chassis.projections import Projector
from services.chassis.settings import Settings
from services.chassis.store import EventStore
from services.chassis.workers import Worker
from services.consent.cases.deliberation import Deliberation
from services.consent.readmodels.register import Register
from services.consent.readmodels.retained import Retained
from services.consent.streams.case import CASE
from services.consent.streams.events import CaseEvent
from services.consent.streams.state import Case, CaseCommand


@dataclass(frozen=True, kw_only=True)
class Part:
    """`workers` in the order in which they run: projectors first."""

    routers: tuple[APIRouter, ...] = ()
    workers: tuple[Worker, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What was given, and what is made of it for more than one slice."""

    store: EventStore
    database: Database
    bus: Bus
    clock: Clock
    settings: Settings
    agreements: Sequence[Agreement]
    notify: httpx.AsyncClient

    @cached_property
    def pepper(self) -> bytes:
        return self.settings.pepper_bytes

    @cached_property
    def register(self) -> Projector:
        return Projector(self.store, self.database, Register())

    @cached_property
    def retained(self) -> Projector:
        months = {f"{one.id}@{one.version}": one.retention.months for one in self.agreements}
        return Projector(self.store, self.database, Retained(months))

    @cached_property
    def commands(self) -> Commands[CaseCommand, Case, CaseEvent]:
        return Commands(self.store, CASE)

    @cached_property
    def deliberation(self) -> Deliberation:
        return Deliberation(self.database, self.agreements, self.pepper)
