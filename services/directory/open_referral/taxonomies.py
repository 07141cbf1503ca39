"""How are needs, audiences and kinds told in Open Referral? As three taxonomies of their own."""

from collections.abc import Iterator

from services.directory.domain.needs import AUDIENCE, KINDS, NEEDS, TAXONOMIES, Taxonomy, Term
from services.directory.open_referral import shapes
from services.directory.readmodels.open_ids import of_taxonomy, of_term

VERSION = "1"
_LINKS = {NEEDS.code: "need", AUDIENCE.code: "audience", KINDS.code: "kind of service"}


def summary(taxonomy: Taxonomy) -> shapes.TaxonomySummary:
    return shapes.TaxonomySummary(
        id=of_taxonomy(taxonomy),
        name=taxonomy.name,
        description=taxonomy.description,
        version=VERSION,
    )


def full(taxonomy: Taxonomy) -> shapes.Taxonomy:
    return shapes.Taxonomy(
        **summary(taxonomy).model_dump(),
        taxonomy_terms=tuple(term(taxonomy, each) for each in taxonomy.terms),
    )


def term(taxonomy: Taxonomy, told: Term) -> shapes.TaxonomyTerm:
    wider = {each.code: each for each in taxonomy.terms}
    return shapes.TaxonomyTerm(
        id=of_term(taxonomy, told),
        name=told.name,
        description=f"{taxonomy.name}: {told.name}",
        parent_id=of_term(taxonomy, wider[told.parent]) if told.parent else None,
        taxonomy=taxonomy.name,
        taxonomy_id=of_taxonomy(taxonomy),
        term=told.code,
    )


def all_terms() -> Iterator[shapes.TaxonomyTerm]:
    for taxonomy in TAXONOMIES:
        for each in taxonomy.terms:
            yield term(taxonomy, each)


def said_by(
    taxonomy: Taxonomy, codes: tuple[str, ...]
) -> Iterator[tuple[str, shapes.TaxonomyTerm]]:
    """The terms of these codes, each with how it is linked; a code that is gone is not told."""
    known = {each.code: each for each in taxonomy.terms}
    for code in dict.fromkeys(codes):
        if code in known:
            yield _LINKS[taxonomy.code], term(taxonomy, known[code])


def found_term(wanted: str) -> tuple[Taxonomy, Term] | None:
    for taxonomy in TAXONOMIES:
        for each in taxonomy.terms:
            if of_term(taxonomy, each) == wanted.lower():
                return taxonomy, each
    return None


def found_taxonomy(wanted: str) -> Taxonomy | None:
    return next((each for each in TAXONOMIES if of_taxonomy(each) == wanted.lower()), None)
