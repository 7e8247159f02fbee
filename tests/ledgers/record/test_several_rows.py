"""A month with several rows (taken back, paid by two, paid later) as the pages add it up."""

from datetime import date

import pytest

from siweb.ledgers.certificates.paid_months import (
    PaidMonth,
    _month,
    count_by_insurance,
    segments_of,
)
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record import overview, year_sheet
from siweb.ledgers.record.year import EnrolmentSpan, first_open_month, mark_of, mark_without_rows
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance, Scheme

MONTH, ON = "2026-03", date(2026, 4, 20)
REGULAR, BACK = RecordKind.REGULAR, RecordKind.BACK_PAYMENT
PAID, UNPAID = MarkState.PAID, MarkState.UNPAID
BACK_PAID, MISSING = MarkState.BACK_PAID, MarkState.MISSING
# Kind, whether it is paid, base and both sides of each row; how the month looks.
CASES = [
    ([(REGULAR, True, 5, 5, 5)], PAID),
    ([(BACK, True, 5, 5, 5)], BACK_PAID),
    ([(REGULAR, False, 5, 5, 5)], UNPAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, True, -5, -5, -5)], MISSING),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, -5, -5, -5)], MISSING),
    ([(REGULAR, True, 5, 0, 0), (REGULAR, True, 0, 0, 0)], PAID),
    ([(REGULAR, True, 0, 5, 0), (REGULAR, True, 0, 0, 0)], PAID),
    ([(REGULAR, True, 0, 0, 5), (REGULAR, True, 0, 0, 0)], PAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, 5, 3, 0)], UNPAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, 5, 0, 3)], UNPAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, 5, 3, -3)], PAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, 5, -3, 0)], PAID),
    ([(REGULAR, True, 5, 5, 5), (REGULAR, False, 0, 3, 0)], UNPAID),
    ([(REGULAR, False, 5, 0, 0), (REGULAR, False, 5, 0, 0)], UNPAID),
    ([(REGULAR, True, 5, 5, 5), (BACK, True, 1, 1, 1)], BACK_PAID),
    ([(BACK, True, 5, 5, 5), (BACK, False, 0, 0, 0)], BACK_PAID),
]


def code_of(codes, meant):
    return next(code for code, each in codes.items() if each == meant)


@pytest.mark.parametrize(("rows", "state"), CASES)
def test_a_month_looks_alike_on_home_in_its_year_and_in_the_table(rows, state):
    on_home = [(1, 202_603, code_of(overview._KINDS, kind), *rest) for kind, *rest in rows]
    in_table = [(1, 202_603, code_of(year_sheet._KINDS, kind), *rest) for kind, *rest in rows]
    in_year = [
        (Insurance.PENSION, MONTH, kind, 0, *sums, 0, ON if is_paid else None, "甲")
        for kind, is_paid, *sums in rows
    ]

    assert overview._state(on_home) is state
    assert mark_of(in_year, MONTH).state is state
    line = year_sheet._line(Insurance.PENSION, (MONTH,), {MONTH: in_table}, {})
    assert line.states == (state,)
    open_fen = max(0, sum(row[3] + row[4] for row in rows if not row[1]))
    assert mark_of(in_year, MONTH).unpaid_fen == line.unpaid_fen == open_fen


def test_every_sum_of_a_month_is_that_of_its_column():
    rows = [
        ("pension", MONTH, REGULAR, 1, 10, 100, 1_000, 10_000, ON, "甲"),
        ("pension", MONTH, BACK, 2, 20, 200, 2_000, 20_000, None, "乙"),
        ("pension", MONTH, REGULAR, 4, 40, 400, 4_000, 40_000, None, "甲"),
        ("pension", MONTH, REGULAR, 0, 0, 0, 0, 0, ON, None),
    ]

    assert mark_of(rows, MONTH) == (MONTH, UNPAID, 7, 70, 700, 7_000, 70_000, 6_600, "甲、乙")
    assert mark_of(rows[:1], MONTH) == (MONTH, PAID, 1, 10, 100, 1_000, 10_000, 0, "甲")
    assert mark_of(rows[1:2], MONTH) == (MONTH, UNPAID, 2, 20, 200, 2_000, 20_000, 2_200, "乙")
    assert mark_of(rows[3:], MONTH).employer_name == ""


