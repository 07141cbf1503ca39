"""Does story time go only forward, stop when it is told to, and stand where it stood?"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.demo.demonstration import OtherData, position_in
from services.demo.kept import Kept, read
from services.demo.pace import LEAPS, NEXT, SPEEDS, Pace
from services.demo.school_year import LONDON
from tests.demo.conftest import STARTED, Opens, Playing

NOON = datetime.fromisoformat("2026-11-25T12:00:00+00:00")


@pytest.mark.parametrize("name", LEAPS)
def test_every_leap_goes_forward(name: str) -> None:
    for hour in range(24 * 8):
        now = NOON + timedelta(hours=hour)
        to = LEAPS[name].to(now)
        assert timedelta(0) < to - now <= timedelta(days=7)


def test_leaps_go_by_the_clocks_of_the_place() -> None:
    """Seven in the morning before and after the clocks change in March."""
    before = datetime.fromisoformat("2027-03-27T12:00:00+00:00")
    assert LEAPS["seven"].to(before) == datetime(2027, 3, 28, 7, tzinfo=LONDON)
    assert LEAPS["monday"].to(before) == datetime(2027, 3, 29, 8, tzinfo=LONDON)


@pytest.mark.parametrize(("name", "minutes"), [("minute", 1), ("thirty", 30), ("hour", 60)])
def test_speed_is_story_time_for_a_second(name: str, minutes: int) -> None:
    pace = Pace(speed=name)
    assert pace.target(NOON, 1.0) == NOON + timedelta(minutes=minutes)
    assert SPEEDS[name].factor == minutes * 60


def test_a_stopped_clock_stands() -> None:
    pace = Pace()
    pace.pause()
    assert pace.target(NOON, 100.0) == NOON
    pace.leap("evening", NOON)  # a leap is made all the same, and the clock stands again
    assert pace.target(NOON, 0.0) == NOON + timedelta(hours=6)
    pace.arrived()
    assert not pace.moves


async def test_steps_pause_leap_and_restart(tmp_path: Path, opens: Opens) -> None:
    async with opens(tmp_path) as played:
        await _opening(played)
        await _stopping(played)
        await _waiting_for_somebody_to_look(played)
        await _leaping(played)
        stood = played.now
        counted = played.demo.demonstration.happenings.counts()
        keys = dict(played.demo.keys)
    async with opens(tmp_path) as again:
        assert again.now == stood
        assert again.demo.keys == keys
        assert again.demo.demonstration.pace.speed.name == "hour"
        assert again.demo.demonstration.happenings.counts() == counted
        await _keeping_to_the_second(again)


async def _opening(played: Playing) -> None:
    """The days before the opening are played as fast as they can be."""
    days = played.demo.demonstration.days
    assert played.now == days.begins
    while played.demo.demonstration.pace.goal is not None:
        before = played.now
        await played.steps(1, seconds=0.2)
        assert played.now >= before
    assert played.now == days.evening
    await played.steps(2)
    assert played.now == days.evening + timedelta(minutes=60)


async def _stopping(played: Playing) -> None:
    pace, stood = played.demo.demonstration.pace, played.now
    pace.pause()
    await played.steps(3, seconds=50)
    assert played.now == stood
    pace.resume()
    await played.steps(1, seconds=1_000)  # behind: the story waits, and skips nothing
    assert played.now == stood + timedelta(minutes=30)


async def _waiting_for_somebody_to_look(played: Playing) -> None:
    director, stood = played.demo.demonstration.director, played.now
    played.seconds.now += 3_600  # an hour without anybody at a page
    await played.steps(3)
    assert played.now == stood
    director.watched()
    await played.steps(1)
    assert played.now > stood


async def _leaping(played: Playing) -> None:
    pace, happenings = played.demo.demonstration.pace, played.demo.demonstration.happenings
    newest = happenings.latest(1)[0].number
    pace.leap(NEXT, played.now)
    while pace.goal is not None:
        await played.steps(1)
    assert happenings.latest(1)[0].number > newest
    assert happenings.latest(1)[0].at == played.now
    pace.go("hour")
    played.demo.demonstration.kept.change(pace="hour", running=True)


async def _keeping_to_the_second(played: Playing) -> None:
    """At an hour a second, what is due at 8:15 is overdue at 8:15 and not at 9."""
    while played.now < datetime.fromisoformat("2026-11-23T09:00:00+00:00"):
        await played.steps(1)
    late = [
        one for one in played.demo.demonstration.happenings.latest(500) if one.kind == "overdue"
    ]
    assert {one.at.isoformat() for one in late} >= {
        "2026-11-23T08:10:00+00:00",
        "2026-11-23T08:15:00+00:00",
    }
    assert all(one.at.second == 0 for one in late)


async def test_where_it_stands_is_written_before_time_moves(
    tmp_path: Path, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is killed at any moment starts again at or after all that was recorded."""
    async with opens(tmp_path) as played:
        kept = played.demo.demonstration.kept
        moves: list[tuple[datetime, datetime]] = []
        write = kept.change

        def change(*, instant: datetime) -> None:
            moves.append((played.now, instant))
            write(instant=instant)

        monkeypatch.setattr(kept, "change", change)
        await played.steps(1)
        assert moves
        assert all(stood < goes_to for stood, goes_to in moves)
        found = read(tmp_path)
        assert found is not None
        assert found.instant == played.now


def test_a_folder_with_other_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notify.log.db").touch()
    with pytest.raises(OtherData):
        position_in(tmp_path, STARTED)


def test_the_file_is_plain(tmp_path: Path) -> None:
    kept = Kept(tmp_path, position_in(tmp_path, STARTED))
    kept.change(running=False)
    said = json.loads((tmp_path / "story.json").read_text())
    assert said["running"] is False
    assert read(tmp_path) == kept.position
