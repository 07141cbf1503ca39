"""`daybreak scenario run`: do the stories come true, on which deployment?"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.assembly import NoSuchAgreement, load_agreements
from services.scenario.plain_yaml import Unreadable
from services.scenario.report import as_json, details, line, summary
from services.scenario.runner import Outcome, play
from services.scenario.story import Story, read_story, story_files

app = typer.Typer(no_args_is_help=True, help="Stories that run through the real services.")


@app.callback()
def scenario() -> None:
    """Stories that run through the real services."""


@app.command("run")
def run(
    paths: Annotated[list[Path], typer.Argument(help="Scenario files, or folders of them.")],
    json: Annotated[bool, typer.Option("--json", help="Print everything that happened.")] = False,
    on: Annotated[str, typer.Option(help="embedded or distributed.")] = "embedded",
) -> None:
    """Play each story and compare; exit 0 only when every one came true."""
    if on not in ("embedded", "distributed"):
        typer.echo("--on is embedded or distributed", err=True)
        raise typer.Exit(2)
    try:
        stories = [(_agreed(read_story(path), path), path) for path in story_files(paths)]
    except Unreadable as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    if not stories:
        typer.echo("no scenario files there", err=True)
        raise typer.Exit(2)
    outcomes = asyncio.run(_play(stories, on=on, quiet=json))
    typer.echo(as_json(outcomes) if json else summary(outcomes))
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


def _agreed(story: Story, path: Path) -> Story:
    """The story, when there is every agreement that it names. Raises Unreadable."""
    try:
        load_agreements(story.agreements)
    except NoSuchAgreement as fault:
        raise Unreadable(f"{path}: agreements: there is none called {fault}") from fault
    return story


async def _play(stories: list[tuple[Story, Path]], *, on: str, quiet: bool) -> list[Outcome]:
    outcomes = []
    for story, path in stories:
        outcome = await play(story, path, on=on)
        outcomes.append(outcome)
        if not quiet:
            typer.echo("\n".join([line(outcome), *details(outcome)]))
    return outcomes
