"""What an objection is about, in words: only what it says."""

import pytest

from siweb.reviews.objections.shown import employer_rows, objection_about, objection_rows
from siweb.reviews.tables.objection import Objection
from tests.conftest import NOW

WHOLE = {
    "contribution_month": "2025-03",
    "insurances": ["pension", "medical"],
    "claimed_base_fen": 900_000,
    "words": "工资条",
    "found_by_office": False,
}
BARE = WHOLE | {
    "contribution_month": None, "insurances": [], "claimed_base_fen": None, "words": "",
}  # fmt: skip
PENSION, BOTH = "Pension insurance", "Pension insurance, Medical insurance"
WAGE = "CNY 9,000.00"


@pytest.fixture(autouse=True)
def _english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("says", "about", "rows"),
    [
        (WHOLE, f"March 2025 · {BOTH} · wage {WAGE}", ["March 2025", BOTH, WAGE, "工资条"]),
        (BARE, "", []),
        (BARE | {"insurances": ["pension"]}, PENSION, [PENSION]),
        (BARE | {"contribution_month": "2025-03"}, "March 2025", ["March 2025"]),
        # No wage is one too; and what the office found is no wage that anybody stated.
        (BARE | {"claimed_base_fen": 0}, "wage CNY 0.00", ["CNY 0.00"]),
        (BARE | {"claimed_base_fen": 900_000, "found_by_office": True}, "", []),
    ],
)
def test_only_what_it_says_is_shown(says, about, rows):
    objection = Objection(**says)

    assert objection_about(objection) == about
    assert [value for _name, value in objection_rows(objection)] == rows


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({"employer_answered_at": None, "employer_agrees": None}, []),
        ({"employer_agrees": True}, ["the employee is right"]),
        ({"employer_agrees": False}, ["what was declared is right"]),
        ({"employer_agrees": False, "employer_words": "已缴"},
         ["what was declared is right", "已缴"]),
    ],
)  # fmt: skip
def test_what_the_employer_answered_is_shown(answer, rows):
    objection = Objection(**({"employer_answered_at": NOW, "employer_words": None} | answer))

    assert [value for _name, value in employer_rows(objection)] == rows
