"""Is anything in the package that belongs to GOV.UK? Its crown, crest, typeface and icons are not
ours to use."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from services.front.pages import HERE

ROOT = HERE.parents[1]
THEIRS = re.compile(
    r"GDS Transport|govuk-crest|govuk-crown|govuk-icon|govuk-opengraph|govuk-logotype|"
    r"govuk-header__logo|© Crown|\.woff|\.ttf|\.otf|@font-face",
    re.IGNORECASE,
)
TEXTS = (".css", ".html", ".js", ".svg")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """As it would be installed: the wheel, with the stylesheet that was built at set-up."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel)


def test_the_package_holds_no_file_of_theirs(package: zipfile.ZipFile) -> None:
    names = [name for name in package.namelist() if "/front/" in name]
    assert "services/front/static/vendor/pages.css" in names
    static = {Path(name).suffix for name in names if "/static/" in name}
    assert static == {".css", ".js", ".svg"}
    assert [name for name in package.namelist() if THEIRS.search(name)] == []


def test_no_text_of_the_package_speaks_of_what_is_theirs(package: zipfile.ZipFile) -> None:
    texts = [name for name in package.namelist() if name.endswith(TEXTS)]
    assert len(texts) > 15
    found = {name: THEIRS.findall(package.read(name).decode()) for name in texts}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_stylesheet_fetches_nothing(package: zipfile.ZipFile) -> None:
    styles = package.read("services/front/static/vendor/pages.css").decode()
    assert "url(" not in styles
    assert "@import" not in styles
