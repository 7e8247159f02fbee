"""What a draft says before it is sent: how it differs from the roster, and what it costs."""

import pytest

from siweb.filings.employers.employee import Employee
from siweb.filings.employers.roster import StaffState
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.uploads.summary import bill_lines, roster_lines
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from tests.conftest import NOW

ROSTER = {
    "rows": 9, "unknown": 8, "late": 0, "up": 7, "down": 6, "same": 5, "step_fen": 400,
    "jumps": 4, "not_listed": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english(build_office, settings):
    with build_office(settings).test_request_context(headers={"Accept-Language": "en"}):
        yield


def draft(kind, state=FilingState.DRAFT, **totals):
    return Filing(kind=FilingKind(kind), state=state, totals={"roster": ROSTER | totals})


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("hire", ["9", "8"]),
        ("leave", ["9"]),
        ("pause", ["9"]),
        ("resume", ["9", "7", "6", "4"]),
        ("change", ["9", "7", "6", "4"]),
        ("base", ["9", "7", "6", "5", "+CNY 4.00", "4", "3"]),
    ],
)
def test_each_kind_says_what_moves_by_it(kind, numbers):
    assert [value for _name, value in roster_lines(draft(kind))] == numbers
    late = roster_lines(draft(kind, late=2))
    assert ("Late", "2") in late
    assert len(late) == len(numbers) + 1


@pytest.mark.parametrize(("step", "said"), [(1, "+CNY 0.01"), (0, "CNY 0.00"), (-1, "CNY -0.01")])
def test_the_change_of_all_bases_has_its_sign(step, said):
    found = dict(roster_lines(draft("base", step_fen=step)))["Change of all bases"]
    assert found == said


def test_what_was_sent_or_not_counted_says_nothing():
    assert roster_lines(draft("hire", FilingState.CONFIRMED)) == []
    none = Filing(kind=FilingKind.HIRE, state=FilingState.DRAFT, totals=None)
    assert (roster_lines(none), bill_lines(none)) == ([], [])


@pytest.mark.parametrize(
    ("ended", "spans", "state"),
    [
        (True, [("2026-01", None)], StaffState.LEFT),
        (False, [], StaffState.WAITING),
        (False, [("2025-01", "2025-12")], StaffState.WAITING),
        (False, [("2025-01", "2026-01")], StaffState.PAUSED),
        (False, [("2025-01", "2026-01"), ("2026-03", None)], StaffState.ENROLLED),
        (False, [("2025-01", None)], StaffState.ENROLLED),
    ],
)
def test_where_an_employment_stands_by_what_came_after_the_hire(ended, spans, state):
    hired_on = NOW.date().replace(month=1, day=5)
    employment = Employment(hired_on=hired_on, ended_on=hired_on if ended else None)
    enrolments = [Enrolment(from_month=first, to_month=last) for first, last in spans]

    assert Employee(employment, None, enrolments, []).state is state
