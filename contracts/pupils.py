"""How is a pupil known to who must not know their name? Keyed hashes of contracts.identity."""

from pydantic import BaseModel, ConfigDict


class PupilKeys(BaseModel):
    """How the child's school may be found without a name. Hashes of contracts.identity."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    urns: tuple[str, ...] = ()  # as the event names them
    upn: str | None = None
    person: tuple[str, ...] = ()  # one for each postcode that the event gives
    nhs: str | None = None  # numbered_key
    also: tuple[str, ...] = ()  # plain_person_keys: asked only where the others find nobody
