"""Which services does a file list? JSON as the API takes them, or CSV; all or nothing."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contracts.strict_json import MalformedJson, loads
from services.chassis.problems import Problem, validation_errors
from services.directory.domain.offer import Offer, Private
from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.forms import refusal
from services.directory.handles import Directory
from services.directory.offers.forms import OfferForm
from services.directory.offers.setting import keep, require_owner
from services.directory.text_files import read_text, row_problem

ACTOR = "import-services"
_TRUE, _FALSE = {"yes", "true", "1"}, {"no", "false", "0", ""}
# Headings whose cell is one value, as the form has it; the others are taken apart below.
_PLAIN = frozenset(
    "id organisation kind name status details criteria contra_indications cost minimum_age "
    "maximum_age".split()
)
_LISTS = frozenset({"needs", "who", "places"})
_FLAGS = frozenset({"nationwide", "confidential_location", "publish"})
_PARTS: Mapping[str, tuple[str, str]] = {
    **{f"contact_{name}": ("contact", name) for name in ("title", "email", "phone", "url")},
    **{
        name: ("location", name)
        for name in "line town county postcode latitude longitude access".split()
    },
    "location_name": ("location", "name"),
    **{f"private_{name}": ("private", name) for name in "contact_name phone email notes".split()},
}
_REFERRAL = {"refer_self": "self", "refer_professional": "professional", "refer": "anyone"}
_FORM = ("form_name", "form_url")
_HOURS = frozenset({"days", "opens", "closes"})
HEADINGS = _PLAIN | _LISTS | _FLAGS | set(_PARTS) | set(_REFERRAL) | set(_FORM) | _HOURS


async def import_services(
    directory: Directory, path: Path, *, dry_run: bool = False, progress: Progress = nothing
) -> Report:
    """`line` of a problem is the line in a CSV, and the place in the list, from 1, in JSON."""
    items = read(path)
    taken, refused = await _checked(directory, items)
    if refused:
        return Report(rows=len(items), refused=tuple(refused), dry_run=dry_run)
    added = changed = 0
    for done, (name, said, private) in enumerate(taken, start=1):
        before = await directory.offer(name)
        if (before.said, before.private) != (said, private):
            added += before.said is None
            changed += before.said is not None
            if not dry_run:
                await keep(directory, name, said, private, actor=ACTOR)
        progress(done, len(taken))
    return Report(
        rows=len(items),
        added=added,
        changed=changed,
        unchanged=len(taken) - added - changed,
        dry_run=dry_run,
    )


async def _checked(
    directory: Directory, items: Sequence[tuple[int, dict[str, Any]]]
) -> tuple[list[tuple[str, Offer, Private]], list[RowProblem]]:
    taken: list[tuple[str, Offer, Private]] = []
    refused: list[RowProblem] = []
    seen: set[str] = set()
    for line, item in items:
        try:
            form = OfferForm.model_validate(item)
            if form.id is None or form.id in seen:
                raise refusal("/id", "needs an id" if form.id is None else "is there twice")
            seen.add(form.id)
            await require_owner(directory, form.organisation)
            taken.append((form.id, *form.parts()))
        except ValidationError as bad:
            errors = validation_errors(bad.errors(include_url=False, include_input=False))
            refused += [row_problem(line, error) for error in errors]
        except Problem as bad:
            refused += [row_problem(line, error) for error in bad.errors]
    return taken, refused


def read(path: Path) -> Sequence[tuple[int, dict[str, Any]]]:
    text = read_text(path)
    return _csv(text) if path.suffix.lower() == ".csv" else _json(text)


def _json(text: str) -> Sequence[tuple[int, dict[str, Any]]]:
    try:
        tree = loads(text.encode())
    except MalformedJson:
        raise UnreadableFile("the file is not JSON") from None
    items = tree.get("services") if isinstance(tree, dict) else tree
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableFile("the file is not a list of services")
    return list(enumerate(items, start=1))


def _csv(text: str) -> Sequence[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(text.splitlines(), restkey="too many cells", strict=True)
    heading = set(reader.fieldnames or ())
    if not {"id", "organisation", "name"} <= heading:
        raise UnreadableFile("the first line needs headings id, organisation and name")
    if unknown := len(heading - HEADINGS):
        raise UnreadableFile(f"{unknown} of the headings are not known: see docs/services.md")
    try:
        return [(reader.line_num, _item(row)) for row in reader]
    except csv.Error:
        raise UnreadableFile("the file ends inside quotation marks") from None


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """Empty cells are not said. What is wrong with a value, the form says."""
    said = {name: value for name, value in row.items() if value}
    item: dict[str, Any] = {name: said[name] for name in _PLAIN & said.keys()}
    item |= {name: said[name].split() for name in _LISTS & said.keys()}
    item |= {name: _flag(said[name]) for name in _FLAGS & said.keys()}
    for name, (part, inner) in _PARTS.items():
        if name in said:
            item.setdefault(part, {})[inner] = said[name]
    routes = [{"by": by, "how": said[name]} for name, by in _REFERRAL.items() if name in said]
    item |= {"referral": routes} if routes else {}
    if said.keys() & set(_FORM):
        item["forms"] = [{name.removeprefix("form_"): said.get(name, "") for name in _FORM}]
    if said.keys() & _HOURS:
        hours: dict[str, Any] = {name: said[name] for name in _HOURS & said.keys()}
        item["hours"] = [{**hours, "days": said.get("days", "").split()}]
    return item | {name: said[name] for name in said.keys() - HEADINGS}


def _flag(text: str) -> bool | str:
    plain = text.strip().lower()
    return True if plain in _TRUE else False if plain in _FALSE else text
