"""How does a name sound? A short code that misspellings of one name share: for looking, not saying.

In the manner of Soundex (Russell 1918), with the first letter coded like the others, so that
"Catherine" and "Kathryn" meet. It widens what a person is shown, and never sends.
"""

import re

from contracts.identity import plain

_DIGRAPHS = (
    ("ph", "f"),
    ("gh", "g"),
    ("ck", "k"),
    ("sch", "s"),
    ("sh", "s"),
    ("th", "t"),
    ("wr", "r"),
    ("kn", "n"),
)
_CODES = {
    **dict.fromkeys("bpfvw", "1"),
    **dict.fromkeys("cgjkqsxz", "2"),
    **dict.fromkeys("dt", "3"),
    "l": "4",
    **dict.fromkeys("mn", "5"),
    "r": "6",
}
_LENGTH = 5


def sound(name: str) -> str:
    """Empty for a name without letters; other scripts than the Latin are as they are written."""
    letters = plain(name)
    for pair, one in _DIGRAPHS:
        letters = letters.replace(pair, one)
    if not letters:
        return ""
    begins = "" if letters[0] in _CODES else "0" if letters[0] in "aeiouyh" else letters[0]
    coded = "".join(_CODES.get(sign, "" if sign in "hw" else " ") for sign in letters)
    merged = re.sub(r"(.)\1+", r"\1", coded)
    code = begins + merged.replace(" ", "")
    return code[:_LENGTH] if code.strip("0") or len(letters) < 3 else f"{code}{letters[:2]}"
