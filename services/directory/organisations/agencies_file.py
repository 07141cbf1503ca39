"""Which organisations does a file name? YAML as in an area of a story, or CSV; all or nothing."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from services.chassis.problems import Problem, validation_errors
from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.forms import OrganisationForm, Word, refusal
from services.directory.handles import Directory
from services.directory.organisations.setting import require_free, set_organisation, wishes_of
from services.directory.streams.organisation_commands import Change, decide
from services.directory.text_files import read_text, row_problem

ACTOR = "import-agencies"


async def import_agencies(
    directory: Directory, path: Path, *, dry_run: bool = False, progress: Progress = nothing
) -> Report:
    """`line` of a problem is the line in a CSV, and the place in the list, from 1, in YAML."""
    items = _read(path)
    forms, refused = await _checked(directory, items)
    if refused:
        return Report(rows=len(items), refused=tuple(refused), dry_run=dry_run)
    added = changed = 0
    for done, (name, form) in enumerate(forms, start=1):
        before = await directory.organisation(name)
        wishes = tuple(wishes_of(form, before.contacts, directory.pepper, _word(directory)))
        change = Change(organisation=name, wishes=wishes, at=directory.clock.now())
        if decide(change, before):
            added += before.profile is None
            changed += before.profile is not None
            if not dry_run:
                await set_organisation(directory, name, form, actor=ACTOR)
        progress(done, len(forms))
    return Report(
        rows=len(items),
        added=added,
        changed=changed,
        unchanged=len(forms) - added - changed,
        dry_run=dry_run,
    )


async def _checked(
    directory: Directory, items: Sequence[tuple[int, dict[str, Any]]]
) -> tuple[list[tuple[str, OrganisationForm]], list[RowProblem]]:
    forms: list[tuple[str, OrganisationForm]] = []
    refused: list[RowProblem] = []
    urns: set[str] = set()
    for line, item in items:
        try:
            form = OrganisationForm.model_validate(item)
            if form.id is None or form.kind is None:
                raise refusal("", "needs an id and a kind")
            if form.urn in urns:
                raise refusal("/urn", "is there twice")
            urns |= {form.urn} if form.urn else set()
            await require_free(directory, form.id, form.urn)
            wishes_of(form, (), directory.pepper, _word(directory))
        except ValidationError as bad:
            errors = validation_errors(bad.errors(include_url=False, include_input=False))
            refused += [row_problem(line, error) for error in errors]
        except Problem as bad:
            refused += [row_problem(line, error) for error in bad.errors]
        else:
            forms.append((form.id, form))
    return forms, refused


def _word(directory: Directory) -> Word:
    return Word(by=ACTOR, at=directory.clock.now(), trusted=True)


def _read(path: Path) -> Sequence[tuple[int, dict[str, Any]]]:
    text = read_text(path)
    return _csv(text) if path.suffix.lower() == ".csv" else _yaml(text)


def _csv(text: str) -> Sequence[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(text.splitlines(), restkey="too many cells")
    if "id" not in (reader.fieldnames or ()):
        raise UnreadableFile("the first line needs a heading `id`")
    return [(reader.line_num, {k: v for k, v in row.items() if v}) for row in reader]


def _yaml(text: str) -> Sequence[tuple[int, dict[str, Any]]]:
    """Every scalar as it is written: YAML's own guesses make 10:30 a number."""
    try:
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes strings only
    except yaml.YAMLError:
        raise UnreadableFile("the file is not YAML") from None
    items = tree.get("organisations") if isinstance(tree, dict) else tree
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableFile("the file is not a list of organisations")
    return [(place, _plain(item)) for place, item in enumerate(items, start=1)]


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case "" | "null" | "~":
            return None
        case _:
            return value
