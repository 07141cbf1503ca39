"""Who keeps their contacts in order in a story? Reads, edits with what was read, confirms."""

from typing import Any

from services.scenario.kept import ConfirmContacts, EditContact, ReadContacts
from services.scenario.setting import contact_of
from services.scenario.stage import Stage
from services.scenario.story import Do

_NOTHING = 404


async def act(stage: Stage, deed: Do) -> int | None:
    """The HTTP status; None where the deed is of another kind. `by` is an organisation."""
    if deed.read_contacts is not None:
        return await _read(stage, deed.read_contacts)
    if deed.edit_contact is not None:
        return await _edit(stage, deed.edit_contact)
    if deed.confirm_contacts is not None:
        return await _confirm(stage, deed.confirm_contacts)
    return None


async def _read(stage: Stage, deed: ReadContacts) -> int:
    answer = await stage.request("GET", _path(deed.organisation), agency=deed.by)
    stage.drafts[deed.into] = answer.headers.get("etag", "")
    return answer.status_code


async def _edit(stage: Stage, deed: EditContact) -> int:
    """With `read`, the change is of what was read under that name, and of nothing later."""
    headers: dict[str, Any] = {}
    if deed.read is not None:
        if deed.read not in stage.drafts:
            return _NOTHING
        headers["if-match"] = stage.drafts[deed.read]
    answer = await stage.request(
        "PUT",
        f"{_path(deed.organisation)}/{deed.contact['id']}",
        agency=deed.by,
        json=contact_of(deed.contact),
        headers=headers,
    )
    return answer.status_code


async def _confirm(stage: Stage, deed: ConfirmContacts) -> int:
    answer = await stage.request(
        "POST", f"{_path(deed.organisation)}/confirm", agency=deed.by, json={}
    )
    return answer.status_code


def _path(organisation: str) -> str:
    return f"/directory/v1/organisations/{organisation}/contacts"
