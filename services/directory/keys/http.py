"""Which keys are there? The routes of issuing, revoking and listing them."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from services.directory.access import Administrator
from services.directory.domain.words import KeyRole
from services.directory.forms import Form, Id, not_known
from services.directory.handles import Directory
from services.directory.keys.issuing import issue, revoke
from services.directory.readmodels.queries import keys_of
from services.directory.streams.agency_key import KeyUnknown


class KeyForm(Form):
    agency: Id
    roles: Annotated[tuple[KeyRole, ...], Field(min_length=1)]


def routes(directory: Directory) -> APIRouter:
    router = APIRouter(prefix="/directory/v1/keys")

    @router.post("", status_code=201)
    async def issue_key(principal: Administrator, form: KeyForm) -> dict[str, Any]:
        issued = await issue(
            directory, agency=form.agency, roles=form.roles, actor=principal.agency
        )
        return {"key_id": issued.key_id, "key": issued.key}

    @router.post("/{key_id}/revoke")
    async def revoke_key(principal: Administrator, key_id: str) -> dict[str, Any]:
        try:
            await revoke(directory, key_id, actor=principal.agency)
        except KeyUnknown:
            raise not_known("key") from None
        return {"key_id": key_id, "revoked": True}

    @router.get("")
    async def keys(principal: Administrator, agency: str | None = None) -> dict[str, Any]:
        await directory.book.catch_up()
        return {
            "keys": [
                {
                    "key_id": row.key_id,
                    "agency": row.agency,
                    "roles": row.roles.split(),
                    "revoked": row.revoked,
                    "issued_at": row.issued_at.isoformat(),
                }
                for row in await keys_of(directory.database, agency)
            ]
        }

    return router
