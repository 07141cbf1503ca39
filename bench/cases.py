"""What is decided in the bench? Two hundred incidents of Operation Encompass, always the same."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from contracts.agreements import Agreement, load
from contracts.envelope import parse
from contracts.messages import Organisation
from contracts.scalars import Shape
from services.consent.domain.conditions.register import CONDITIONS
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Area, Facts
from services.consent.domain.matter import Matter, children_of
from services.consent.domain.question import Condition, Finding, Question, Unknown, ask
from services.consent.domain.weighing import weigh

COUNT = 200
SENDER = "sender-is-a-party"
NOW = datetime(2026, 2, 13, 23, 6, tzinfo=UTC)
PEPPER = b"pepper for the bench of deciding"
AGREEMENT: Agreement = next(one for one in load() if one.id == "operation-encompass")
_FORCE = Organisation(id="north-police", kind="police", police_area="E23000099")
_SCHOOL = Organisation(id="alder", kind="school", urn="900001", local_authority="E06000999")
AREA = Area(organisations={one.id: one for one in (_FORCE, _SCHOOL)})
_SOURCES = ("north-police",) * 8 + ("alder", "stranger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One child of one incident: as the kernel reads it, and as findings made beforehand.

    `findings` are "true", "false" or "unknown" by the name of the condition: all that the other
    languages are given. `conditions` say the same to the kernel.
    """

    agency: str
    content: Shape
    question: Question
    findings: Mapping[str, str]
    conditions: Mapping[str, Condition]

    def matter(self) -> Matter:
        """Made anew for each decision: it remembers what was worked out of it."""
        return _matter(self.agency, self.content)

    def whole(self) -> str:
        """Predicates, combination, fields, clock, routing, obligations, reasons."""
        [decision] = decide(self.matter(), Facts(), AREA, (AGREEMENT,), PEPPER).decisions
        return decision.outcome.value

    def core(self) -> str:
        """Findings in, outcome and reasons out."""
        return weigh(AGREEMENT, self.question, self.conditions).outcome.value


def cases(count: int = COUNT) -> tuple[Case, ...]:
    lots = random.Random(49)
    return tuple(_case(lots) for _ in range(count))


def _case(lots: random.Random) -> Case:
    agency = lots.choice(_SOURCES)
    content = parse(_event(lots, agency)).content
    matter = _matter(agency, content)
    [child] = children_of(matter)
    question = ask(matter, Facts(), AREA, child, "education", AGREEMENT)
    answers = {SENDER: _sender(agency)}
    conditions = {}
    for named in AGREEMENT.conditions:
        params = AGREEMENT.settled(named, question.policy.settings)
        asked = replace(question, params=params)
        try:
            finding = CONDITIONS[named.use].test(asked)
            answers[named.use] = str(finding.applies).lower()
            conditions[named.use] = _said(finding)
        except Unknown as unknown:
            answers[named.use] = "unknown"
            conditions[named.use] = _in_doubt(str(unknown))
    return Case(
        agency=agency, content=content, question=question, findings=answers, conditions=conditions
    )


def _sender(agency: str) -> str:
    sender = AREA.organisations.get(agency)
    return "unknown" if sender is None else str(sender.kind in AGREEMENT.parties.senders).lower()


def _said(finding: Finding) -> Condition:
    return Condition(version="1", cites="bench", test=lambda _: finding)


def _in_doubt(says: str) -> Condition:
    def test(_: Question) -> Finding:
        raise Unknown(says)

    return Condition(version="1", cites="bench", test=test)


def _matter(agency: str, content: Shape) -> Matter:
    return Matter(
        type="police.incident.recorded.v1",
        agency=agency,
        content=content,
        accepted_at=NOW,
        now=NOW,
    )


def _event(lots: random.Random, agency: str) -> dict[str, Any]:
    def rarely(usual: Any, *others: Any) -> Any:
        return lots.choice(others) if lots.random() < 0.12 else usual

    child = _person("child", "Cat", rarely("2017-05-01", "2008-02-13", "2008-02-14", "2023-01-01"))
    child["relationships"] = [{"to": "harmed", "kind": rarely("child", "unrelated", "unknown")}]
    child["education"] = [{"status": rarely("registered", "home-educated", "missing-education")}]
    if lots.random() < 0.1:
        del child["date_of_birth"]
    handling: dict[str, Any] = {name: True for name in _FLAGS if lots.random() < 0.04}
    if lots.random() < 0.05:
        handling["never_tell"] = ["alder"]
    return {
        "specversion": "1.0",
        "id": f"syn-{lots.random()}",
        "source": f"/agencies/{agency}",
        "type": "police.incident.recorded.v1",
        "time": "2026-02-13T23:05:00Z",
        "data": {
            "reference": "SYN-BENCH",
            "occurred_at": "2026-02-13T22:40:00Z",
            "believed_at": "2026-02-13T23:05:00Z",
            "category": rarely("domestic-abuse", "other"),
            "grading": "medium",
            "intent": "inform",
            "parties": {"harmed": "harmed", "other": ["other"]},
            "people": [
                _person("harmed", "Ann", rarely("1991-04-12", "2011-04-12")),
                _person("other", "Bob", rarely("1989-03-02", "2011-04-12")),
                child,
            ],
            "children": [{"ref": "child", "presence": "present"}],
            "location": {"kind": "home", "local_authority": "E06000999"},
            "circumstances": {
                "summary": rarely("Shouting was reported.", "She had been drinking.")
            },
            "childrens_services_informed": True,
            "handling": handling,
        },
    }


_FLAGS = ("sexual_offence", "honour_based", "covert")


def _person(ref: str, given_name: str, born: str) -> dict[str, Any]:
    home = {"kind": "home", "postcode": "ZZ99 3CZ", "local_authority": "E06000999"}
    return {
        "ref": ref,
        "given_name": given_name,
        "family_name": "Test",
        "date_of_birth": born,
        "addresses": [home],
    }
