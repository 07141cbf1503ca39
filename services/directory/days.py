"""Which day is it here?"""

from datetime import date
from zoneinfo import ZoneInfo

from services.directory.handles import Directory

_LOCAL = ZoneInfo("Europe/London")


def today(directory: Directory) -> date:
    """The local day, whatever day it is in UTC."""
    return directory.clock.now().astimezone(_LOCAL).date()
