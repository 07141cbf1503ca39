"""Which reasons rest on nothing but what the sender of an event told, agreed and must show?

A list of what is known to be so: a rule that comes later rests on others' facts until somebody has
thought about it (ADR 0025, ADR 0032).
"""

# They rest on the event itself, on who has signed what, or on the consent that the sender relies
# on and must be able to show. Not here: what other agencies have told of the same people.
RULES = frozenset(
    """
    agreement-in-force overridden override-not-upheld
    reference-was-retracted retracted-before-it-came
    sender-is-a-party silence corrected-away a-person-released-it a-person-withheld-it
    incident-is-domestic-abuse incident-is-graded-high incident-concerns-a-child intent-is-refer
    child-is-under-18 person-is-known-to-be-adult child-has-reached harmed-has-reached
    child-is-related-to-a-party parties-are-both-under-16 one-party-is-under-16
    child-lives-in-another-force-area
    child-may-have-a-school child-is-home-educated child-is-missing-education
    hold-asked-by-sender never-tell-names-a-recipient investigation-is-covert
    abuse-is-honour-based offence-is-sexual summary-needs-a-reader
    place-is-known lives-by-own lives-by-family lives-by-incident lives-by-conference
    each-accuses-the-other dash-score-reaches officer-judges-high-risk
    a-child-is-concerned significant-harm-is-stated client-died appointment-was-referred
    assessment-referred-by-social-care
    alert-type-is-agreed area-tells-this-recipient child-is-of-the-age needs-are-for-a-person
    child-is-named-in-a-referral referral-asks-to-act referral-gives-a-reason
    adult-refused-for-themselves-alone consent-was-sought consent-sought-given
    consent-sought-refused consent-sought-not-sought consent-sought-not-said
    client-allows-this-sharing consent-given consent-refused consent-withdrawn consent-expired
    consent-never-asked consent-does-not-cover consent-is-in-doubt
    """.split()
)

NOT_SHOWN = "It rests on what other agencies have told, which is not shown here."
