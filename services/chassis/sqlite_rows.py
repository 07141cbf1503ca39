"""How do many rows get into a SQLite table from a thread? In few statements, not one for each.

The driver lets go of the interpreter for every step of a statement, and a thread waits to have it
back each time while others compute.
"""

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

_SIZES = (128, 64, 32, 16, 8, 4, 2, 1)  # few different statements: each is compiled once


def insert(
    db: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    done = 0
    for size in _SIZES:
        while len(rows) - done >= size:
            values = chain.from_iterable(rows[done : done + size])
            db.execute(_statement(table, tuple(columns), size), tuple(values))
            done += size


@cache
def _statement(table: str, columns: tuple[str, ...], size: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * size)}"  # noqa: S608 - names of our own
