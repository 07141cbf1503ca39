"""`daybreak explain`: what would happen to this event in this area, field by field?"""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from contracts.strict_json import MalformedJson, loads
from services.scenario.people import People
from services.scenario.plain_yaml import Unreadable
from services.scenario.reading import notifications, tasks
from services.scenario.setting import AreaRefused, set_up
from services.scenario.stage import open_stage
from services.scenario.story import Area, read_area

Json = dict[str, Any]


def explain(
    event: Annotated[Path, typer.Argument(help="A CloudEvent as JSON.")],
    area: Annotated[Path, typer.Option(help="The area as YAML: organisations, pupils, policies.")],
    at: Annotated[str | None, typer.Option(help="When it arrives, RFC 3339 with offset.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show every decision with its reasons, the fields shown and dropped, who is told and by when.

    Runs in a house of its own that is gone afterwards: nothing is stored and nothing is sent.
    """
    try:
        content, place = _read(event), read_area(area)
        moment = _moment(at, content)
        answer = asyncio.run(explained(content, place, moment))
    except (Unreadable, AreaRefused) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    if "problem" in answer:
        typer.echo(json.dumps(answer["problem"], ensure_ascii=False), err=True)
        raise typer.Exit(2)
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1) if json_ else _text(answer))


def _read(path: Path) -> Json:
    try:
        content = loads(path.read_bytes())
    except OSError as fault:
        raise Unreadable(f"{path}: {fault.strerror}") from fault
    except MalformedJson as fault:
        raise Unreadable(f"{path}: {fault}") from fault
    if not isinstance(content, dict):
        raise Unreadable(f"{path}: an event is a JSON object")
    return content


def _moment(at: str | None, content: Json) -> datetime:
    text = at or content.get("time")
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as fault:
        raise Unreadable("--at (or the event's time) is like 2026-02-13T23:05:00Z") from fault
    if moment.tzinfo is None:
        raise Unreadable("--at (or the event's time) needs an offset")
    return moment


async def explained(event: Json, area: Area, moment: datetime) -> Json:
    """Decisions, who would be told and what would be asked; or the problem with the event."""
    async with open_stage(on="embedded", start=moment, agreements=None) as stage:
        people = People()
        await set_up(stage, area, {}, people)
        agency = str(event.get("source", "")).rsplit("/", 1)[-1] or "nobody"
        # as the house itself: it is who asks that brings the area, with every fact in it
        answer = await stage.request("POST", "/consent/v1/explain", json=event)
        if answer.is_error:
            return {"problem": answer.json()}
        published = await stage.request(
            "POST",
            "/notify/v1/events",
            agency=agency,
            json=event,
            headers={"content-type": "application/cloudevents+json"},
        )
        if published.is_error:
            return {"problem": published.json()}
        await stage.house.settle()
        return {
            "at": moment.isoformat(),
            "decisions": answer.json().get("decisions", []),
            "warnings": answer.json().get("warnings", []),
            "notifications": [_told(one) for one in await notifications(stage)],
            "tasks": await tasks(stage),
        }


def _told(one: Json) -> Json:
    wanted = ("to", "about", "audience", "agreement", "due", "state", "not_readers")
    return {key: one.get(key) for key in wanted}


def _about(one: Json) -> str:
    about = one.get("about")
    return str(about.get("ref") if isinstance(about, dict) else about)


def _text(answer: Json) -> str:
    lines = [f"At {answer['at']}"]
    for one in answer["decisions"]:
        lines.append(f"\n{one['outcome'].upper()}  {one['audience']}  about {_about(one)}")
        if one.get("agreement"):
            lines.append(f"  agreement {one['agreement']} {one.get('agreement_version') or ''}")
        basis = one.get("basis") or {}
        if basis:
            lines.append(f"  basis     Article {basis.get('article_6')}; {basis.get('gateway')}")
        lines += [f"  because   {why['rule']}: {why['says']}" for why in one.get("because", [])]
        lines += [f"  shows     {name}" for name in one.get("shows") or []]
        lines += [f"  drops     {name}" for name in one.get("drops") or []]
    lines += [f"\nWARNING  {one['agreement']}: {one['says']}" for one in answer["warnings"]]
    lines.append("\nWould be told:")
    for told in answer["notifications"]:
        lines.append(f"  {told['to']} about {told['about']} by {told['due']}")
    lines.append("Would be asked of people:")
    for task in answer["tasks"]:
        lines.append(f"  {task['owner']}: {task['kind']} about {task['about']} by {task['due']}")
    return "\n".join(lines)
