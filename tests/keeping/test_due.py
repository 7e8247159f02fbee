"""What is due: its term is over, its case is closed, and nobody needs it any more."""

from datetime import UTC, date, datetime

import pytest

from siweb.complaints.tables.complaint import ComplaintState
from siweb.keeping.due import count_due, due_scans
from siweb.keeping.tables.keeping_term import KeptClass
from siweb.keeping.terms import closed_before
from tests.keeping.old_scans import (
    LONG_AGO,
    make_complaint,
    make_hold,
    make_old_scan,
    make_scan,
    make_term,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("years", "on", "before"),
    [
        (10, date(2025, 12, 31), date(2015, 1, 1)),
        (10, date(2026, 1, 1), date(2016, 1, 1)),
        (100, date(2026, 11, 24), date(1926, 1, 1)),
    ],
)
def test_a_term_begins_with_the_january_after_the_case_was_closed(years, on, before):
    assert closed_before(years, on) == before


def references(session, term, on=TODAY):
    found = [scan.file.reference for scan in due_scans(session, term, on)]
    assert count_due(session, [term], on).get(term.id, 0) == len(found)
    return found


def test_it_is_due_from_new_year_on(session):
    term = make_term(session)
    scan = make_scan(session, make_complaint(session))
    # Already the next year at the office.
    make_scan(session, make_complaint(session, datetime(2015, 12, 31, 16, 0, tzinfo=UTC)))

    assert references(session, term, date(2025, 12, 31)) == []
    assert references(session, term, date(2026, 1, 1)) == [scan.reference]


def test_nothing_is_due_for_good_nor_by_the_term_of_another_class(session):
    make_scan(session, make_complaint(session))

    assert references(session, make_term(session, years=None)) == []
    assert references(session, make_term(session, kept=KeptClass.REVIEWS)) == []
    assert references(session, make_term(session, kept=KeptClass.DECISIONS)) == []


def test_what_is_not_closed_is_not_due(session):
    term = make_term(session)
    make_scan(session, make_complaint(session, state=ComplaintState.OPEN))

    assert references(session, term) == []


def test_what_a_court_may_still_be_asked_about_is_not_due(session):
    term = make_term(session)
    complaint = make_complaint(session)
    scan = make_scan(session, complaint)
    complaint.suit_until = TODAY
    session.flush()

    assert references(session, term) == []
    assert references(session, term, date(2026, 11, 25)) == [scan.reference]


def test_nothing_of_a_person_goes_while_something_of_theirs_is_under_way(session):
    term = make_term(session)
    complaint = make_complaint(session)
    make_scan(session, complaint)
    person = complaint.person_id
    later = make_complaint(session, datetime(2026, 11, 1, tzinfo=UTC), state=ComplaintState.OPEN)
    later.person_id = person
    session.flush()

    assert references(session, term) == []


def test_a_case_on_hold_is_kept(session):
    scan = make_old_scan(session)
    term = make_term(session)
    assert references(session, term) == [scan.reference]

    make_hold(session, scan)

    assert references(session, term) == []
    assert scan.attached_at == LONG_AGO
