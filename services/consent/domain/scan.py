"""Does a free text say more than a school may read? A list of words, for a person to look at.

It errs towards a person: a wrong hit costs a minute, a missed one may cost a refuge its secrecy.
"""

import re

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_HOUSE = re.compile(
    r"\b[0-9]{1,4}[a-z]?,? +(?:"
    r"(?:[\w'-]+ +){1,3}(?:street|road|avenue|lane|crescent|terrace)|"
    r"[\w'-]+ +(?:st|rd|ave|close|drive|way|court|place|gardens))\b",
    re.IGNORECASE,
)
_WORDS = {
    "health": (
        "anxiety anxious bipolar cancer depressed depression diagnosed diagnosis disorder epilepsy "
        "epileptic gp hiv hospital hospitalised injection medication medicated miscarriage "
        "overdose overdosed paranoid pregnancy pregnant prescribed prescription psychiatric "
        "psychosis "
        "psychotic schizophrenia schizophrenic self-harm self-harmed sectioned suicidal suicide "
        "therapist"
    ),
    "substances": (
        "addict addicted addiction alcohol alcoholic alcoholism amphetamine cannabis cocaine "
        "crack detox drank drink drinker drinking drinks drug drugged drugs drunk heroin "
        "intoxicated ketamine methadone rehab spice "
        "substance subutex weed"
    ),
    "an address": "hostel refuge safehouse",
    "another agency's assessment": "dara dash informant marac",
    "blame": (
        "allegedly attention-seeking blame blames hysterical lifestyle manipulative neurotic "
        "promiscuous provoked"
    ),
}
_PHRASES = {
    "health": ("mental health", "self harm", "care plan"),
    "substances": ("under the influence", "smelled of", "smelt of"),
    "an address": ("safe house", "new address", "moved to", "lives at", "staying at"),
    "blame": (
        "as bad as",
        "bad as one another",
        "lifestyle choice",
        "brought it on",
        "chose to stay",
        "failed to protect",
        "toxic relationship",
        "her own fault",
        "his own fault",
        "six of one",
        "tit for tat",
    ),
}
_KINDS = {kind: frozenset(words.split()) for kind, words in _WORDS.items()}


def unsuitable_for_school(text: str) -> tuple[str, ...]:
    """The kinds of thing found, in a fixed order; never the words themselves."""
    folded = " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    words = set(re.findall(r"[a-z][a-z'-]*", folded))
    found = {
        kind
        for kind in _KINDS
        if words & _KINDS[kind] or any(phrase in folded for phrase in _PHRASES.get(kind, ()))
    }
    if _POSTCODE.search(text) or _HOUSE.search(folded):
        found.add("an address")
    return tuple(kind for kind in _KINDS if kind in found)
