"""The combination of ADR 0008 written in CEL, Cedar and Rego, and asked in this process.

Each is given the findings of one case and answers with its outcome; each is compiled once. Cedar
knows yes and no only: it is asked whether to disclose and, where not, whether to hold.
"""

import json
from collections.abc import Callable, Mapping

import cedarpy
import cel
from regopy import Input, Interpreter

from bench.cases import AGREEMENT, SENDER

Findings = Mapping[str, str]
Language = Callable[[Findings], str]
_EFFECTS = {SENDER: "require"} | {one.use: one.effect for one in AGREEMENT.conditions}
_FORBIDDEN = [
    (use, "true" if effect == "forbid" else "false")
    for use, effect in _EFFECTS.items()
    if effect in ("covers", "require", "forbid")
]
_HELD = [(use, "true") for use, effect in _EFFECTS.items() if effect == "hold"] + [
    (use, "unknown") for use, effect in _EFFECTS.items() if effect != "note"
]
_PERMITTED = [(use, "true") for use, effect in _EFFECTS.items() if effect == "permit"]
_PERHAPS = _PERMITTED + [(use, "unknown") for use, _ in _PERMITTED]


def in_cel() -> Language:
    def any_of(pairs: list[tuple[str, str]]) -> str:
        return " || ".join(f'f["{use}"] == "{truth}"' for use, truth in pairs)

    program = cel.compile(
        f'({any_of(_FORBIDDEN)}) ? "withheld" :'
        f' (({any_of(_HELD)}) && ({any_of(_PERHAPS)})) ? "held" :'
        f' ({any_of(_PERMITTED)}) ? "disclosed" : "withheld"'
    )

    def decided(findings: Findings) -> str:
        return str(program.execute({"f": findings}))

    return decided


def in_cedar() -> Language:
    def when(pairs: list[tuple[str, str]]) -> str:
        return " || ".join(f'context["{use}"] == "{truth}"' for use, truth in pairs)

    policies = cedarpy.PolicySet.from_str(
        f"""
        forbid (principal, action, resource) when {{ {when(_FORBIDDEN)} }};
        forbid (principal, action == Action::"disclose", resource) when {{ {when(_HELD)} }};
        permit (principal, action == Action::"disclose", resource) when {{ {when(_PERMITTED)} }};
        permit (principal, action == Action::"hold", resource) when {{ {when(_PERHAPS)} }};
        """
    )
    nobody = cedarpy.Entities.from_json_str("[]")

    def is_allowed(action: str, findings: Findings) -> bool:
        request = {
            "principal": 'Audience::"education"',
            "action": f'Action::"{action}"',
            "resource": 'Child::"child"',
            "context": findings,
        }
        return bool(cedarpy.is_authorized(request, policies, nobody).allowed)

    def decided(findings: Findings) -> str:
        if is_allowed("disclose", findings):
            return "disclosed"
        return "held" if is_allowed("hold", findings) else "withheld"

    return decided


def in_rego() -> Language:
    def rules(name: str, pairs: list[tuple[str, str]]) -> str:
        return "\n".join(f'{name} if input["{use}"] == "{truth}"' for use, truth in pairs)

    compiler, interpreter = Interpreter(), Interpreter()
    compiler.add_module(
        "sharing.rego",
        f"""package sharing
        import rego.v1
        default outcome := "withheld"
        {rules("forbidden", _FORBIDDEN)}
        {rules("doubtful", _HELD)}
        {rules("permitted", _PERMITTED)}
        {rules("perhaps", _PERHAPS)}
        outcome := "held" if {{ not forbidden; doubtful; perhaps }}
        outcome := "disclosed" if {{ not forbidden; not doubtful; permitted }}
        """,
    )
    compiled = compiler.build("outcome = data.sharing.outcome")

    def decided(findings: Findings) -> str:
        given = Input(dict(findings))
        interpreter.set_input(given)
        answer = interpreter.query_bundle(compiled)  # it owns what is read out of it
        return str(json.loads(answer.binding("outcome").json()))

    return decided
