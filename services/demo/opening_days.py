"""How does the story open? A weekend and its Sunday night, written so that everything occurs.

As many incidents as the figures say for an area of this size; the rest of them by chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.demo import treatment
from services.demo.area import INSET_ON_MONDAY, DemoArea
from services.demo.chance import chance
from services.demo.households import Household, Households
from services.demo.incidents import FOR_A_READER, PLAIN, Twist, corrected, recorded, retracted
from services.demo.nights import THREE_HOURS, Planned
from services.demo.school_year import at
from services.notify.domain.intake import receipt_of

# From Friday 15:30 to Sunday 17:00, and from then to Monday 08:30.
WEEKEND, SUNDAY_NIGHT = 19, 7
NEVER_OPENS = "elm"
SAYS_NOT_OURS = "sorrel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`day`: counted from the opening Sunday."""

    name: str
    family: Household
    day: int
    clock: str
    twist: Twist = field(default=PLAIN)


class OpeningDays:
    def __init__(self, area: DemoArea, households: Households) -> None:
        self._sunday: date = area.sunday
        self._households = households
        at_school, not_at = households.at_school, households.not_at_school
        self._alder = at_school("alder-siblings", "alder", 9, 7)
        self._pair = at_school("pair", "tamarisk", 13, 12)
        self._client = at_school("client", "burdock", 6)
        self._withdrawing = at_school("withdrawing", "bilberry", 8)
        self._weekend_families = (
            self._scene("not-ours", at_school("not-ours", SAYS_NOT_OURS, 8), -2, "21:40"),
            self._scene("pair-again", self._pair, -2, "23:20", Twist(grading="high", dash=17)),
            self._scene(
                "honour", at_school("honour", "samphire", 8), -1, "00:50", Twist(honour_based=True)
            ),
            self._scene("wrong", at_school("wrong", "campion", 5), -1, "14:20"),
            self._scene("alder-again", self._alder, -1, "22:15", Twist(grading="medium", dash=9)),
            self._scene(
                "reader",
                at_school("reader", "bracken", 10),
                -1,
                "23:45",
                Twist(grading="medium", summary=FOR_A_READER),
            ),
            self._scene("inset", at_school("inset", INSET_ON_MONDAY, 10), -1, "18:40"),
            self._scene("unknown", not_at("unknown", "north", 8, "unknown"), 0, "01:30"),
            self._scene("other-school", not_at("other", "east", 12, "contradicted"), 0, "02:10"),
            self._scene("toddler", not_at("toddler", "south", 2, "named"), 0, "11:05"),
        )
        self._sunday_families = (
            self._scene("elm", at_school("elm", NEVER_OPENS, 6), 0, "17:14"),
            self._scene("alder-third", at_school("alder-third", "alder", 6), 0, "18:05"),
            self._scene(
                "college",
                at_school("college", "juniper", 17),
                0,
                "19:35",
                Twist(grading="high", dash=15),
            ),
            self._scene("birch", at_school("birch", "birch", 14, 12), 0, "21:50"),
        )

    @property
    def families(self) -> tuple[Household, ...]:
        """Whose children are on the registers, besides those that live here anyway."""
        found = {one.family.id: one.family for one in self._scenes}
        return (*found.values(), self._client, self._withdrawing)

    @property
    def begins(self) -> datetime:
        """Before the first event of all."""
        return self._at(-19, "12:00")

    @property
    def weekend(self) -> datetime:
        return self._at(-2, "15:30")

    @property
    def evening(self) -> datetime:
        return self._at(0, "17:00")

    @property
    def until(self) -> datetime:
        return self._at(1, "08:30")

    def planned(self) -> tuple[Planned, ...]:
        return (
            *self._before(),
            *self._providers(),
            *(self._incident(one) for one in self._scenes),
            *self._afterwards(),
            *self._rest(),
        )

    def receipt(self, scene: str) -> UUID:
        """Of the incident of that scene, whenever it is told."""
        families = {one.name: one.family for one in self._scenes}
        name = f"{self._sunday:%y%m%d}-{scene}"
        return receipt_of(f"/agencies/{families[scene].force}", name)

    @property
    def _scenes(self) -> tuple[Scene, ...]:
        return (*self._weekend_families, *self._sunday_families)

    def _at(self, day: int, clock: str) -> datetime:
        return at(self._sunday + timedelta(days=day), clock)

    def _scene(
        self, name: str, family: Household, day: int, clock: str, twist: Twist = PLAIN
    ) -> Scene:
        return Scene(name=name, family=family, day=day, clock=clock, twist=twist)

    def _incident(self, scene: Scene) -> Planned:
        when = self._at(scene.day, scene.clock)
        name = f"{self._sunday:%y%m%d}-{scene.name}"
        event = recorded(scene.family, when=when, event_id=name, twist=scene.twist)
        return Planned(at=when, id=name, big=False, event=event)

    def _before(self) -> Iterator[Planned]:
        """Weeks ago: the elder of Alder's two, and a pair that has been at a conference."""
        elder = Twist(grading="standard", only=(0,))
        yield self._incident(self._scene("alder-before", self._alder, -19, "20:10", elder))
        when, name = self._at(-19, "16:00"), f"{self._sunday:%y%m%d}-referral"
        event = treatment.marac_referral(self._pair, when=when, event_id=name, area="north-marac")
        yield Planned(at=when, id=name, big=False, event=event)

    def _providers(self) -> Iterator[Planned]:
        told = (
            (-19, "14:00", "given", self._withdrawing),
            (-2, "15:50", "refused", self._client),
            (-2, "16:20", "withdrawn", self._withdrawing),
        )
        for day, clock, word, family in told:
            when, name = self._at(day, clock), f"{self._sunday:%y%m%d}-{word}"
            event = treatment.consent(family, word, when=when, event_id=name)
            yield Planned(at=when, id=name, big=False, event=event)
        for clock, family in (("16:10", self._client), ("16:35", self._withdrawing)):
            when, name = self._at(-2, clock), f"{self._sunday:%y%m%d}-ended-{family.id}"
            event = treatment.dropped_out(family, when=when, event_id=name)
            yield Planned(at=when, id=name, big=False, event=event)
        when, name = self._at(-2, "16:50"), f"{self._sunday:%y%m%d}-missed"
        event = treatment.missed_assessment(
            self._client, when=when, event_id=name, referred_by="north-csc"
        )
        yield Planned(at=when, id=name, big=False, event=event)

    def _afterwards(self) -> Iterator[Planned]:
        by_name = {one.name: one for one in self._scenes}
        wrong = self._incident(by_name["wrong"]).event
        when = self._at(0, "15:30")
        gone = retracted(wrong, when=when)
        yield Planned(at=when, id=gone["id"], big=False, event=gone)
        when = self._at(0, "20:20")
        changed = corrected(self._incident(by_name["elm"]).event, when=when)
        yield Planned(at=when, id=changed["id"], big=False, event=changed)

    def _rest(self) -> Iterator[Planned]:
        """Up to what the figures say; those with children are written already."""
        weekend = WEEKEND - len(self._weekend_families)
        yield from self._others("weekend", weekend, self.weekend, self.evening)
        night = SUNDAY_NIGHT - len(self._sunday_families)
        yield from self._others("night", night, self.evening, self.until)

    def _others(self, name: str, count: int, since: datetime, until: datetime) -> Iterator[Planned]:
        for number in range(count):
            event_id = f"{self._sunday:%y%m%d}-{name}-{number + 1:02}"
            family = self._households.without_children(event_id)
            when = _within(since, until, event_id)
            event = recorded(family, when=when, event_id=event_id)
            yield Planned(at=when, id=event_id, big=False, event=event)


def _within(since: datetime, until: datetime, name: str) -> datetime:
    """By the hours of the day, as often as they come in between."""
    rng = chance("hour", name)
    while True:
        when = since + (until - since) * rng.random()
        if rng.random() * max(THREE_HOURS) < THREE_HOURS[when.hour // 3]:
            return when.replace(microsecond=0)
