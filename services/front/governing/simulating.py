"""What would happen to this event? The real deciding, with nothing stored and nobody told."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

import contracts
from contracts.strict_json import MalformedJson, loads
from services.front import labels
from services.front.agreements import Ground, ground_of
from services.front.governing.governor import Governor
from services.front.house import House, Refused
from services.front.pages import Pages
from services.front.visitor import own_form
from services.front.vocabulary import EVENTS, TASKS, word
from services.front.words import day_and_time, number_of

Json = dict[str, Any]
_EXAMPLES = Path(str(contracts.__file__)).parent / "examples"
LONGEST = 262_144
_OUTCOMES = {
    "disclosed": ("Would be told", "green"),
    "withheld": ("Would not be told", "grey"),
    "held": ("Would wait for a person", "yellow"),
}
_ORDER = ("held", "disclosed", "withheld")


def router(house: House, pages: Pages) -> APIRouter:
    routes = APIRouter(prefix="/governance/simulator", include_in_schema=False)

    async def form(request: Request, status: int = 200, **content: Any) -> HTMLResponse:
        asked: Json = {"event": "", "problem": "", "pointers": [], "answer": None, **content}
        return await pages.show(
            request,
            "governance/simulator.html",
            status=status,
            examples=[(name, word(EVENTS)(name)) for name in sorted(examples())],
            **asked,
        )

    @routes.get("")
    async def ask(request: Request, visitor: Governor, example: str = "") -> HTMLResponse:
        return await form(request, event=examples().get(example, ""))

    @routes.post("", dependencies=[Depends(own_form)])
    async def answer(
        request: Request, visitor: Governor, event: Annotated[str, Form()] = ""
    ) -> HTMLResponse:
        told = _read(event)
        if told is None:
            problem = "Paste one event as JSON, or choose an example"
            return await form(request, 422, event=event, problem=problem)
        try:
            found = await house.post(visitor.principal, "/consent/v1/explain", told)
        except Refused as refused:
            if refused.status != 422:
                raise
            told = {"problem": refused.title, "pointers": refused.errors}
            return await form(request, 422, event=event, **told)
        applied = {
            (one.get("agreement"), one.get("agreement_version")) for one in found["decisions"]
        }
        grounds = {pair: await ground_of(house, visitor.principal, *pair, None) for pair in applied}
        return await form(request, event=event, answer=_answer(found, grounds))

    return routes


@cache
def examples() -> dict[str, str]:
    """Those of the contract, by event type: synthetic people and places."""
    return {
        path.name.removesuffix(".json"): path.read_text(encoding="utf-8")
        for path in _EXAMPLES.glob("*.v1.json")
    }


def _read(event: str) -> Json | None:
    if not 0 < len(event) <= LONGEST:
        return None
    try:
        told = loads(event.encode())
    except MalformedJson:
        return None
    return told if isinstance(told, dict) else None


def _answer(found: Json, grounds: dict[Any, Ground | None]) -> Json:
    decisions = sorted(found["decisions"], key=lambda one: _ORDER.index(one["outcome"]))
    return {
        "decisions": [_decision(one, grounds) for one in decisions],
        "tasks": [
            {"called": word(TASKS)(one["kind"]), "due": due_words(one["due"])}
            for one in found["obligations"]
        ],
        "note": found["note"],
    }


def _decision(one: Json, grounds: dict[Any, Ground | None]) -> Json:
    outcome, colour = _OUTCOMES[one["outcome"]]
    return {
        **one,
        "said": outcome,
        "colour": colour,
        "ground": grounds.get((one.get("agreement"), one.get("agreement_version"))),
        "by_when": due_words(one["due"]) if one.get("due") else "",
        "shown": _labels(one.get("shows")),
        "dropped": _labels(one.get("drops")),
    }


def _labels(paths: list[str] | None) -> list[str]:
    return [labels.label(path) for path in labels.in_order(set(paths or ()))]


def due_words(rule: Json) -> str:
    """A rule and its start: the day of a school depends on which school it is."""
    since = day_and_time(datetime.fromisoformat(rule["starts_at"]))
    match rule["kind"]:
        case "school-day":
            return f"Before the gate opens on the first school day after {since}"
        case "clock-hours":
            return f"{number_of(rule['hours'], 'hour')} after {since}"
        case "working-day":
            days = number_of(rule["days"], "working day")
            return f"{days} after {since}, at {str(rule['at'])[:5]}"
        case _:
            return f"At once: {since}"
