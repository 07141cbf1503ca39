"""Do we read a Common Transfer File with the names of elements that exporters write?"""

from datetime import date

from services.directory.pupils.ctf_file import read_transfer_file
from tests.shared_data.folder import shared_data

FILE = shared_data("ctf") / "ctf_synthetic_example.xml"


def test_both_pupils_are_read_and_their_parents_are_not() -> None:
    (sian, noor), problems = read_transfer_file(FILE.read_bytes())
    assert problems == []
    assert (sian.given_name, sian.preferred_given_name, sian.postcode) == (
        "Siân",
        "Shan",
        "ZZ99 3CZ",
    )
    assert (noor.upn, noor.family_name, noor.former_family_name, noor.status) == (
        "G99940001800A",
        "De La Example",
        "Sample",
        "M",
    )
    assert noor.date_of_birth == date(2016, 2, 29)
    assert "Alex" not in str([given.pupil(bytes(32)).details for given in (sian, noor)])
