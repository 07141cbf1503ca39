"""What becomes of a file of pupils? All of it is registered, or nothing and a report."""

from pathlib import Path

from services.chassis.problems import Problem
from services.directory.domain.report import Progress, Report, UnreadableFile, nothing
from services.directory.handles import Directory
from services.directory.pupils.registering import TooManyLeave, register_pupils
from services.directory.pupils.uploading import read_upload

ACTOR = "import-pupils"
_CSV = "text/csv"
_FORMS = {".json": "application/json", ".xml": "application/xml"}


async def import_pupils(
    directory: Directory,
    path: Path,
    *,
    organisation: str,
    whole: bool = False,
    dry_run: bool = False,
    leavers: int | None = None,
    progress: Progress = nothing,
) -> Report:
    """Raises UnreadableFile, also for an organisation that is not known, and where more would
    leave than a person has confirmed."""
    if (await directory.organisation(organisation)).profile is None:
        raise UnreadableFile("there is no such organisation to register pupils with")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"the file cannot be opened: {error.strerror}") from None
    try:
        form = _FORMS.get(path.suffix.lower(), _CSV)
        read = await read_upload(directory, organisation, form, data)
    except Problem as bad:
        raise UnreadableFile(_line(bad)) from None
    rows = len(read.given)
    progress(0, rows)
    try:
        registered = await register_pupils(
            directory,
            organisation,
            read.given,
            read.problems,
            actor=ACTOR,
            whole=whole,
            dry_run=dry_run,
            leavers=leavers,
        )
    except TooManyLeave as many:
        raise UnreadableFile(f"{many}; confirm with --leavers {many.leaving}") from None
    progress(rows, rows)
    return registered.report


def _line(problem: Problem) -> str:
    return "; ".join(f"{error['pointer']} {error['detail']}".strip() for error in problem.errors)
