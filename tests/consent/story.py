"""Synthetic events in one line, and what is decided of them: the words of the consent tests."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from contracts.agreements import Agreement, load
from contracts.envelope import parse
from contracts.messages import Contact, Organisation
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.deciding import decide
from services.consent.domain.decision import Decision, Obligation, Verdict
from services.consent.domain.facts import Area, Facts
from services.consent.domain.matter import Matter
from services.consent.domain.question import Finding, Question, Unknown

PEPPER = b"pepper for the tests of consent."
AGREEMENTS = load(known=set(CONDITIONS))
NORTH, SOUTH, EAST = "E06000999", "E06000998", "E06000997"
FORCE_X, FORCE_Y = "E23000099", "E23000098"
BELIEVED = "2026-02-13T23:05:00+00:00"
NOW = datetime(2026, 2, 13, 23, 6, tzinfo=UTC)
HOME = {"kind": "home", "postcode": "ZZ99 3CZ", "local_authority": NORTH, "police_area": FORCE_X}

Json = dict[str, Any]

ORGANISATIONS = {
    one.id: one
    for one in (
        Organisation(
            id="north-police",
            kind="police",
            name="Northshire Police",
            police_area=FORCE_X,
            contacts=(
                Contact(
                    id="desk",
                    role="desk",
                    given_name="Di",
                    family_name="Test",
                    phone="01632 960001",
                ),
            ),
        ),
        Organisation(id="alder", kind="school", urn="900001", local_authority=NORTH),
        Organisation(id="birch", kind="school", urn="900002", local_authority=NORTH),
        Organisation(id="north-csc", kind="childrens-social-care", local_authority=NORTH),
        Organisation(id="south-csc", kind="childrens-social-care", local_authority=SOUTH),
        Organisation(id="north-la", kind="local-authority", local_authority=NORTH),
        Organisation(id="haven", kind="treatment", name="Haven Recovery"),
        Organisation(id="surgery", kind="general-practice"),
        Organisation(id="north-marac", kind="marac", local_authority=NORTH),
    )
}
AREA = Area(organisations=ORGANISATIONS)


def person(ref: str, given: str, born: str | None, **more: Any) -> Json:
    told = {"ref": ref, "given_name": given, "family_name": "Test", "addresses": [HOME], **more}
    return told if born is None else {**told, "date_of_birth": born}


def child(
    ref: str = "c1", given: str = "Cat", born: str | None = "2018-05-01", **more: Any
) -> Json:
    more.setdefault("relationships", [{"to": "h", "kind": "child"}])
    more.setdefault("education", [{"status": "registered", "urn": "900001"}])
    return person(ref, given, born, **more)


def harmed(**more: Any) -> Json:
    return person(more.pop("ref", "h"), "Ann", more.pop("born", "1990-01-01"), **more)


def other(**more: Any) -> Json:
    return person(more.pop("ref", "o"), "Bob", more.pop("born", "1988-01-01"), **more)


def incident(*children: Json, **more: Any) -> Json:
    """Ann was harmed by Bob, on a Friday night; Cat, seven, is hers and was upstairs."""
    kids = children or (child(),)
    parties = {"harmed": "h", "other": ["o"]}
    people = more.pop("people", None) or [more.pop("harmed", harmed()), more.pop("other", other())]
    return {
        "reference": "N/1",
        "occurred_at": "2026-02-13T22:40:00+00:00",
        "believed_at": BELIEVED,
        "category": "domestic-abuse",
        "grading": "medium",
        "intent": "inform",
        "parties": parties,
        "people": [*people, *kids],
        "children": more.pop(
            "entries",
            [
                {
                    "ref": kid["ref"],
                    "presence": "elsewhere-in-home",
                    "spoken_to": {
                        "outcome": "spoken-to",
                        "alone": True,
                        "words": "I heard shouting",
                        "demeanour": "quiet",
                    },
                    "welfare_check": True,
                }
                for kid in kids
            ],
        ),
        "location": {"kind": "home", "local_authority": NORTH, "police_area": FORCE_X},
        "circumstances": {"kinds": ["verbal"], "summary": "Shouting was heard by a neighbour."},
        "childrens_services_informed": False,
        **more,
    }


def client(**more: Any) -> Json:
    return person(more.pop("ref", "p"), "Pat", "1991-02-02", **more)


def ended(*children: Json, **more: Any) -> Json:
    return {
        "client": client(),
        "episode": "e-1",
        "ended_at": "2026-02-13T15:00:00+00:00",
        "reason": "dropped-out",
        "children": list(children),
        "client_told": {"told": True, "when": "2026-02-13T15:00:00+00:00"},
        **more,
    }


def missed(*children: Json, **more: Any) -> Json:
    return {
        "client": client(),
        "appointment": {
            "id": "a-1",
            "kind": "assessment",
            "starts_at": "2026-02-13T10:00:00+00:00",
            "referred_by": "north-csc",
            **more.pop("appointment", {}),
        },
        "outcome": "did-not-attend",
        "contact_attempts": 2,
        "recorded_at": "2026-02-13T11:00:00+00:00",
        "children": list(children),
        **more,
    }


RECORDED = "police.incident.recorded.v1"
ENDED = "treatment.episode.ended.v1"
MISSED = "treatment.appointment.missed.v1"


def event(data: Json, type_: str = RECORDED, source: str = "north-police", id_: str = "1") -> Json:
    return {
        "specversion": "1.0",
        "id": id_,
        "source": f"/agencies/{source}",
        "type": type_,
        "time": "2026-02-13T23:06:00+00:00",
        "datacontenttype": "application/json",
        "data": data,
    }


def matter(
    data: Json, type_: str = RECORDED, source: str = "north-police", now: datetime = NOW
) -> Matter:
    told = parse(event(data, type_, source))
    return Matter(type=type_, agency=source, content=told.content, accepted_at=now, now=now)


def verdict(
    data: Json,
    type_: str = RECORDED,
    source: str | None = None,
    *,
    facts: Facts | None = None,
    area: Area = AREA,
    agreements: Sequence[Agreement] = AGREEMENTS,
    now: datetime = NOW,
    **more: Any,
) -> Verdict:
    sender = source or ("north-police" if type_ == RECORDED else "haven")
    what = matter(data, type_, sender, now)
    listened = Listened()
    conditions = more.pop("conditions", None) or listened.conditions
    decided = decide(what, facts or Facts(), area, agreements, PEPPER, conditions, **more)
    said = [reason.says for one in decided.decisions for reason in one.because]
    assert [one for one in said if not is_sentence(one)] == []
    assert listened.wrong == []
    return decided


def is_sentence(says: str) -> bool:
    """What a person reads: neither a fragment, nor shouted."""
    return says[:1].isupper() and says.endswith((".", "?")) and says != says.upper()


class Listened:
    """The real conditions: a fault in one is held, and would go unnoticed where that is right."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.conditions = {
            name: replace(one, test=partial(self._ask, name, one.test))
            for name, one in CONDITIONS.items()
        }

    def _ask(self, name: str, test: Callable[[Question], Finding], question: Question) -> Finding:
        says: object = "It failed."
        try:
            finding = test(question)
            says = finding.says if finding.applies in (True, False) else None
        except Unknown as unknown:
            says = str(unknown)
            raise
        except Exception as fault:
            says = repr(fault)
            raise
        finally:
            if not (isinstance(says, str) and is_sentence(says)):
                self.wrong.append(f"{name}: {says}")
        return finding


def answer(decided: Verdict, audience: str = "education", about: str = "c1") -> Decision:
    return next(d for d in decided.decisions if d.audience == audience and d.about == about)


def outcome(decided: Verdict, audience: str = "education", about: str = "c1") -> str:
    return answer(decided, audience, about).outcome.value


def rules(decided: Verdict, audience: str = "education", about: str = "c1") -> set[str]:
    return {reason.rule for reason in answer(decided, audience, about).because}


def content(decided: Verdict, audience: str = "education", about: str = "c1") -> Json:
    terms = answer(decided, audience, about).terms
    assert terms is not None
    return dict(terms.content)


def owed(decided: Verdict, kind: str) -> list[Obligation]:
    return [obligation for obligation in decided.obligations if obligation.kind == kind]