def test_a_line_of_the_table_has_its_last_base_and_its_sums():
    kind = code_of(year_sheet._KINDS, REGULAR)
    found = {
        "2026-01": [(1, 202_601, kind, True, 10, 1, 100)],
        "2026-03": [(1, 202_603, kind, False, 20, 2, 200), (1, 202_603, kind, True, 5, 7, 0)],
        # Taken back: it has no base, and the last one is that of the month before.
        "2026-04": [(1, 202_604, kind, True, 30, 3, 300), (1, 202_604, kind, True, -30, -3, -300)],
    }
    months = ("2026-01", "2026-02", "2026-03", "2026-04")

    line = year_sheet._line(Insurance.PENSION, months, found, {"2026-02": MarkState.NOT_DUE})

    assert line.states == (PAID, MarkState.NOT_DUE, UNPAID, MISSING)
    assert line[2:] == (1, 25, 10, 300, 202)


@pytest.mark.parametrize(
    ("month", "recorded", "state"),
    [
        ("2025-12", (), MarkState.NOT_ENROLLED),
        ("2026-01", (), MISSING),
        ("2026-09", (), MISSING),
        ("2026-10", (), MarkState.NOT_DUE),
        ("2026-10", ("2026-10",), MISSING),
        ("2026-11", ("2026-10",), MarkState.NOT_DUE),
        ("2026-12", (), MarkState.NOT_ENROLLED),
    ],
)
def test_a_month_without_a_row_is_missing_once_its_levy_is_over(month, recorded, state):
    span = EnrolmentSpan(Insurance.PENSION, Scheme.EMPLOYEE, "甲", "", "2026-01", "2026-11")
    open_from = first_open_month("2026-11", recorded)

    assert mark_without_rows([span], month, open_from).state is state
    assert mark_without_rows([], month, open_from).state is MarkState.NOT_ENROLLED


def paid(month, name="甲", insurances=(Insurance.PENSION,), employer=1, employee=10):
    return PaidMonth(month, name, insurances, 100, employer, employee)


def test_months_of_one_employer_and_insurances_are_one_stretch():
    both = (Insurance.PENSION, Insurance.MEDICAL)
    months = [
        paid("2025-11"), paid("2025-12", employer=2, employee=20), paid("2026-01"),
        paid("2026-03"), paid("2026-04", "乙"), paid("2026-04", insurances=both),
    ]  # fmt: skip

    assert [tuple(each) for each in segments_of(months)] == [
        ("2025-11", "2026-01", 3, "甲", (Insurance.PENSION,), 4, 40),
        ("2026-03", "2026-03", 1, "甲", (Insurance.PENSION,), 1, 10),
        ("2026-04", "2026-04", 1, "乙", (Insurance.PENSION,), 1, 10),
        ("2026-04", "2026-04", 1, "甲", both, 1, 10),
    ]
    assert count_by_insurance([*months, paid("2026-03", "丙")]) == {
        Insurance.PENSION: 5, Insurance.MEDICAL: 1,
    }  # fmt: skip


def test_a_paid_month_shows_the_base_of_pension_or_the_largest():
    pension = (MONTH, "甲", Insurance.PENSION, 500, 80, 40, 3)
    medical = (MONTH, "甲", Insurance.MEDICAL, 900, 7, 3, 3)
    injury = (MONTH, "甲", Insurance.WORK_INJURY, 700, 1, 0, 3)

    found = _month(MONTH, "甲", [medical, pension])
    assert (found.insurances, found.base_fen) == ((Insurance.PENSION, Insurance.MEDICAL), 500)
    assert (found.employer_fen, found.employee_fen) == (87, 43)
    # The employer's key keeps two of one name apart.
    assert found.employer_id == 3
    assert _month(MONTH, "甲", [injury, medical]).base_fen == 900
