"""Who are the children of a county that does not exist, and how do the police write them down?

A household model and error rates, every one an assumption that is named here; drawn from a seed,
so that two runs speak of the same children. Nobody in it lives: postcodes ZZ, authority 999.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

TODAY = date(2026, 2, 13)
_GIVEN = (
    "Amelia Oliver Siân Rhys Łucja Zofia Jakub Aisha Mohammed Muhammad Hassan Zainab Priya Arjun "
    "Noor Ayaan Chloé Zoë Seán Aoife Niamh Caoimhe Callum Isla Eilidh Jack Harry George Freya "
    "Florence Poppy Alfie Archie Theo Thea Anne-Marie Mary-Jane Lily-Mae Ellie Ella Emma Emily "
    "Ewan Owain Megan Cerys Dylan Gethin Kacper Maja Szymon Ibrahim Yusuf Maryam Fatima Khadija "
    "Tyrone Shanice Kwame Ama Chidi Ngozi Oluwaseun Temitope Wei Mei Hiroshi Yuki José Inés Lucía "
    "Kateryna Oleksandr Denys Ali Omar Layla Sara Sarah Daniel Danielle Sam Samuel Samantha Ben"
).split()
_ROOTS = (
    "Ash Birk Cald Dun Elm Fen Gors Hax Ing Jerv Kirk Lang Marsh Nor Oak Pem Quern Rav Stan Thorn "
    "Ull Vick Whit Yar Zeal Brom Cran Drax Esk Fold"
).split()
_ENDS = "by ham ley ton worth wick field ford ski wala dóttir man son stead thorpe".split()
_PREFIXED = ("O’", "Mc", "De La ", "van der ", "Al-", "")
_CHANCE = {"twins": 0.02, "two-surnames": 0.03, "dual": 0.01, "elsewhere": 0.04, "moved": 0.02}
_SLIPS = {"swapped": 0.005, "preferred": 0.08, "no-birth": 0.02, "misspelt": 0.03, "moved": 0.06}
_KNOWN_PREFERRED = 0.75  # of the preferred names that are used, as many stand in the register
_UPN, _NHS = 0.05, 0.10  # of the events, as many say the number
_CAPITALS = 0.3  # typed in capitals, without accents and signs


@dataclass(frozen=True, slots=True)
class Child:
    """`schools` where the child is on the roll today; `former`, left in the last thirty days."""

    given: str
    family: str
    born: date
    postcode: str
    upn: str
    nhs: str
    schools: tuple[int, ...]
    former: int | None = None
    preferred: str = ""
    known_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """As an event has it; `truth` is the child, `slips` what was done to it."""

    truth: Child
    given: str
    family: str
    born: date | None
    postcode: str
    upn: bool
    nhs: bool
    slips: tuple[str, ...]


def children(count: int, schools: int, seed: int) -> Iterator[Child]:
    """So many, family by family; one in twenty-five is on no roll."""
    draw = Random(seed)
    made = 0
    while made < count:
        for child in _family(draw, made, schools):
            if made == count:
                return
            yield child
            made += 1


def _family(draw: Random, at: int, schools: int) -> Iterator[Child]:
    siblings = draw.choices((1, 2, 3, 4), (45, 36, 13, 6))[0]
    family, home = _surname(draw), _postcode(draw)
    near = [draw.randrange(schools) for _ in range(3)]
    born = [TODAY - timedelta(days=draw.randrange(4 * 365, 18 * 365)) for _ in range(siblings)]
    if siblings > 1 and draw.random() < _CHANCE["twins"] * 2:
        born[1] = born[0]
    names = draw.sample(_GIVEN, siblings)
    for place in range(siblings):
        on_roll: tuple[int, ...] = (draw.choice(near),)
        former = None
        if draw.random() < _CHANCE["elsewhere"]:
            on_roll = ()
        elif draw.random() < _CHANCE["dual"]:
            on_roll = (on_roll[0], (on_roll[0] + 1) % schools)
        elif draw.random() < _CHANCE["moved"]:
            former = (on_roll[0] + 7) % schools
        named = draw.random() < _SLIPS["preferred"]
        yield Child(
            given=names[place],
            family=_surname(draw) if draw.random() < _CHANCE["two-surnames"] else family,
            born=born[place],
            postcode=home,
            upn=f"{at + place:09}",
            nhs=f"999{at + place:07}",
            schools=on_roll,
            former=former,
            preferred=names[place][:3] + "ie" if named else "",
            known_preferred=named and draw.random() < _KNOWN_PREFERRED,
        )


def _surname(draw: Random) -> str:
    name = draw.choices(_PREFIXED, (3, 4, 1, 1, 3, 88))[0]
    name += draw.choice(_ROOTS) + draw.choice(_ENDS)
    return f"{name}-{draw.choice(_ROOTS)}{draw.choice(_ENDS)}" if draw.random() < 0.08 else name


def _postcode(draw: Random) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ{draw.randrange(1, 100)} {draw.randrange(10)}{''.join(draw.choices(letters, k=2))}"


def asked(child: Child, draw: Random) -> Asked:
    """What an officer writes of this child."""
    slips = {name for name, chance in _SLIPS.items() if draw.random() < chance}
    given, family, born = child.given, child.family, child.born
    if child.preferred:
        given = child.preferred
    slips = (slips - {"preferred"}) | ({"preferred"} if child.preferred else set())
    if "misspelt" in slips:
        family = _misspelt(family, draw)
    if "swapped" in slips and born.day <= 12:
        born = born.replace(day=born.month, month=born.day)
    one = Asked(
        truth=child,
        given=given,
        family=family,
        born=None if "no-birth" in slips else born,
        postcode=_postcode(draw) if "moved" in slips else child.postcode,
        upn=draw.random() < _UPN,
        nhs=draw.random() < _NHS,
        slips=tuple(sorted(slips)),
    )
    return _in_capitals(one) if draw.random() < _CAPITALS else one


def _misspelt(name: str, draw: Random) -> str:
    at = draw.randrange(1, len(name) - 1)
    match draw.randrange(3):
        case 0:
            return name[:at] + name[at + 1 :]
        case 1:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        case _:
            return name[:at] + draw.choice("aeinorst") + name[at + 1 :]


def _in_capitals(one: Asked) -> Asked:
    signs = str.maketrans("âéëíńóúŁ", "aeeinoul", "’'")
    return replace(
        one,
        given=one.given.translate(signs).replace("-", " ").upper(),
        family=one.family.translate(signs).replace("-", " ").upper(),
    )
