"""What has a person said in the place of the rules? Rows of proposals, overrides, their reviews."""

from datetime import datetime
from typing import Any

Values = dict[str, Any]


def proposal(event: Values) -> Values:
    """The first of two who release a hold."""
    return {
        "decision_id": event["decision_id"],
        "proposed_by": event["by"],
        "agency": event["agency"],
        "proposed_at": datetime.fromisoformat(event["proposed_at"]),
    }


def override(told: Values) -> Values:
    kept = ("decision_id", "former", "audience", "by", "rank", "subject_told")
    return {
        **{name: told[name] for name in kept},
        "case_id": told["case"],
        "overridden_at": datetime.fromisoformat(told["overridden_at"]),
    }


def review(told: Values) -> Values:
    return {
        "which": told["decision_id"],
        "upheld": told["outcome"],
        "who": told["by"],
        "moment": datetime.fromisoformat(told["reviewed_at"]),
    }
