"""What of a form of questions is a question, and what a receipt says: no database needed."""

import json
from types import SimpleNamespace as Some

import pytest
from werkzeug.datastructures import MultiDict

from siweb.registry.codes import Insurance
from siweb.reviews.kinds import questions
from siweb.reviews.kinds.questions import LONGEST_WORDS, QuestionsForm, read_questions
from siweb.reviews.receipt import _receipt_facts
from siweb.rules.numbers.money import LARGEST_FEN

PENSION, MEDICAL = Insurance.PENSION.value, Insurance.MEDICAL.value


@pytest.fixture
def page(app):
    """What a form needs around it."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.fixture
def engine(sqlite_engine):
    return sqlite_engine


FACTS = Some(months=("2025-01", "2025-02"), year=Some(insurances=[]))
SOUND = {
    "month": "2025-01", "problem": "missing", "insurances": [PENSION], "words": "w",
    "claimed_base_fen": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({}, True),
        ({"month": "2025-03"}, False),
        ({"month": 1}, False),
        ({"problem": "other"}, False),
        ({"problem": 1}, False),
        ({"words": 1}, False),
        ({"words": "x" * LONGEST_WORDS}, True),
        ({"words": "x" * (LONGEST_WORDS + 1)}, False),
        ({"insurances": []}, False),
        ({"insurances": "pension"}, False),
        ({"insurances": [PENSION, "other"]}, False),
        ({"insurances": [PENSION, PENSION]}, False),
        ({"claimed_base_fen": 0}, True),
        ({"claimed_base_fen": LARGEST_FEN}, True),
        ({"claimed_base_fen": LARGEST_FEN + 1}, False),
        ({"claimed_base_fen": -1}, False),
        ({"claimed_base_fen": True}, False),
        ({"claimed_base_fen": "1"}, False),
    ],
    ids=str,
)
def test_what_comes_back_from_a_browser_is_a_question_or_nothing(changed, is_sound):
    found = read_questions(json.dumps([SOUND | changed]), FACTS)
    assert len(found) == is_sound


@pytest.mark.parametrize("text", [None, "", "{", "{}", "1", "[1]", "[" * 9_999])
def test_what_is_no_list_asks_nothing(text):
    assert read_questions(text, FACTS) == []


def test_all_insurances_are_named_by_their_number(page):
    every = [each.value for each in Insurance]
    assert questions._names(every) == "all five insurances"
    assert questions._names(every[:4]) != "all five insurances"


def question_form(**typed):
    form = QuestionsForm(MultiDict(typed), meta={"csrf": False})
    form.prepare(FACTS)
    return form


KEPT = json.dumps([SOUND])


@pytest.mark.parametrize(
    ("typed", "is_good", "keys", "shows_blank"),
    [
        ({}, False, [], False),
        ({"kept": KEPT, "keep": "2025-01|missing"}, True, ["2025-01|missing"], True),
        ({"kept": KEPT}, False, [], False),
        ({"months": "2025-02", "problem": "missing"}, True, ["2025-02|missing"], True),
        ({"months": "2025-02"}, False, [], False),
        ({"problem": "missing"}, False, [], False),
        ({"words": "w"}, False, [], False),
        ({"claimed_base": "1"}, False, [], False),
        ({"months": "2025-09", "problem": "missing"}, False, [], False),
        ({"kept": KEPT, "keep": "2025-01|missing", "words": "w"}, False, ["2025-01|missing"],
         False),
        ({"kept": KEPT, "keep": "2025-01|missing", "months": "2025-02", "problem": "wrong_base",
          "insurances": MEDICAL, "claimed_base": "12"}, True,
         ["2025-01|missing", "2025-02|wrong_base"], True),
    ],
    ids=str,
)  # fmt: skip
def test_something_is_questioned_and_wholly(page, typed, is_good, keys, shows_blank):
    form = question_form(**typed)

    assert [each.key for each in form.questions] == keys
    assert (form.shown is not form) is shows_blank
    assert form.validate() is is_good
    assert [each["month"] for each in form.values()["questions"]] == [key[:7] for key in keys]
    if "claimed_base" in typed and keys:
        last = form.questions[-1]
        assert (last.insurances, last.claimed_base_fen, last.words) == ((MEDICAL,), 1200, "")
        assert "wage" in str(last) and "·" in str(last)
        blank = form.blank
        assert blank.keep.data == keys and json.loads(blank.kept.data)[1]["month"] == "2025-02"


def test_a_receipt_says_what_was_chosen():
    def facts_of(answers, helper=None):
        review = Some(reference="R", reason="all_agree", answers=answers, helper_name=helper)
        facts = _receipt_facts(Some(review=review, campaign=Some(year=2026)))
        return [value for _label, value in facts[3:]]

    assert facts_of(None) == facts_of({}) == facts_of({"base": {"base_fen": 0}}) == []
    assert facts_of({"base": {"base_fen": 5}}, "李梅") == [{"fen": 5}, {"name": "李梅"}]
    chosen = facts_of({"status": {"status": "flexible"}, "relief": {"relief": "none"}})
    assert [each["en"] for each in chosen] == [
        "As a flexible worker: I pay alone", "None of these",
    ]  # fmt: skip
