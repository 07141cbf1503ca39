"""`daybreak import`: who is who, from the files that people already have."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.chassis.clock import SystemClock
from services.commands.opening import opened
from services.directory import cli as directory_files
from services.directory.domain.report import Report, UnreadableFile
from services.directory.handles import Directory, open_directory

app = typer.Typer(
    no_args_is_help=True, help="Schools, links, pupils, calendars, agencies and their services."
)
File = Annotated[Path, typer.Argument(help="The file to read.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report, and change nothing.")]
Data = Annotated[Path | None, typer.Option(help="Folder of the embedded deployment.")]
Tell = Callable[[int, int], None]
_ALL_OR_NOTHING = frozenset({"pupils", "calendar", "agencies", "services"})


@app.command("gias")
def gias(
    file: File,
    accept_fewer: Annotated[
        bool, typer.Option(help="Take a file with far fewer schools than are known.")
    ] = False,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """The register of schools (`edubasealldata...csv`)."""
    _run(
        "gias",
        data,
        lambda directory, tell: directory_files.import_gias(
            directory, file, accept_fewer=accept_fewer, dry_run=dry_run, progress=tell
        ),
    )


@app.command("links")
def links(file: File, dry_run: DryRun = False, data: Data = None) -> None:
    """Predecessors and successors of schools (`links_edubasealldata...csv`)."""
    _run(
        "links",
        data,
        lambda directory, tell: directory_files.import_links(
            directory, file, dry_run=dry_run, progress=tell
        ),
    )


@app.command("groups")
def groups(
    file: File,
    accept_fewer: Annotated[
        bool, typer.Option(help="Take a file with far fewer groups than the last one.")
    ] = False,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """Trusts and federations (`allgroupsdata...csv`)."""
    _run(
        "groups",
        data,
        lambda directory, tell: directory_files.import_groups(
            directory, file, accept_fewer=accept_fewer, dry_run=dry_run, progress=tell
        ),
    )


@app.command("wales")
def wales(
    file: File,
    accept_fewer: Annotated[
        bool, typer.Option(help="Take a file with far fewer schools than the last one.")
    ] = False,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """Wales's own address list of schools: the .ods as published, or one sheet of it as CSV."""
    _run(
        "wales",
        data,
        lambda directory, tell: directory_files.import_wales(
            directory, file, accept_fewer=accept_fewer, dry_run=dry_run, progress=tell
        ),
    )


@app.command("pupils")
def pupils(
    file: File,
    organisation: Annotated[str, typer.Option(help="The school's id.")],
    whole: Annotated[
        bool, typer.Option(help="The file is the whole register: who is missing has left.")
    ] = False,
    leavers: Annotated[
        int | None, typer.Option(help="With --whole: how many have left, where they are many.")
    ] = None,
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """A school's register of pupils: CSV, JSON or a Common Transfer File (.xml)."""
    _run(
        "pupils",
        data,
        lambda directory, tell: directory_files.import_pupils(
            directory,
            file,
            organisation=organisation,
            whole=whole,
            leavers=leavers,
            dry_run=dry_run,
            progress=tell,
        ),
    )


@app.command("calendar")
def calendar(
    file: File,
    organisation: Annotated[
        str, typer.Option(help="Whose it is; for iCalendar, which does not say.")
    ] = "",
    dry_run: DryRun = False,
    data: Data = None,
) -> None:
    """Terms, INSET days and closures, CSV or iCalendar."""
    _run(
        "calendar",
        data,
        lambda directory, tell: directory_files.import_calendar(
            directory, file, organisation=organisation, dry_run=dry_run, progress=tell
        ),
    )


@app.command("agencies")
def agencies(file: File, dry_run: DryRun = False, data: Data = None) -> None:
    """Organisations and their contacts, YAML or CSV."""
    _run(
        "agencies",
        data,
        lambda directory, tell: directory_files.import_agencies(
            directory, file, dry_run=dry_run, progress=tell
        ),
    )


@app.command("services")
def services(file: File, dry_run: DryRun = False, data: Data = None) -> None:
    """What agencies offer: needs, places, hours and how to refer; JSON or CSV."""
    _run(
        "services",
        data,
        lambda directory, tell: directory_files.import_services(
            directory, file, dry_run=dry_run, progress=tell
        ),
    )


def _run(
    what: str, data: Path | None, work: Callable[[Directory, Tell], Awaitable[Report]]
) -> None:
    try:
        report = asyncio.run(_import(data, work))
    except UnreadableFile as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    except OSError as fault:
        typer.echo(f"{fault.filename}: {fault.strerror}", err=True)
        raise typer.Exit(2) from fault
    _print(report)
    if report.refused and what in _ALL_OR_NOTHING:
        raise typer.Exit(2)


async def _import(
    data: Path | None, work: Callable[[Directory, Tell], Awaitable[Report]]
) -> Report:
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn())
    async with opened(data) as house:
        directory = open_directory(
            store=house.storage.stores["directory"],
            database=house.storage.databases["directory"],
            clock=SystemClock(),
            settings=house.settings,
        )
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("rows", total=None)
            return await work(
                directory, lambda done, total: bar.update(task, completed=done, total=total)
            )


def _print(report: Report) -> None:
    """Counts, then each row that was not taken: line and column, never what stood there."""
    mode = " (dry run: nothing was changed)" if report.dry_run else ""
    typer.echo(
        f"{report.rows} rows: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.refused)} refused{mode}"
    )
    if report.linked:
        typer.echo(f"  linked  {report.linked}  schools to their trust or federation")
    if report.carried_over:
        typer.echo(f"  carried over  {report.carried_over}  contacts of schools, to be confirmed")
    for reason, count in report.left_out.items():
        typer.echo(f"  left out  {count}  {reason}")
    for note in report.notes:
        typer.echo(f"  note      {note}")
    for problem in report.refused:
        where = f", {problem.column}" if problem.column else ""
        typer.echo(f"  refused   line {problem.line}{where}: {problem.says}")
