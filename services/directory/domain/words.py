"""Which kinds of organisation, and which roles of people and of keys? The contract's lists."""

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "police",
    "school",
    "college",
    "nursery",
    "local-authority",
    "childrens-social-care",
    "treatment",
    "marac",
    "idva",
    "health-visiting",
    "school-nursing",
    "midwifery",
    "general-practice",
    "housing",
    "probation",
    "adult-social-care",
    "refuge",
    "trust",  # runs several academies; beside the contract's own
]

ContactRole: TypeAlias = Literal[
    "designated-safeguarding-lead",
    "deputy",
    "head",
    "chair-of-governors",
    "home-education-officer",
    "children-missing-education-officer",
    "education-safeguarding",
    "lado",
    "emergency-duty",
    "coordinator",
    "worker",
    "desk",
]

# `service` is not among them: it is the deployment's own token and is issued to nobody.
KeyRole: TypeAlias = Literal[
    "publisher",
    "recipient",
    "operations",
    "information-governance",
    "reviewer",
    "administrator",
]
