"""Which rows are there, in which order? Every row is named here; none registers itself."""

from bench.row import Row
from bench.rows import accept, publish

ROWS: tuple[Row, ...] = (accept.EMBEDDED, accept.DISTRIBUTED, publish.ROW)
