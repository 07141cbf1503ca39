"""Whose schools does somebody look after? Those of their area, of their trust, or their own."""

from sqlalchemy import ColumnElement, and_, or_, select, true

from services.chassis.principals import Principal
from services.chassis.problems import Problem
from services.directory.handles import Directory
from services.directory.readmodels.schools import SCHOOLS
from services.directory.readmodels.showing import ESTABLISHMENTS

_EVERYBODYS = frozenset({"administrator", "service", "operations"})


async def schools_of(directory: Directory, principal: Principal) -> ColumnElement[bool]:
    """Raises Problem 403 for who looks after no school."""
    if principal.roles & _EVERYBODYS:
        return true()
    profile = (await directory.organisation(principal.agency)).profile
    match profile.kind if profile is not None else None:
        case "police" if profile is not None and profile.police_area:
            return _of_force(profile.police_area)
        case "local-authority" if profile is not None and profile.local_authority:
            return SCHOOLS.c.local_authority == profile.local_authority
        case "trust":
            return SCHOOLS.c.trust == principal.agency
        case kind if kind in ESTABLISHMENTS:
            return SCHOOLS.c.id == principal.agency
    raise Problem(403, "These lists are for those who look after schools")


def _of_force(area: str) -> ColumnElement[bool]:
    """The register knows no police areas: an authority that says its own speaks for its schools."""
    council = SCHOOLS.alias("council")
    authorities = select(council.c.local_authority).where(
        council.c.kind == "local-authority",
        council.c.police_area == area,
        council.c.local_authority.is_not(None),
    )
    theirs = SCHOOLS.c.local_authority.in_(authorities)
    return or_(SCHOOLS.c.police_area == area, and_(SCHOOLS.c.police_area.is_(None), theirs))
