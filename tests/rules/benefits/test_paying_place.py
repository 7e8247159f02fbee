"""Which of several places pays a pension (国办发〔2009〕66号 Article 6)."""

import pytest

from siweb.rules.benefits.contribution_index import contribution_index
from siweb.rules.benefits.paying_place import PayingPlace, Stay, Why, paying_place
from siweb.rules.errors import RuleError

SHANGHAI, JIANGSU, GUANGDONG, HENAN = "31", "32", "44", "41"


@pytest.mark.parametrize(
    ("household", "stays", "expected"),
    [
        # Ten years where the relation is: wherever the household is.
        (None, [(SHANGHAI, 120, "")], (SHANGHAI, Why.HERE)),
        (HENAN, [(SHANGHAI, 60, "2001-01"), (SHANGHAI, 60, "2026-10")], (SHANGHAI, Why.HERE)),
        (None, [(SHANGHAI, 119, ""), (JIANGSU, 200, "2010-01")], (None, Why.UNKNOWN)),
        (SHANGHAI, [(SHANGHAI, 1, ""), (JIANGSU, 200, "2010-01")], (SHANGHAI, Why.HOUSEHOLD)),
        # Of several with ten years the last one, though another has more.
        (
            HENAN,
            [(SHANGHAI, 60, "2026-10"), (JIANGSU, 200, "2010-01"), (GUANGDONG, 120, "2020-01")],
            (GUANGDONG, Why.EARLIER),
        ),
        (HENAN, [(SHANGHAI, 90, ""), (JIANGSU, 119, "2010-01")], (HENAN, Why.GATHERED)),
    ],
)
def test_the_place_follows_from_household_relation_and_ten_years(household, stays, expected):
    found = paying_place(SHANGHAI, household, [Stay(*stay) for stay in stays], 120)

    assert found == PayingPlace(*expected)


def test_months_without_a_base_count_with_the_index_of_the_file():
    # Two months at 1.2 and six at 0.8 are 0.9 of eight.
    assert contribution_index([(120, 100), (120, 100)], further=(6, 800_000)) == 900_000
    assert contribution_index([], further=(3, 612_345)) == 612_345
    with pytest.raises(RuleError):
        contribution_index([], further=(0, 800_000))
    with pytest.raises(RuleError):
        contribution_index([(1, 1)], further=(-1, 800_000))
