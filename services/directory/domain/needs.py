"""By which words is a service found? A small taxonomy of needs, of whom it is for, and of kinds.

The words are this project's own. An area that classifies by another taxonomy maps to these.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`code` never changes once it is published; `parent` is the code of the wider term."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    code: str
    name: str
    description: str
    terms: tuple[Term, ...]


def _terms(parent: str, name: str, **narrower: str) -> tuple[Term, ...]:
    return (
        Term(code=parent, name=name),
        *(
            Term(code=code.replace("_", "-"), name=said, parent=parent)
            for code, said in narrower.items()
        ),
    )


NEEDS = Taxonomy(
    code="needs",
    name="Needs",
    description="What somebody needs when a professional looks for a service.",
    terms=(
        *_terms(
            "domestic-abuse",
            "Domestic abuse",
            domestic_abuse_advice="Advice and advocacy about domestic abuse",
            high_risk_advocacy="Advocacy where the risk is high (IDVA)",
            safe_accommodation="Safe accommodation",
            children_and_domestic_abuse="Support for children who live with domestic abuse",
            behaviour_change="Programmes for people who use abuse",
            stalking="Stalking and harassment",
            honour_based_abuse="So-called honour-based abuse and forced marriage",
        ),
        *_terms(
            "sexual-violence",
            "Sexual violence",
            sexual_assault_referral="Care after a sexual assault",
            sexual_violence_counselling="Counselling after sexual violence",
        ),
        *_terms(
            "drugs-and-alcohol",
            "Drugs and alcohol",
            drug_treatment="Drug treatment",
            alcohol_treatment="Alcohol treatment",
            young_peoples_substance_use="Drugs and alcohol: young people",
            family_of_a_user="Support for the family of somebody who uses drugs or alcohol",
        ),
        *_terms(
            "children-and-families",
            "Children and families",
            child_protection="A child who may be at risk of harm",
            early_help="Early help for a family",
            parenting="Parenting",
            young_carers="Young carers",
            child_counselling="Counselling for children and young people",
            health_visiting="Health visiting",
        ),
        *_terms(
            "mental-health",
            "Mental health",
            mental_health_crisis="A crisis of mental health",
            talking_therapies="Talking therapies",
        ),
        *_terms(
            "home-and-money",
            "Home and money",
            homelessness="Homelessness",
            housing_advice="Advice about housing",
            money_and_debt="Money and debt",
        ),
        *_terms(
            "law-and-rights",
            "Law and rights",
            family_law="Family law and protective orders",
            immigration_advice="Advice about immigration",
            victims_of_crime="Support for victims of crime",
        ),
    ),
)

AUDIENCE = Taxonomy(
    code="audience",
    name="Who it is for",
    description="The people whom a service is there for.",
    terms=(
        Term(code="children", name="Children"),
        Term(code="young-people", name="Young people"),
        Term(code="adults", name="Adults"),
        Term(code="adults-harmed", name="Adults who have been harmed"),
        Term(code="other-adults", name="Adults who have harmed others"),
        Term(code="parents", name="Parents and carers"),
        Term(code="families", name="Families"),
        Term(code="women", name="Women"),
        Term(code="men", name="Men"),
        Term(code="professionals", name="Professionals"),
    ),
)

KINDS = Taxonomy(
    code="kinds",
    name="Kinds of service",
    description="How a service is come by.",
    terms=(
        Term(code="service", name="Service"),
        Term(code="single-point-of-contact", name="Single point of contact"),
        Term(code="one-stop-shop", name="One-stop shop"),
    ),
)

TAXONOMIES = (NEEDS, AUDIENCE, KINDS)
_ALL = {each.code: frozenset(term.code for term in each.terms) for each in TAXONOMIES}
CODES = MappingProxyType(_ALL)


def narrower(code: str) -> frozenset[str]:
    """The term itself and whatever stands below it: who asks for the wider finds the narrower."""
    return frozenset({code} | {term.code for term in NEEDS.terms if term.parent == code})
