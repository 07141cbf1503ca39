"""Who is on the roll? The routes by which a school keeps its register of pupils."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.directory.access import Caller, require_own
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.forms import Form, not_known
from services.directory.handles import Directory, acting
from services.directory.pupils.csv_file import read_pupils
from services.directory.pupils.given import Given
from services.directory.pupils.json_list import read_list
from services.directory.pupils.registering import Registered, register_pupils
from services.directory.readmodels.queries import enrolments_of
from services.directory.streams.register import (
    MarkLeft,
    PupilUnknown,
    RemovePupil,
    stream_of,
)

_PATH = "/organisations/{organisation}/pupils"


class LeftForm(Form):
    until: date


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.post(_PATH)
    async def upload(
        principal: Caller,
        organisation: str,
        request: Request,
        whole: bool = False,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        await _require(directory, principal, organisation)
        given, problems = await _read(request)
        registered = await register_pupils(
            directory,
            organisation,
            given,
            problems,
            actor=principal.agency,
            whole=whole,
            dry_run=dry_run,
        )
        if registered.report.refused:
            as_list = _media_type(request) == "application/json"
            errors = [_error(problem, as_list) for problem in registered.report.refused]
            raise Problem(422, "Nothing was taken: some rows cannot be read", errors)
        return _answer(registered)

    @router.get(_PATH)
    async def roll(principal: Caller, organisation: str) -> dict[str, Any]:
        await _require(directory, principal, organisation)
        await directory.book.catch_up()
        rows = await enrolments_of(directory.database, organisation)
        return {
            "pupils": [
                {
                    "enrolment": row.enrolment,
                    "from": row.starts and row.starts.isoformat(),
                    "until": row.until and row.until.isoformat(),
                    "has_upn": row.upn is not None,
                }
                for row in rows
            ]
        }

    @router.post(_PATH + "/{enrolment}/left")
    async def left(
        principal: Caller, organisation: str, enrolment: UUID, form: LeftForm
    ) -> dict[str, Any]:
        command = MarkLeft(
            organisation=organisation,
            enrolment=enrolment,
            until=form.until,
            at=directory.clock.now(),
        )
        await _change(directory, principal, command)
        return {"enrolment": str(enrolment), "until": form.until.isoformat()}

    @router.delete(_PATH + "/{enrolment}")
    async def remove(principal: Caller, organisation: str, enrolment: UUID) -> dict[str, Any]:
        """Never belonged here: what the log says of the child cannot be read from now on."""
        command = RemovePupil(
            organisation=organisation, enrolment=enrolment, at=directory.clock.now()
        )
        await _change(directory, principal, command)
        await directory.store.destroy_key(f"pupil-{enrolment}")
        return {"enrolment": str(enrolment), "removed": True}

    return router


async def _require(directory: Directory, principal: Principal, organisation: str) -> None:
    require_own(principal, organisation)
    if (await directory.organisation(organisation)).profile is None:
        raise not_known("organisation")


async def _change(
    directory: Directory, principal: Principal, command: MarkLeft | RemovePupil
) -> None:
    await _require(directory, principal, command.organisation)
    stream = stream_of(command.organisation)
    try:
        await directory.registers.handle(stream, command, acting(principal.agency))
    except PupilUnknown:
        raise not_known("pupil on this roll") from None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(request: Request) -> tuple[Sequence[Given], Sequence[RowProblem]]:
    data = await request.body()
    match _media_type(request):
        case "application/json":
            return read_list(data), ()
        case "text/csv":
            try:
                return read_pupils(data)
            except UnreadableFile as whole:
                detail = {"pointer": "", "detail": str(whole)}
                raise Problem(422, "Nothing was taken: the file cannot be read", [detail]) from None
        case _:
            raise Problem(415, "Pupils come as application/json or text/csv")


def _error(problem: RowProblem, as_list: bool) -> dict[str, str]:
    """In a list the pointer says where; in a file the line and the column do."""
    if as_list:
        column = f"/{problem.column}" if problem.column else ""
        return {"pointer": f"/{problem.line}{column}", "detail": problem.says}
    return {"pointer": "", "detail": str(problem)}


def _answer(registered: Registered) -> dict[str, Any]:
    report = registered.report
    return {
        "rows": report.rows,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "dry_run": report.dry_run,
        "pupils": [
            {"line": line, "enrolment": str(enrolment)} for line, enrolment in registered.enrolments
        ],
    }
