"""In which form does an upload come? A list, a table or a transfer file, to the same pupils."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.chassis.problems import Problem
from services.directory.domain.report import RowProblem, UnreadableFile
from services.directory.handles import Directory
from services.directory.pupils.csv_file import columns_read, read_pupils
from services.directory.pupils.ctf_file import read_transfer_file
from services.directory.pupils.given import Given
from services.directory.pupils.json_list import read_list

_XML = ("application/xml", "text/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """`columns`: under which heading of a table each fact was read."""

    given: Sequence[Given]
    problems: Sequence[RowProblem] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


async def read_upload(
    directory: Directory, organisation: str, media_type: str, data: bytes
) -> Upload:
    """Raises Problem: 415 for another form, 422 or 400 for what cannot be read at all."""
    try:
        if media_type == "application/json":
            return Upload(given=read_list(data))
        if media_type == "text/csv":
            return table(data, (await directory.uploaded(organisation)).columns)
        if media_type in _XML:
            profile = (await directory.organisation(organisation)).profile
            given, problems = read_transfer_file(data, profile.urn if profile else None)
            return Upload(given=given, problems=problems)
    except UnreadableFile as whole:
        detail = {"pointer": "", "detail": str(whole)}
        raise Problem(422, "Nothing was taken: the file cannot be read", [detail]) from None
    raise Problem(415, "Pupils come as application/json, text/csv or application/xml (CTF)")


def table(data: bytes, chosen: Mapping[str, str]) -> Upload:
    """Raises UnreadableFile."""
    given, problems = read_pupils(data, chosen)
    return Upload(given=given, problems=problems, columns=columns_read(data, chosen))
