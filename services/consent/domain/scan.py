"""Does a free text say more than a school may read? A list of words, for a person to look at.

It errs towards a person: a wrong hit costs a minute, a missed one may cost a refuge its secrecy.
"""

import re

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b", re.IGNORECASE)
_HOUSE = re.compile(
    r"\b[0-9]{1,4}[a-z]?,? +(?:"
    r"(?:[\w'-]+ +){1,3}(?:street|road|avenue|lane|crescent|terrace)|"
    r"[\w'-]+ +(?:st|rd|ave|close|drive|way|court|place|gardens))\b"
    r"|\b(?:flat|apartment|unit) +[0-9]+[a-z]?\b",
    re.IGNORECASE,
)
_WORDS = {
    "health": (
        "anxiety anxious bipolar cancer depressed depression diagnosed diagnosis disorder epilepsy "
        "epileptic gp hiv hospital hospitalised injection medication medicated miscarriage "
        "overdose overdosed paranoid pregnancy pregnant prescribed prescription psychiatric "
        "psychosis "
        "psychotic schizophrenia schizophrenic self-harm self-harmed sectioned suicidal suicide "
        "therapist "
        "adhd antidepressants asthma autism autistic camhs counselling counsellor dementia insulin "
        "pills psychiatrist psychologist seizure seizures tablets therapy"
    ),
    "substances": (
        "addict addicted addiction alcohol alcoholic alcoholism amphetamine cannabis cocaine "
        "crack detox drank drink drinker drinking drinks drug drugged drugs drunk heroin "
        "intoxicated ketamine methadone rehab spice "
        "substance subutex weed "
        "beer booze boozing cider hungover opiate opiates opioid opioids spliff stoned syringe "
        "syringes vodka whisky wine"
    ),
    "an address": "hostel refuge safehouse",
    "another agency's assessment": "dara dash idva informant mappa marac",
    "blame": (
        "allegedly attention-seeking blame blames hysterical lifestyle manipulative neurotic "
        "promiscuous provoked"
    ),
}
_PHRASES = {
    "health": (
        "mental health",
        "self harm",
        "care plan",
        "panic attack",
        "eating disorder",
        "learning disability",
    ),
    "substances": ("under the influence", "smelled of", "smelt of", "in recovery"),
    "an address": (
        "safe house",
        "new address",
        "new flat",
        "new house",
        "new school",
        "moved to",
        "moved in with",
        "lives at",
        "living at",
        "staying at",
        "temporary accommodation",
    ),
    "another agency's assessment": ("protection plan", "risk assessment"),
    "blame": (
        "as bad as",
        "bad as one another",
        "lifestyle choice",
        "brought it on",
        "chose to stay",
        "failed to protect",
        "toxic relationship",
        "asked for it",
        "asking for it",
        "deserved it",
        "gave as good as",
        "her own fault",
        "his own fault",
        "refuses to leave",
        "volatile relationship",
        "won't leave",
        "wound her up",
        "wound him up",
        "six of one",
        "tit for tat",
    ),
}
_KINDS = {kind: frozenset(words.split()) for kind, words in _WORDS.items()}


# How a child seems is asked for: a feeling is no diagnosis.
FEELINGS = frozenset({"anxious"})


def unsuitable_for_school(text: str, but_for: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The kinds of thing found, in a fixed order; never the words themselves."""
    folded = " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    words = set(re.findall(r"[a-z][a-z'-]*", folded)) - but_for
    found = {
        kind
        for kind in _KINDS
        if words & _KINDS[kind] or any(phrase in folded for phrase in _PHRASES.get(kind, ()))
    }
    if _POSTCODE.search(text) or _HOUSE.search(folded):
        found.add("an address")
    return tuple(kind for kind in _KINDS if kind in found)
