"""Who is on the roll? The routes by which a school keeps its register of pupils."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.directory.access import Caller, require_own
from services.directory.domain.report import RowProblem
from services.directory.forms import Form, not_known
from services.directory.handles import Directory, acting
from services.directory.pupils.registering import (
    GUESTS,
    LEFT,
    Registered,
    TooManyLeave,
    register_pupils,
)
from services.directory.pupils.uploading import read_upload
from services.directory.readmodels.queries import enrolments_of
from services.directory.streams import uploads
from services.directory.streams.register import (
    MarkLeft,
    PupilUnknown,
    RemovePupil,
    stream_of,
)
from services.directory.streams.uploads import ColumnsChosen

Fact = Literal[
    "given_name",
    "family_name",
    "date_of_birth",
    "postcode",
    "upn",
    "starts",
    "until",
    "nhs_number",
    "preferred_given_name",
    "preferred_family_name",
    "former_given_name",
    "former_family_name",
    "status",
]
_PATH = "/organisations/{organisation}/pupils"


class LeftForm(Form):
    until: date


class ColumnsForm(Form):
    columns: dict[Fact, Annotated[str, Field(max_length=100)]]


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1")

    @router.post(_PATH)
    async def upload(
        principal: Caller,
        organisation: str,
        request: Request,
        whole: bool = False,
        dry_run: bool = False,
        leavers: int | None = None,
    ) -> dict[str, Any]:
        """`leavers`: how many may leave at once, confirmed by a person (ADR 0040)."""
        await _require(directory, principal, organisation)
        data = await request.body()
        read = await read_upload(directory, organisation, _media_type(request), data)
        try:
            registered = await register_pupils(
                directory,
                organisation,
                read.given,
                read.problems,
                actor=principal.agency,
                whole=whole,
                dry_run=dry_run,
                leavers=leavers,
            )
        except TooManyLeave as many:
            raise _unconfirmed(many) from None
        if registered.report.refused:
            as_list = _media_type(request) == "application/json"
            errors = [_error(problem, as_list) for problem in registered.report.refused]
            raise Problem(422, "Nothing was taken: some rows cannot be read", errors)
        return {**_answer(registered), "columns": dict(read.columns)}

    @router.get(_PATH)
    async def roll(principal: Caller, organisation: str) -> dict[str, Any]:
        await _require(directory, principal, organisation)
        await directory.book.catch_up()
        rows = await enrolments_of(directory.database, organisation)
        uploaded = await directory.uploaded(organisation)
        return {
            "as_of": uploaded.as_of and uploaded.as_of.isoformat(),
            "whole": uploaded.whole,
            "columns": dict(uploaded.columns),
            "pupils": [
                {
                    "enrolment": row.enrolment,
                    "from": row.starts and row.starts.isoformat(),
                    "until": row.until and row.until.isoformat(),
                    "has_upn": row.upn is not None,
                }
                for row in rows
            ],
        }

    @router.put(_PATH + "/columns")
    async def columns(principal: Caller, organisation: str, form: ColumnsForm) -> dict[str, Any]:
        """What the school's own system calls a fact; remembered for its next uploads."""
        await _require(directory, principal, organisation)
        chosen = ColumnsChosen(
            organisation=organisation,
            columns={fact: name for fact, name in form.columns.items() if name},
            chosen_at=directory.clock.now(),
        )
        stream = uploads.stream_of(organisation)
        await directory.uploads.handle(stream, chosen, acting(principal.agency))
        return {"columns": dict(chosen.columns)}

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


def _unconfirmed(many: TooManyLeave) -> Problem:
    says = f"{many}; if they have left, confirm it with leavers={many.leaving}"
    detail = {"pointer": "/leavers", "detail": says}
    return Problem(409, "Nothing was taken: too many pupils would leave at once", [detail])


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
        "left": report.left_out.get(LEFT, 0),
        "guests": report.left_out.get(GUESTS, 0),
        "dry_run": report.dry_run,
        "pupils": [
            {"line": line, "enrolment": str(enrolment)} for line, enrolment in registered.enrolments
        ],
    }
