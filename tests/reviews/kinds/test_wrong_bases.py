"""Which months have another base than the employer declared, by its limits of that month."""

from types import SimpleNamespace as Some

import pytest

from siweb.registry.codes import Insurance
from siweb.reviews.kinds.outcome import _declared_for, _wrong_bases
from siweb.rules.parameters.load import load_packs

PARAMETERS = load_packs().parameters("310000", "2026-12")
TERMS = PARAMETERS.for_month("2026-08").premium_terms("pension")
FLOOR, CEILING = TERMS.base_floor, TERMS.base_ceiling
FEN, MONTH = FLOOR + 10_000, "2026-08"


def base(from_month=MONTH, fen=FEN, insurance=None, employer_id=1):
    return Some(
        from_month=from_month, declared_base_fen=fen, insurance=insurance, employer_id=employer_id
    )


def facts(*declared, marks=((MONTH, FEN),), months=(MONTH,)):
    def line(insurance, marks):
        return Some(
            insurance=insurance,
            months=[Some(month=month, base_fen=fen) for month, fen in marks],
        )

    year = Some(insurances=[line(Insurance.MEDICAL, ((MONTH, 1),)), line(Insurance.PENSION, marks)])
    return Some(year=year, months=months, declared=declared, parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("declared", "fen"),
    [
        ([], None),
        ([base()], FEN),
        ([base("2026-07", 1), base("2026-08", 2)], 2),
        ([base("2026-08", 2), base("2026-09", 3)], 2),
        ([base("2026-09", 3)], None),
        ([base(insurance=Insurance.PENSION)], FEN),
        ([base(insurance=Insurance.MEDICAL)], None),
        # What somebody declared for oneself is no employer's.
        ([base(employer_id=None)], None),
        ([base("2026-07", 1), base("2026-08", 2, employer_id=None)], 1),
    ],
)
def test_the_last_base_of_an_employer_for_pension_counts(declared, fen):
    assert _declared_for(facts(*declared), MONTH) == fen


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (facts(base()), []),
        (facts(), []),
        (facts(base(fen=FEN + 1)), [(MONTH, FEN + 1)]),
        (facts(base(fen=FEN + 1), marks=((MONTH, 0),)), []),
        (facts(base(fen=FEN + 1), months=("2026-09",)), []),
        (facts(base(fen=1), marks=((MONTH, FLOOR),)), []),
        (facts(base(fen=CEILING + 1), marks=((MONTH, CEILING),)), []),
        (facts(base(fen=CEILING + 1), marks=((MONTH, CEILING + 1),)), [(MONTH, CEILING + 1)]),
    ],
    ids=range(8),
)
def test_a_month_is_wrong_where_its_base_is_not_what_was_declared(given, wrong):
    assert _wrong_bases(given) == wrong
