"""Are the conformance requests of CloudEvents read at our own door, and refused only by content?"""

import httpx
import pytest

from tests.notify.front_house import open_front
from tests.notify.intake.offers import PATH, pointers
from tests.shared_data.test_cloudevents import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.media_type)
async def test_every_mode_is_read_and_only_type_and_source_are_not_ours(
    case: Case, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with (
        open_front("embedded", tmp_path_factory.mktemp("door"), None) as front,
        front.client(await front.key("north-police")) as client,
    ):
        answer: httpx.Response = await client.post(
            PATH, content=case.body, headers=dict(case.headers)
        )
    assert answer.status_code == 422, answer.text
    assert sorted(pointers(answer)) == ["/source", "/type"]
