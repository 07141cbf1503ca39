"""How do the facts of a whole page become rows in a few statements? Kept, then written together.

Rows are added first, in their order, and changed after that: what changes a row follows its adding
in the log, or is said again behind it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.database import upsert

_Rows: TypeAlias = list[dict[str, Any]]
_Added: TypeAlias = dict[tuple[Table, tuple[str, ...], str | None], _Rows]


class Writing:
    """Of one page. The key of a table is its primary key; `change` knows it by its one column."""

    def __init__(self) -> None:
        self._added: _Added = defaultdict(list)
        self._changed: dict[Table, dict[Any, dict[str, Any]]] = defaultdict(dict)

    def add(self, table: Table, row: dict[str, Any], *, newer: str | None = None) -> None:
        self._added[table, tuple(row), newer].append(row)

    def change(self, table: Table, one: Any, values: Mapping[str, Any]) -> None:
        if values:
            self._changed[table].setdefault(one, {}).update(values)

    async def write(self, tx: AsyncConnection) -> None:
        for table in self._changed:
            self._fold(table)
        for (table, _, newer), rows in self._added.items():
            await upsert(tx, table, rows, key=_key(table), newer=newer)
        for table, changed in self._changed.items():
            alike: dict[tuple[str, ...], _Rows] = defaultdict(list)
            for one, values in changed.items():
                columns = tuple(sorted(values))
                alike[columns].append({"_one": one, **{f"_{c}": values[c] for c in columns}})
            for columns, parameters in alike.items():
                await tx.execute(_updating(table, columns), parameters)
        self._added.clear()
        self._changed.clear()

    def _fold(self, table: Table) -> None:
        """A row that this page adds, once and whatever is there, is added as it was changed."""
        (key,), changed = _key(table), self._changed[table]
        groups = {group: rows for group, rows in self._added.items() if group[0] is table}
        times = Counter(row[key] for rows in groups.values() for row in rows)
        for group, rows in groups.items():
            del self._added[group]
            for row in rows:
                if group[2] is None and times[row[key]] == 1 and row[key] in changed:
                    row |= _in_order(changed.pop(row[key]))
                self.add(table, row, newer=group[2])


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


@lru_cache(maxsize=128)
def _updating(table: Table, columns: tuple[str, ...]) -> Update:
    (key,) = table.primary_key
    values = {name: bindparam(f"_{name}", type_=table.c[name].type) for name in columns}
    return update(table).where(key == bindparam("_one", type_=key.type)).values(values)


def _in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in sorted(values)}
