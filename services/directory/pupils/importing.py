"""What becomes of a file of pupils? All of it is registered, or nothing and a report."""

from pathlib import Path

from services.chassis.problems import Problem
from services.directory.domain.report import Progress, Report, RowProblem, UnreadableFile, nothing
from services.directory.handles import Directory
from services.directory.pupils.csv_file import read_pupils
from services.directory.pupils.json_list import read_list
from services.directory.pupils.registering import register_pupils

ACTOR = "import-pupils"


async def import_pupils(
    directory: Directory,
    path: Path,
    *,
    organisation: str,
    whole: bool = False,
    dry_run: bool = False,
    progress: Progress = nothing,
) -> Report:
    """Raises UnreadableFile, also for an organisation that is not known."""
    if (await directory.organisation(organisation)).profile is None:
        raise UnreadableFile("there is no such organisation to register pupils with")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    problems: list[RowProblem] = []
    if path.suffix.lower() == ".json":
        try:
            given = list(read_list(data))
        except Problem as bad:
            raise UnreadableFile(_line(bad)) from None
    else:
        given, problems = read_pupils(data)
    progress(0, len(given))
    registered = await register_pupils(
        directory,
        organisation,
        given,
        problems,
        actor=ACTOR,
        whole=whole,
        dry_run=dry_run,
    )
    progress(len(given), len(given))
    return registered.report


def _line(problem: Problem) -> str:
    return "; ".join(f"{error['pointer']} {error['detail']}" for error in problem.errors)
