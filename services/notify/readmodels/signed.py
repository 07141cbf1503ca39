"""Who has signed which agreement, as consent told it last?"""

from sqlalchemy import JSON, BigInteger, Column, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.signatures import AgreementSigned
from services.notify.domain.signing import Signed
from services.notify.readmodels.state import METADATA
from services.notify.streams.agreement import SignatoriesTold

SIGNATORIES = Table(
    "signatories",
    METADATA,
    Column("agreement", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("signatures", JSON),  # none: every organisation has signed
)


def row_of(told: SignatoriesTold) -> dict[str, object]:
    signed = told.signatures
    return {
        "agreement": told.agreement,
        "version": told.version,
        "signatures": None if signed is None else [one.model_dump(mode="json") for one in signed],
    }


async def signed(tx: AsyncConnection) -> Signed:
    """All of them: agreements are few. One that is not listed was never limited."""
    return {
        row.agreement: AgreementSigned(
            agreement=row.agreement, version=row.version, signatures=row.signatures
        )
        for row in await tx.execute(select(SIGNATORIES))
    }
