"""Which establishment took a closed one's place? One answer, or a reason for a person."""

from itertools import pairwise

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.directory.domain.successors import (
    DEEPEST,
    Successor,
    Unclear,
    is_conversion,
    successor_of,
)


def follow(urn: str, links: dict[str, set[str]], opened: set[str], closed: set[str]) -> object:
    state = dict.fromkeys(opened, True) | dict.fromkeys(closed, False)
    return successor_of(urn, {k: frozenset(v) for k, v in links.items()}, state.get)


def test_a_chain_is_followed_to_the_one_that_is_open() -> None:
    links = {"1": {"2"}, "2": {"3"}, "3": {"4"}}
    assert follow("1", links, {"4"}, {"1", "2", "3"}) == Successor("4", ("2", "3", "4"))


def test_a_split_is_left_for_a_person() -> None:
    assert follow("1", {"1": {"2", "3"}}, {"2", "3"}, {"1"}) == Unclear("several", frozenset("23"))
    later = follow("1", {"1": {"2"}, "2": {"3", "4"}}, {"3", "4"}, {"1", "2"})
    assert later == Unclear("several", frozenset("34"))


def test_two_that_name_each_other_are_a_circle() -> None:
    assert follow("1", {"1": {"2"}, "2": {"1"}}, set(), {"1", "2"}) == Unclear("circle")


def test_a_chain_that_ends_closed_has_no_answer() -> None:
    assert follow("1", {"1": {"2"}}, set(), {"1", "2"}) == Unclear("none")


def test_one_that_nobody_knows_is_no_answer() -> None:
    assert follow("1", {"1": {"2"}}, set(), {"1"}) == Unclear("unknown")


def test_one_that_names_itself_has_no_successor() -> None:
    assert follow("1", {"1": {"1"}}, set(), {"1"}) == Unclear("none")


def test_no_chain_is_followed_for_ever() -> None:
    length = DEEPEST + 2
    links = {str(at): {str(at + 1)} for at in range(length)}
    closed = {str(at) for at in range(length)}
    assert follow("0", links, {str(length)}, closed) == Unclear("too-deep")


@for_all(
    st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=2)),
    st.sets(st.sampled_from("abcdef")),
)
def test_an_answer_is_always_open_and_reached_by_single_links(
    links: dict[str, set[str]], opened: set[str]
) -> None:
    found = follow("a", links, opened, set("abcdef") - opened)
    if isinstance(found, Successor):
        assert found.urn in opened
        assert found.urn == found.through[-1]
        for before, after in pairwise(("a", *found.through)):
            assert after in links[before]
            assert after == found.urn or after not in opened
            for other in links[before] - {before, after}:  # leads to the same one in the end
                end = follow(before, {**links, before: {other}}, opened, set("abcdef") - opened)
                assert isinstance(end, Successor)
                assert end.urn == found.urn


def test_several_ways_to_the_same_one_are_one_answer() -> None:
    links = {"1": {"2", "3"}, "2": {"3"}}
    assert follow("1", links, {"3"}, {"1", "2"}) == Successor("3", ("2", "3"))
    assert follow("1", links, {"2", "3"}, {"1"}) == Unclear("several", frozenset("23"))


def test_one_school_that_becomes_one_school_is_a_conversion_and_a_merger_is_none() -> None:
    found = Successor("3", ("2", "3"))
    alone = {"2": frozenset("1"), "3": frozenset("2")}
    assert is_conversion(found, alone)
    assert not is_conversion(found, {**alone, "3": frozenset("29")})
    assert not is_conversion(found, {**alone, "2": frozenset("19")})
