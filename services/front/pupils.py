"""Who is on our roll? A school sends its register from a page: looked at first, then taken."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import NotForYou, Visitor, own_form, signed_in
from services.front.words import day_and_time

School = Annotated[Visitor, Depends(signed_in("recipient"))]
Typed = Annotated[str, Form(max_length=100)]
Json = dict[str, Any]
MOST = 8 * 1024 * 1024 + 64 * 1024  # as much as the directory takes, and the form around it
_SCHOOLS = ("school", "college")
_SHOWN = 50
_REFUSED = (400, 409, 413, 415, 422)
_FORMS = {"xml": "application/xml", "json": "application/json"}
COLUMNS = {
    "given_name": "Legal forename",
    "family_name": "Legal surname",
    "preferred_given_name": "Preferred forename",
    "preferred_family_name": "Preferred surname",
    "date_of_birth": "Date of birth",
    "postcode": "Home postcode",
    "upn": "UPN",
    "starts": "Date of entry",
    "until": "Date of leaving",
    "status": "Enrolment status",
}


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/pupils", include_in_schema=False)

    async def show(
        request: Request, visitor: Visitor, status: int = 200, **content: Any
    ) -> HTMLResponse:
        roll = await house.get(visitor.principal, _path(visitor))
        told: Json = {
            "pupils": len(roll["pupils"]),
            "as_of": day_and_time(roll["as_of"]) if roll["as_of"] else "",
            "chosen": roll["columns"],
            "columns": COLUMNS,
            "report": None,
            "problem": None,
            "checked": "",
            "whole": True,
            **content,
        }
        return await pages.show(request, "pupils.html", status=status, **told)

    @routes.get("")
    async def register(request: Request, visitor: School) -> HTMLResponse:
        _require_school(visitor)
        return await show(request, visitor)

    @routes.post("", dependencies=[Depends(own_form)])
    async def upload(
        request: Request,
        visitor: School,
        file: Annotated[UploadFile, File()],
        action: Typed = "check",
        whole: Typed = "",
        leavers: Typed = "",
        checked: Typed = "",
    ) -> HTMLResponse:
        _require_school(visitor)
        data = await file.read()
        taking, digest = action == "take", sha256(data).hexdigest()
        form: Json = {"whole": whole == "yes", "checked": checked}
        problem: Json
        if not data:
            problem = {"title": "Choose the file that your school’s system made", "errors": []}
            return await show(request, visitor, 422, problem=problem, **form)
        if taking and digest != checked:
            problem = {
                "title": "This is not the file that was checked. Check it first",
                "errors": [],
            }
            return await show(request, visitor, 422, problem=problem, **form)
        params = {"whole": str(whole == "yes").lower(), "dry_run": str(not taking).lower()}
        if leavers.strip().isdecimal():
            params["leavers"] = leavers.strip()
        media_type = _FORMS.get((file.filename or "").rpartition(".")[2].lower(), "text/csv")
        try:
            report = await house.upload(
                visitor.principal, _path(visitor), data, media_type, **params
            )
        except Refused as refused:
            if refused.status not in _REFUSED:
                raise
            problem = {"title": refused.title, "errors": refused.errors[:_SHOWN]}
            return await show(request, visitor, 422, problem=problem, **form)
        form["checked"] = "" if taking else digest
        return await show(request, visitor, report=report, **form)

    @routes.post("/columns", dependencies=[Depends(own_form)])
    async def columns(request: Request, visitor: School) -> HTMLResponse:
        """What the school's own system calls a fact; remembered for its next uploads."""
        _require_school(visitor)
        said = await request.form()
        chosen = {fact: str(said.get(fact, ""))[:100].strip() for fact in COLUMNS}
        body = {"columns": {fact: name for fact, name in chosen.items() if name}}
        await house.put(visitor.principal, f"{_path(visitor)}/columns", body)
        return await show(request, visitor, remembered=True)

    return routes


def _path(visitor: Visitor) -> str:
    return f"/directory/v1/organisations/{visitor.principal.agency}/pupils"


def _require_school(visitor: Visitor) -> None:
    """Raises NotForYou: others have no roll."""
    if visitor.identity.kind not in _SCHOOLS:
        raise NotForYou
