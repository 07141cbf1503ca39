"""Who has signed an agreement? What consent tells others whenever it is told anew."""

from datetime import date

from contracts.messages import Body


class Signature(Body):
    """One organisation's, with its first and last day in London; left out: from ever, for ever."""

    organisation: str
    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


class AgreementSigned(Body):
    """Everybody who has signed one agreement. A receiver keeps the highest `version` it has seen.

    `signatures` None: every organisation has signed.
    """

    agreement: str
    version: int
    signatures: tuple[Signature, ...] | None = None

    def has_signed(self, organisation: str, day: date) -> bool:
        mine = (one for one in self.signatures or () if one.organisation == organisation)
        return self.signatures is None or any(one.on(day) for one in mine)
