"""What does a composition root get from a service? An application and its workers."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.chassis.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The application owns no resources: the host opens and closes them around it."""

    name: str
    app: FastAPI
    workers: tuple[Worker, ...]
