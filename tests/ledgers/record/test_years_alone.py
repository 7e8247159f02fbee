"""Years of a record by their values alone: how a month looks, gaps, breaks, and what counts."""

import pytest

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.years import (
    Employment,
    Gap,
    YearLine,
    Years,
    _between,
    _employments,
    _runs,
    _state,
    _Sum,
)
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance

PENSION, MEDICAL = Insurance.PENSION, Insurance.MEDICAL
PAID, UNPAID, MISSING = MarkState.PAID, MarkState.UNPAID, MarkState.MISSING
OUT, AHEAD, BACK_PAID = MarkState.NOT_ENROLLED, MarkState.NOT_DUE, MarkState.BACK_PAID


def sums(month="2026-03", at=(1, "甲", "U1"), insurance=PENSION, **values):
    given = {
        "rows": 1, "base": 10, "employer": 2, "employee": 1, "unpaid": 0, "is_paid": 1,
        "is_late": 0,
    }  # fmt: skip
    return _Sum(insurance, month, *at, **(given | values))


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([{}], PAID),
        ([{"is_late": 1}], BACK_PAID),
        ([{"is_paid": 0, "unpaid": 3}], UNPAID),
        # One employer, several rows: what is left of them counts.
        ([{"rows": 2, "base": 0, "employer": 0, "employee": 0}], MISSING),
        ([{"rows": 2, "unpaid": 1}], UNPAID),
        ([{"rows": 2, "is_late": 1}], BACK_PAID),
        ([{}, {"is_paid": 0, "unpaid": 3}], UNPAID),
        ([{}, {"is_paid": 0, "unpaid": 0}], PAID),
        ([{}, {"base": -10, "employer": -2, "employee": -1}], MISSING),
        ([{}, {"base": -10, "employer": -2, "employee": 0}], PAID),
        (
            [{"base": 1, "employer": 0, "employee": 0}, {"base": 0, "employer": 0, "employee": 0}],
            PAID,
        ),
        ([{}, {"is_late": 1}], BACK_PAID),
    ],
    ids=str,
)
def test_a_month_looks_as_its_rows_add_up_over_employers(rows, state):
    assert _state([sums(**values) for values in rows]) is state


def test_where_pension_was_paid_by_the_employer_and_not_its_name():
    first, second, alone = (1, "甲", "U1"), (2, "甲", "U2"), (None, None, None)
    rows = [
        sums("2025-01", first), sums("2025-02", first), sums("2025-04", second),
        sums("2025-05", second, unpaid=1), sums("2025-05", first, base=0),
        sums("2025-06", first, insurance=MEDICAL), sums("2025-03", alone), sums("2025-04", alone),
    ]  # fmt: skip

    found = _employments(rows)

    assert [each[:4] for each in found] == [
        ("甲", "2025-04", "2025-04", 1), ("", "2025-03", "2025-04", 2),
        ("甲", "2025-01", "2025-02", 2),
    ]  # fmt: skip
    assert all(isinstance(each, Employment) for each in found)
    # Two of one name are told apart by the end of their codes; who pays alone has none.
    assert [bool(each[4]) for each in found] == [True, False, True]
    assert found[0][4] != found[2][4]


def year(number, pension, medical=None):
    marks = {PENSION: tuple(pension)} | ({MEDICAL: tuple(medical)} if medical else {})
    return YearLine(number, marks)


def test_months_on_end_are_one_gap_over_the_end_of_a_year():
    lines = (
        year(2026, [MISSING, MISSING] + [PAID] * 10, [MISSING, MISSING] + [PAID] * 10),
        year(2025, [PAID, MISSING] + [PAID] * 9 + [MISSING], [PAID] * 11 + [MISSING]),
    )

    assert _runs(lines, MISSING) == (
        Gap("2025-12", "2026-02", (PENSION, MEDICAL)), Gap("2025-02", "2025-02", (PENSION,)),
    )  # fmt: skip
    assert _runs(lines, UNPAID) == ()


def test_a_break_lies_between_the_first_and_the_last_paid_month_also_over_whole_years():
    lines = (
        year(2026, [OUT, PAID] + [OUT] * 10),
        year(2023, [OUT] * 3 + [PAID, OUT, MISSING, OUT, OUT, BACK_PAID, OUT, OUT, OUT]),
    )

    assert _between(lines) == (
        Gap("2023-10", "2026-01", (PENSION,)), Gap("2023-07", "2023-08", (PENSION,)),
        Gap("2023-05", "2023-05", (PENSION,)),
    )  # fmt: skip
    assert _between(lines[:1]) == ()
    assert _between((year(2026, [OUT, UNPAID] + [OUT] * 10),)) == ()


def test_what_counts_is_paid_moved_here_and_by_law_and_never_less_than_none():
    segments = [
        TransferSegment(direction=Direction.IN, months=9),
        TransferSegment(direction=Direction.OUT, months=2),
    ]
    lines = (
        year(2026, [PAID] * 3 + [UNPAID] + [AHEAD] * 8, [OUT] * 12),
        year(2025, [OUT] * 11 + [BACK_PAID], [OUT] * 12),
    )
    found = Years(lines, (), (), (), segments, 5)

    assert (found.paid(PENSION), found.paid(MEDICAL)) == (4, 0)
    assert (found.moved_months, found.counted_months) == (7, 16)
    assert found._replace(segments=segments[1:], deemed_months=0).counted_months == 2
    assert found._replace(lines=(), segments=segments[1:], deemed_months=1).counted_months == 0
    assert found.span == ("2025-12", "2026-04")
    assert found._replace(lines=lines[1:]).span == ("2025-12", "2025-12")
    assert found._replace(lines=(year(2024, [OUT] * 6 + [AHEAD] * 6),)).span is None
