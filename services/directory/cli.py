"""What may the command line ask of the directory? Imports and keys, over opened handles."""

from collections.abc import Sequence

from services.directory.calendars.importing import import_calendar
from services.directory.gias.grouping import import_groups
from services.directory.gias.importing import import_establishments as import_gias
from services.directory.gias.linking import import_links
from services.directory.gias.wales import import_wales
from services.directory.handles import Directory
from services.directory.keys.issuing import IssuedKey, issue
from services.directory.offers.services_file import import_services
from services.directory.organisations.agencies_file import import_agencies
from services.directory.pupils.importing import import_pupils

__all__ = [
    "import_agencies",
    "import_calendar",
    "import_gias",
    "import_groups",
    "import_links",
    "import_pupils",
    "import_services",
    "import_wales",
    "issue_key",
]


async def issue_key(directory: Directory, *, agency: str, roles: Sequence[str]) -> IssuedKey:
    """The first administrator's key has nobody to ask for it over HTTP."""
    return await issue(directory, agency=agency, roles=roles, actor="command-line")
