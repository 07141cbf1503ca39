"""How is what is held of somebody shown, for ruling on it and as the pack? In words, by record."""

from collections.abc import Sequence
from typing import Any

from services.front.house import Refused

Json = dict[str, Any]
FLAGS = {
    "third_party": "Somebody else",
    "child_abuse_data": "Child abuse data",
    "health": "Health",
    "serious_harm_review_needed": "Serious harm to be considered",
}
TITLES = {
    "events": "What an agency reported",
    "decisions": "What was decided on sharing it",
    "told": "Who was told",
    "statements": "What was said about it",
}
_DECISIONS = {"release": "To be released", "redact": "To be redacted"}
_AT = {"rulings": "path", "release": "release", "extend": "told_on", "refuse": "refuse-reason"}


def grouped(fields: Sequence[Json]) -> list[Json]:
    """By case and kind, in the order in which they came; a case is called by its number."""
    groups: dict[tuple[str, str], Json] = {}
    cases: dict[str, int] = {}
    for one in fields:
        _, case, kind, *rest = one["path"].split("/")
        number = cases.setdefault(case, len(cases) + 1)
        title = f"Record {number}: {TITLES[kind].lower()}"
        group = groups.setdefault((case, kind), {"title": title, "flagged": [], "plain": []})
        shown = _shown(one, rest)
        group["flagged" if one["flags"] else "plain"].append(shown)
    return list(groups.values())


def _shown(one: Json, rest: Sequence[str]) -> Json:
    decision = one["decision"]
    flags = [FLAGS[flag] for flag in one["flags"]]
    ruled = _DECISIONS[decision] if decision else "Not ruled on"
    return {
        "path": one["path"],
        "called": _called(rest),
        "value": text(one["value"]),
        "flags": flags,
        "ruled": f"{ruled} ({one['exemption']})" if one["exemption"] else ruled,
        "is_open": bool(flags) and decision is None,
    }


def _called(rest: Sequence[str]) -> str:
    """Numbers of lists stay, so that two of a kind can be told apart; ids do not."""
    parts = [part for part in rest if part != "data" and "-" not in part]
    if parts and parts[0].isdigit():
        parts = parts[1:]
    counted = [str(int(part) + 1) if part.isdigit() else part for part in parts]
    return " ".join(counted).replace("_", " ").capitalize()


def text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(text, value)) or "None"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text(one)}" for name, one in value.items() if one is not None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "None" if value is None else str(value)


def readable(pack: Json) -> list[Json]:
    """The pack as it leaves the house: redacted fields are absent, and nothing says where."""
    return [
        {
            "title": f"Record {number}",
            "entries": [
                {
                    "title": TITLES[entry["kind"]],
                    "fields": [
                        {"called": one["field"].capitalize(), "value": text(one["value"])}
                        for one in entry["fields"]
                    ],
                }
                for entry in case["entries"]
            ],
        }
        for number, case in enumerate(pack["cases"], start=1)
    ]


def problem_of(what: str, refused: Refused) -> Json:
    """In the words of the service, which name nobody, at the part of the page that they mean."""
    details = [str(one["detail"]) for one in refused.errors if one.get("detail")]
    return {"at": _AT[what], "says": details[0] if details else refused.title}
