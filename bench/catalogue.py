"""Which rows are there, in which order? Every row is named here; none registers itself."""

from bench.row import Row
from bench.rows import publish

ROWS: tuple[Row, ...] = (publish.ROW,)
