"""How do many rows get into a PostgreSQL table in one statement? As an array for each column.

Row by row, the server spends longer on taking a statement than on what it says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert


def inserting(table: Table, columns: Sequence[str]) -> Insert:
    """Each column's values are a list, the parameter of its name."""
    kinds = [(name, table.c[name].type) for name in columns]
    lists = [bindparam(name, type_=ARRAY(kind, dimensions=1)) for name, kind in kinds]
    given = func.unnest(*lists).table_valued(*(column(name, kind) for name, kind in kinds))
    return insert(table).from_select(list(columns), select(given.render_derived(name="given")))


def lists_of(
    rows: Sequence[Mapping[str, Any]], key: Sequence[str], newer: str | None
) -> dict[str, list[Any]]:
    """One statement writes a row once: as it would stay, were each taken after the other."""
    last: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        one = tuple([row[name] for name in key])
        if newer is None or one not in last or last[one][newer] < row[newer]:
            last[one] = row
    return {name: [row[name] for row in last.values()] for name in rows[0]}
