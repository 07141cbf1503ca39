"""What is a recipient told of a correction: which fields, and why?"""

from typing import Any

from contracts import messages
from tests.notify.back_house import UPN, Back, decision

CONTENT = {"child.name": "Cat Test", "child.presence": "present", "incident.reference": "N-1"}
WORDS = "The child was at a friend's"


async def told(back: Back, content: dict[str, Any], **more: Any) -> messages.DecisionMade:
    reason = more.pop("reason", None)
    made = decision(back, content=content, **more)
    assert made.disclosure is not None
    disclosure = made.disclosure.model_copy(update={"correction_reason": reason})
    made = made.model_copy(update={"disclosure": disclosure})
    await back.publish(messages.DISCLOSURES, messages.DECISION_MADE, made)
    await back.settle()
    return made


async def read(back: Back) -> Any:
    [one] = [one for one in await back.told(to="alder") if one["state"] != "superseded"]
    return (await back.call("alder", "GET", f"/{one['id']}?by=alder-dsl")).json()["corrected"]


async def test_the_fields_that_differ_are_named_and_the_senders_words_are_shown(back: Back) -> None:
    await back.area()
    await back.pupil("alder", UPN)
    first = await told(back, CONTENT)
    assert await read(back) is None
    other = {**CONTENT, "child.presence": "not-present", "child.welfare_check": True}
    more: dict[str, Any] = {"supersedes": first.decision_id, "correction": True}
    second = await told(back, other, reason=WORDS, **more)
    expected = {"reason": WORDS, "changed": ["child.presence", "child.welfare_check"]}
    assert await read(back) == expected

    more["supersedes"] = second.decision_id
    await told(back, {**other, "child.name": "Kit Test"}, **more)
    assert await read(back) == {"reason": None, "changed": ["child.name"]}
