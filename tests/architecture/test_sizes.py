"""Does it stay small enough to be read? Limits on modules and functions (ADR 0021, 0023)."""

import ast
from statistics import median, quantiles

from tests.architecture.sources import modules


def test_no_module_is_longer_than_300_lines_or_250_in_the_chassis() -> None:
    long = {
        module.name: module.lines
        for module in modules()
        if module.lines > (250 if module.parts[:2] == ("services", "chassis") else 300)
    }
    assert long == {}


def test_half_of_the_modules_have_at_most_80_lines_of_code() -> None:
    assert median(module.code_lines for module in modules()) <= 80


def test_the_chassis_has_at_most_3650_lines_of_code() -> None:
    assert sum(module.code_lines for module in modules("services/chassis")) <= 3_650


def test_nine_functions_in_ten_have_at_most_30_lines() -> None:
    lengths = [
        (node.end_lineno or 0) - node.lineno + 1
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert quantiles(lengths, n=10)[-1] <= 30
