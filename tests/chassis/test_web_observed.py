"""What is left behind of a request? A trace, a line and a count, none of which names a person."""

import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families

from services.chassis import logs
from services.chassis.tracing import continue_trace, current_traceparent
from tests.chassis.web_sample import client, sample

SENT = "Cat-Test"
FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What was logged since it was last asked."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    logs.configure_logs("info")
    yield lambda: capsys.readouterr().err
    structlog.reset_defaults()
    root.handlers, root.level = before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/metrics", 200),
        ("/sample/v1/fault", 500),
        ("/nowhere", 404),
        ("/sample/v1/raw", 405),
    ],
)
async def test_every_response_carries_a_traceparent(path: str, status: int) -> None:
    async with client(sample()) as http:
        answer = await http.get(path)
    assert answer.status_code == status
    assert FORM.fullmatch(answer.headers["traceparent"])


async def test_a_trace_that_was_given_goes_on_with_a_span_of_its_own() -> None:
    async with client(sample()) as http:
        answer = await http.get("/health/live", headers={"traceparent": GIVEN})
    assert answer.headers["traceparent"][:36] == GIVEN[:36]
    assert answer.headers["traceparent"] != GIVEN


@pytest.mark.parametrize(
    "wrong",
    ["", "nonsense", GIVEN.replace("4", "z"), "ff" + GIVEN[2:], GIVEN + "-more", "00-" + "0" * 51],
)
def test_a_trace_that_is_not_sound_is_begun_anew(wrong: str) -> None:
    began = continue_trace(wrong)
    assert FORM.fullmatch(began)
    assert began[3:35] not in wrong
    assert current_traceparent() == began


async def test_a_log_line_names_the_route_and_the_agency_and_nothing_that_was_sent(
    written: Callable[[], str],
) -> None:
    async with client(sample()) as http:
        await http.post(
            f"/sample/v1/things/{SENT}?who={SENT}", json={"n": SENT}, headers={"x-note": SENT}
        )
        await http.get("/sample/v1/fault", params={"text": SENT})
        await http.get(f"/{SENT}")
    text = written()
    assert SENT not in text
    lines = [json.loads(line) for line in text.splitlines()]
    first = lines[0]
    assert (first["route"], first["agency"]) == ("/sample/v1/things/{number}", "alder")
    assert [line["status"] for line in lines if line["event"] == "request"] == [422, 500, 404]
    assert any(line.get("error") == "RuntimeError" for line in lines)


def test_a_key_that_is_not_on_the_list_never_reaches_the_log(written: Callable[[], str]) -> None:
    structlog.get_logger().info("told", service="sample", name=SENT, body={"name": SENT})
    text = written()
    assert SENT not in text
    assert json.loads(text)["service"] == "sample"


def test_a_library_is_logged_by_its_template_alone(written: Callable[[], str]) -> None:
    try:
        raise ValueError(SENT)
    except ValueError:
        logging.getLogger("library").exception("could not tell %s", SENT)
    text = written()
    assert SENT not in text
    assert json.loads(text)["error"] == "ValueError"


async def test_labels_of_metrics_come_from_closed_sets() -> None:
    async with client(sample()) as http:
        for path in (f"/{SENT}", f"/sample/v1/things/{SENT}"):
            await http.request("GET", path)
        await http.post(f"/sample/v1/things/{SENT}", json={})
        await http.request(SENT.upper().replace("-", ""), "/sample/v1/raw")
        text = (await http.get("/metrics")).text
    assert SENT not in text
    labels = [
        measured.labels
        for family in text_string_to_metric_families(text)
        for measured in family.samples
        if measured.labels.get("service") == "sample"
    ]
    assert {label["route"] for label in labels} <= {
        "unmatched",
        "/health/live",
        "/health/ready",
        "/metrics",
        *(
            f"/sample/v1/{end}"
            for end in (
                "things/{number}",
                "raw",
                "{name}/long",
                "fault",
                "teapot",
                "away",
                "overtaken",
            )
        ),
    }
    assert {label.get("method", "GET") for label in labels} <= {"GET", "POST", "PUT", "other"}
    assert {label.get("status", "2xx") for label in labels} <= {"2xx", "4xx", "5xx"}


async def test_readiness_names_what_does_not_answer_and_liveness_goes_on() -> None:
    async def broken() -> None:
        raise OSError(SENT)

    async with client(sample({"log": broken})) as http:
        ready, live = await http.get("/health/ready"), await http.get("/health/live")
    assert ready.status_code == 503
    assert ready.json()["errors"] == [{"pointer": "/log", "detail": "does not answer"}]
    assert SENT not in ready.text
    assert live.status_code == 200
