"""Does every link in the documents lead somewhere? And is every decision in the table?"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = _LINK.findall(document.read_text(encoding="utf-8"))
    assert [one for one in targets if not (document.parent / one).exists()] == []


def test_every_decision_is_in_the_table() -> None:
    folder = ROOT / "docs" / "adr"
    table = (folder / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in folder.glob("0*.md") if one.name not in table] == []
