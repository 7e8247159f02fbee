import pytest

from siweb.rules.contributions.fines import (
    FineRange,
    FineTerms,
    FineUnit,
    explain_fine_range,
    fine_range,
)
from siweb.rules.errors import RuleError
from tests.rules.steps import as_text


@pytest.mark.parametrize(
    ("terms", "span"),
    [
        (FineTerms("SIL 84", 1, 3), FineRange(1_000_000, 3_000_000)),
        (FineTerms("SIL 88", 2, 5), FineRange(2_000_000, 5_000_000)),
    ],
)
def test_a_fine_lies_between_multiples_of_the_amount(terms, span):
    assert fine_range(1_000_000, terms) == span
    assert explain_fine_range(1_000_000, terms).value == span


def test_a_fine_of_a_person_is_in_yuan_whatever_the_amount():
    terms = FineTerms("SIL 84", 500, 3000, FineUnit.YUAN, {"least": "least", "most": "most"})

    assert fine_range(0, terms) == FineRange(50_000, 300_000)
    assert as_text(explain_fine_range(7, terms)) == [
        "fine_least: yuan [yuan=500.00] = 500.00 | SIL 84 | least",
        "fine_most: yuan [yuan=3000.00] = 3000.00 | SIL 84 | most",
    ]


def test_nothing_owed_is_nothing_fined():
    assert fine_range(0, FineTerms("86", 1, 3)) == FineRange(0, 0)


def test_a_negative_amount_is_refused():
    with pytest.raises(RuleError) as refused:
        fine_range(-1, FineTerms("86", 1, 3))

    assert (refused.value.code, refused.value.facts) == ("amount_negative", {"amount": -1})


def test_the_steps_of_a_range():
    terms = FineTerms("SIL 88", 2, 5, sources={"least": "least", "most": "most"})

    assert as_text(explain_fine_range(1_000_000, terms)) == [
        "fine_least: amount * times [amount=10000.00, times=2] = 20000.00 | SIL 88 | least",
        "fine_most: amount * times [amount=10000.00, times=5] = 50000.00 | SIL 88 | most",
    ]
