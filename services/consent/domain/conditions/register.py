"""Which conditions may an agreement name? Every one has its legal citation and its version."""

from services.consent.domain.conditions import (
    choices,
    conferences,
    consent,
    education,
    handling,
    incidents,
    marac,
    roles,
    treatment,
)

CONDITIONS = {
    **incidents.CONDITIONS,
    **education.CONDITIONS,
    **handling.CONDITIONS,
    **marac.CONDITIONS,
    **roles.CONDITIONS,
    **treatment.CONDITIONS,
    **consent.CONDITIONS,
    **conferences.CONDITIONS,
    **choices.CONDITIONS,
}
