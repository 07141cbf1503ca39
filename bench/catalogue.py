"""Which rows are there, in which order? Every row is named here; none registers itself."""

from bench.row import Row
from bench.rows import accept, publish, relay, whole

ROWS: tuple[Row, ...] = (
    accept.EMBEDDED,
    accept.DISTRIBUTED,
    relay.BROKER,
    relay.BROKER_HTTPX,
    whole.ROW,
    relay.FILES,
    relay.POSTGRES,
    publish.ROW,
)
