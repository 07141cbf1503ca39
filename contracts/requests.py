"""What is told of who uses a right over their data? By when somebody must answer; never of whom."""

from datetime import datetime
from uuid import UUID

from contracts.messages import Body, Owner


class AnswerDue(Body):
    """Who uses a right must be answered by a moment; nothing of who it is. Over by ObligationMet.

    `task` is the id of the request too. Told again with a later `due` when its time is extended.
    """

    task: UUID
    kind: str  # a task kind
    owner: Owner
    due: datetime
