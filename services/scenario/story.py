"""What does a story say? The form of a scenario file: area, steps and expectations."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.scenario.governed import LegalHold, Right
from services.scenario.kept import Keeping, Mailboxes
from services.scenario.plain_yaml import Unreadable, read_yaml


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(_text)]
Json = dict[str, Any]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Loose(BaseModel):
    """What is handed on to the product as it stands: the product says what it will not take."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Organisation(Loose):
    id: str
    kind: str


class Pupil(Loose):
    school: str


class Hook(Part):
    id: str
    organisation: str
    mapping: str | None = None


class Endpoint(Part):
    organisation: str


class Subscription(Loose):
    organisation: str
    agreement: str
    cadence: Literal["at-once", "daily", "weekly"] = "at-once"


class Area(Part):
    organisations: list[Organisation] = Field(default_factory=list)
    pupils: list[Pupil] = Field(default_factory=list)
    consents: list[Json] = Field(default_factory=list)
    statuses: list[Json] = Field(default_factory=list)
    marac: list[Json] = Field(default_factory=list)
    signatories: dict[str, Literal["all"] | list[str]] = Field(default_factory=dict)
    policies: list[Json] = Field(default_factory=list)
    subscriptions: list[Subscription] = Field(default_factory=list)
    endpoints: list[Endpoint] = Field(default_factory=list)
    hooks: list[Hook] = Field(default_factory=list)


class Amqp(Part):
    """An event put on the exchange `agencies`; all but `user_id` is the event's own."""

    model_config = ConfigDict(extra="allow", frozen=True)
    user_id: str | None = None


class HookCall(Part):
    hook: str
    payload: Any
    signed_at: AwareDatetime | None = None
    key: Literal["wrong"] | None = None


class Close(Part):
    id: str
    on: date
    successor: str | None = None


class CalendarOf(Loose):
    id: str


class ContactOf(Loose):
    organisation: str


class ClosureOf(Loose):
    id: str
    start: date
    withdraw: bool = False


class DirectoryStep(Part):
    set: Organisation | None = None
    close: Close | None = None
    calendar: CalendarOf | None = None
    closure: ClosureOf | None = None
    contact: ContactOf | None = None
    pupil: Pupil | None = None


class Reading(Part):
    to: str
    about: str | None = None
    by: str | None = None
    audience: str | None = None
    outcome: str | None = None
    reason: str | None = None
    note: str | None = None


class ResolveHold(Part):
    audience: str
    about: str | None = None
    outcome: Literal["disclosed", "withheld"]
    reason: str = ""
    by: str = ""


class CompleteTask(Part):
    kind: str
    about: str | None = None
    owner: str | None = None
    by: str = ""


class WithdrawConsent(Part):
    person: str
    by: str


class Do(Keeping):
    acknowledge: Reading | None = None
    open: Reading | None = None
    not_ours: Reading | None = Field(default=None, alias="not-ours")
    resolve_hold: ResolveHold | None = Field(default=None, alias="resolve-hold")
    complete_task: CompleteTask | None = Field(default=None, alias="complete-task")
    withdraw_consent: WithdrawConsent | None = Field(default=None, alias="withdraw-consent")
    legal_hold: LegalHold | None = Field(default=None, alias="legal-hold")
    sign: Json | None = None
    override: Json | None = None
    review_override: Json | None = Field(default=None, alias="review-override")
    attach_statement: Right | None = Field(default=None, alias="attach-statement")
    ask_erasure: Right | None = Field(default=None, alias="ask-erasure")


class Answer(Part):
    status: int | str | None = None  # left out: whatever it is
    pointers: list[str] = Field(default_factory=list)
    receipt: Literal["same"] | None = None


class ExpectedNotification(Part):
    to: str | None = None
    about: str | None = None
    audience: str | None = None
    outcome: str | None = None
    agreement: str | None = None
    due: AwareDatetime | None = None
    due_by: AwareDatetime | None = None
    told_at: AwareDatetime | None = None
    told_by: AwareDatetime | None = None
    state: str | None = None
    overdue: bool | None = None
    shows: list[str] | None = None
    shows_not: list[str] | None = None
    values: dict[str, Any] | None = None
    because: list[str] | None = None
    not_readers: list[str] | None = None


class ExpectedTask(Part):
    kind: str | None = None
    owner: str | None = None
    due: AwareDatetime | None = None
    due_by: AwareDatetime | None = None
    state: Literal["open", "done", "cancelled"] | None = None
    overdue: bool | None = None
    about: str | None = None


class Nothing(Part):
    to: str | None = None
    about: str | None = None
    audience: str | None = None
    task: str | None = None


class Nudges(Part):
    contact: str
    since: AwareDatetime | None = None
    count: int


class Delivered(Part):
    to: str
    attempts: int


class SaysNowhere(Part):
    to: str | None = None
    texts: list[Text]


class Expect(Part):
    notifications: list[ExpectedNotification] | None = None
    decisions: list[ExpectedNotification] | None = None
    tasks: list[ExpectedTask] | None = None
    exactly: bool = False
    none: Annotated[list[Nothing], BeforeValidator(_listed)] = Field(default_factory=list)
    nudges: Annotated[list[Nudges], BeforeValidator(_listed)] = Field(default_factory=list)
    delivered: Annotated[list[Delivered], BeforeValidator(_listed)] = Field(default_factory=list)
    says_nowhere: Annotated[list[SaysNowhere], BeforeValidator(_listed)] = Field(
        default_factory=list
    )


Fault = Literal["bus", "store", "smtp", "webhook", "consent"]


class Step(Part):
    at: AwareDatetime | None = None
    publish: Annotated[list[Json], BeforeValidator(_listed)] | None = None
    batch: list[Any] | None = None
    amqp: Annotated[list[Amqp], BeforeValidator(_listed)] | None = None
    hook: HookCall | None = None
    directory: Annotated[list[DirectoryStep], BeforeValidator(_listed)] | None = None
    do: Annotated[list[Do], BeforeValidator(_listed)] | None = None
    fault: dict[Fault, Literal["down", "up"]] | None = None
    mailboxes: Mailboxes | None = None
    expect: Expect | None = None
    answers: Annotated[list[Answer | int | str], BeforeValidator(_listed)] | None = None
    note: str | None = None


class Story(Part):
    name: str
    story: str = ""
    zone: str = "Europe/London"
    agreements: list[str] | None = None
    area: Area = Field(default_factory=Area)
    signatories: dict[str, Literal["all"] | list[str]] = Field(default_factory=dict)
    steps: list[Step] = Field(default_factory=list)


def read_story(path: Path) -> Story:
    """One scenario file. Raises Unreadable, saying the place in the file and what is wrong."""
    content = read_yaml(path)
    if not isinstance(content, Mapping):
        raise Unreadable(f"{path}: a scenario is a mapping with `name`, `area` and `steps`")
    content = dict(content)
    content.setdefault("name", path.stem)
    try:
        return Story.model_validate(content)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise Unreadable(f"{path}: {where}: {first['msg']}") from fault


def read_area(path: Path) -> Area:
    """The area of a file that is an area, or a story that has one. Raises Unreadable."""
    content = read_yaml(path)
    if not isinstance(content, Mapping):
        raise Unreadable(f"{path}: an area is a mapping with `organisations`")
    try:
        return Area.model_validate(content.get("area", content))
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise Unreadable(f"{path}: {where}: {first['msg']}") from fault


def story_files(paths: list[Path]) -> list[Path]:
    """Every scenario file named or inside the folders named, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
        elif path.exists():
            found.append(path)
        else:
            raise Unreadable(f"{path}: no such file or folder")
    return found
