"""What may a story say of how contacts are kept? Reading, editing, confirming, mailboxes."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ReadContacts(Part):
    """What `by` read is kept under the name `into`."""

    organisation: str
    by: str
    into: str


class EditContact(Part):
    organisation: str
    by: str
    contact: dict[str, Any]
    read: str | None = None


class ConfirmContacts(Part):
    organisation: str
    by: str


class Mailboxes(Part):
    """Contacts whose mailbox refuses all mail from now on, or takes it again."""

    refuse: list[str] = Field(default_factory=list)
    accept: list[str] = Field(default_factory=list)


class Keeping(Part):
    """Deeds of who keeps contacts, among the others of a story."""

    read_contacts: ReadContacts | None = Field(default=None, alias="read-contacts")
    edit_contact: EditContact | None = Field(default=None, alias="edit-contact")
    confirm_contacts: ConfirmContacts | None = Field(default=None, alias="confirm-contacts")
