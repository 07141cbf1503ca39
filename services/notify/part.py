"""What does one side of the service hand to its wiring? Its routes and its workers."""

from dataclasses import dataclass

from fastapi import APIRouter

from services.chassis.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`workers` in the order in which they run: projectors first."""

    routers: tuple[APIRouter, ...] = ()
    workers: tuple[Worker, ...] = ()
