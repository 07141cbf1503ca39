"""Which rows are there, in which order? Every row is named here; none registers itself."""

from bench.row import Row
from bench.rows import (
    accept,
    append,
    bulk,
    deciding,
    latency,
    morning,
    publish,
    rebuild,
    relay,
    whole,
)

ROWS: tuple[Row, ...] = (
    accept.EMBEDDED,
    accept.DISTRIBUTED,
    bulk.EMBEDDED,
    bulk.DISTRIBUTED,
    append.APPEND,
    append.ON_POSTGRES,
    append.ON_SQLITE,
    relay.BROKER,
    relay.BROKER_HTTPX,
    whole.ROW,
    relay.FILES,
    relay.POSTGRES,
    morning.DISTRIBUTED,
    morning.EMBEDDED,
    morning.HANDSHAKES,
    morning.NUDGES,
    rebuild.PROJECTION,
    rebuild.MEMORY,
    rebuild.SEALED,
    publish.ROW,
    latency.TRANSPORT,
    latency.WHOLE,
    *deciding.CORES,
    *deciding.WHOLE,
)
