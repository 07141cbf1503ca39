"""What did the receiver say, in the words of our own rules?"""

from services.chassis.outbound import Deferred, Delivered, Outcome, Refused
from services.notify.domain.webhooks import Answer


def answer_of(outcome: Outcome) -> Answer:
    match outcome:
        case Delivered():
            return Answer(went=True, status=outcome.status)
        case Refused():
            return Answer(went=False, status=outcome.status, reason=outcome.reason, permanent=True)
        case Deferred():
            return Answer(
                went=False,
                status=outcome.status,
                reason=outcome.reason,
                retry_after=outcome.retry_after,
            )
