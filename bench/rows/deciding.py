"""Rows 12 and 13: how many decisions a second, beside three languages made for policies?

The same 200 cases in every row, and every outcome is held against the kernel's: a difference fails
the run. All run in this process, compiled once.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bench.cases import Case, cases
from bench.languages import Language, in_cedar, in_cel, in_rego
from bench.row import Pair, Place, Prepare, Row, Sample

_LONGEST = 2.0  # seconds of one side: nothing here waits for a disk or a network
Decide = Callable[[Case], str]


def _core(case: Case) -> str:
    return case.core()


def _whole(case: Case) -> str:
    return case.whole()


def beside(kernel: Decide, made: Callable[[], Language]) -> Prepare:
    @asynccontextmanager
    async def prepared(_: Place) -> AsyncIterator[Pair]:
        every, language = cases(), made()
        expected = [case.whole() for case in every]

        async def product(seconds: float) -> Sample:
            return deciding(every, expected, kernel, seconds)

        async def baseline(seconds: float) -> Sample:
            return deciding(every, expected, lambda case: language(case.findings), seconds)

        yield Pair(product=product, baseline=baseline)

    return prepared


def deciding(
    every: tuple[Case, ...], expected: list[str], decide: Decide, seconds: float
) -> Sample:
    """Whole rounds of all cases; what is decided is compared when the clock has stopped."""
    found: list[list[str]] = []
    began = time.perf_counter()
    while not found or time.perf_counter() - began < min(seconds, _LONGEST):
        found.append([decide(case) for case in every])
    took = time.perf_counter() - began
    equal = sum(
        one == other for answers in found for one, other in zip(answers, expected, strict=True)
    )
    decided = len(found) * len(every)
    return Sample(value=decided / took, counts={"decided": decided, "equal": equal})


_CORE = "findings in, outcome out; the kernel's side also makes the reasons"
_WHOLE = "from the event read to predicates, outcome, fields, clock, routing, duties, reasons"
_LANGUAGES = (
    ("a", "CEL (common-expression-language)", in_cel),
    ("b", "Cedar (cedarpy)", in_cedar),
    ("c", "Rego (regopy)", in_rego),
)


def _row(number: str, title: str, kernel: Decide, name: str, made: Callable[[], Language]) -> Row:
    return Row(
        number=number,
        title=title,
        unit="decisions/s",
        baseline=name,
        goal=None,
        prepare=beside(kernel, made),
        note=_CORE if kernel is _core else f"{_WHOLE}; {name} is given the findings",
    )


CORES = tuple(
    _row(f"12{letter}", "combining the findings of 200 cases", _core, name, made)
    for letter, name, made in _LANGUAGES
)
WHOLE = tuple(
    _row(f"13{letter}", "deciding 200 cases whole", _whole, name, made)
    for letter, name, made in _LANGUAGES
)
