"""Which filings an employer finds, what is counted of each, and what waits at the desk."""

from datetime import timedelta
from itertools import count

import pytest

from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import EVERYWHERE, Scope
from siweb.filings import find
from siweb.filings.confirmation import follow_up
from siweb.filings.confirmation.confirm import open_follow_ups
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.queue.job import Job, JobState
from tests import factories
from tests.conftest import NOW

REGION = "310000"
NUMBERS = count(1)


@pytest.fixture
def filed(session, employer):
    """Add a filing with rows, each given by its state and what else it has."""

    def filed(*rows, of=employer, **values):
        number = next(NUMBERS)
        given = {"reference": f"FIND{number:08}", "employer_id": of.id, "kind": FilingKind.HIRE,
                 "origin": "form", "opened_at": NOW}  # fmt: skip
        filing = Filing(**(given | values))
        session.add(filing)
        session.flush()
        for position, (state, more) in enumerate(rows, 1):
            session.add(
                FilingRow(
                    **{
                        "filing_id": filing.id, "position": position, "region_code": REGION,
                        "state": state, "row_values": {"name": f"名{position}"}, "findings": [],
                        "number_digest": "", "row_key": f"{number}/{position}",
                    } | more
                )
            )  # fmt: skip
        session.flush()
        return filing

    return filed


def say(session, filing, position, person, *, agrees):
    session.add(
        DeclarationAnswer(
            filing_id=filing.id, position=position, region_code=REGION, person_id=person.id,
            agrees=agrees, answered_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def test_a_line_counts_its_own_rows_and_the_newest_answers(session, employer, filed):
    person = factories.make_person(session)
    late, plain = (RowState.APPLIED, {"is_late": True}), (RowState.APPLIED, {})
    filing = filed(late, late, plain, (RowState.WITHDRAWN, {}), title="十一月")
    beside = filed(plain)
    for position, agrees in ((1, False), (1, True), (2, True), (2, False), (3, False)):
        say(session, filing, position, person, agrees=agrees)
    say(session, beside, 1, person, agrees=True)

    (newer, line), more = find.list_filings(session, employer.id)

    assert not more
    assert (newer.rows, newer.agreed, newer.objected, newer.late, newer.withdrawn) == (
        1, 1, 0, 0, 0,
    )  # fmt: skip
    assert (line.rows, line.late, line.agreed, line.objected, line.withdrawn) == (4, 2, 1, 2, 1)
    assert (line.name, line.title, line.reference) == ("名1", "十一月", filing.reference)
    assert [(row.position, agrees) for row, agrees, _words in find.rows_of(session, filing.id)] == [
        (1, True), (2, False), (3, False), (4, None),
    ]  # fmt: skip


def test_filings_are_found_by_their_employer_until_they_are_deleted(
    session, employer, filed, monkeypatch
):
    monkeypatch.setattr(find, "PAGE", 2)
    other = factories.make_employer(session, region_code=REGION)
    first = filed(opened_at=NOW - timedelta(days=1))
    second, third = filed(), filed(kind=FilingKind.LEAVE)
    fourth = filed(opened_at=NOW - timedelta(days=2))
    gone, theirs = filed(deleted_at=NOW), filed(of=other)

    def page(number, kind=None):
        rows, more = find.list_filings(session, employer.id, kind=kind, page=number)
        return [row.reference for row in rows], more

    assert page(1) == ([third.reference, second.reference], True)
    assert page(2) == ([first.reference, fourth.reference], False)
    assert page(3) == ([], False)
    assert page(1, FilingKind.LEAVE) == ([third.reference], False)
    for filing in (gone, theirs):
        assert find.find_filing(session, employer.id, filing.reference) is None
    assert find.find_filing(session, employer.id, first.reference) == (first, None)


def test_what_was_refused_stands_before_what_was_not(session, filed):
    filing = filed((RowState.GOOD, {}), (RowState.REFUSED, {}), (RowState.GOOD, {}))
    filed((RowState.REFUSED, {}))

    found = [row.position for row, _agrees, _words in find.rows_of(session, filing.id)]

    assert found == [2, 1, 3]


@pytest.mark.parametrize(
    ("field", "name"), [("rest_of_id", "rest"), ("replaces_id", "replacement")]
)
def test_the_drafts_of_a_filing_are_those_that_are_still_there(session, filed, field, name):
    filing, other = filed(), filed()
    filed(**{field: other.id})
    assert find.drafts_of(session, filing) == (None, None)
    draft = filed(**{field: filing.id})
    assert find.drafts_of(session, filing)._asdict()[name] == draft.reference
    draft.deleted_at = NOW
    session.flush()
    assert find.drafts_of(session, filing) == (None, None)


def test_what_replaced_a_filing_and_was_sent_waits_no_more(session, filed):
    filing = filed()
    filed(replaces_id=filing.id, state=FilingState.CONFIRMED)

    assert find.drafts_of(session, filing).replacement is None


@pytest.mark.parametrize(
    ("states", "confirmed", "is_under_way"),
    [
        ((), False, False),
        ((JobState.QUEUED,), False, True),
        ((JobState.RUNNING,), True, True),
        ((JobState.DONE,), False, False),
        ((JobState.FAILED,), False, True),
        # What was sent in some other way did not fail.
        ((JobState.FAILED,), True, False),
        ((JobState.FAILED, JobState.DONE), False, False),
        ((JobState.DONE, JobState.QUEUED), False, True),
    ],
)
def test_the_newest_job_tells_what_is_under_way(session, filed, states, confirmed, is_under_way):
    filing = filed(state=FilingState.CONFIRMED if confirmed else FilingState.DRAFT)
    jobs = [
        Job(
            reference=f"FINDJOB{filing.id}{place}", name="file", arguments={},
            subject_kind=kind, subject_id=str(subject), state=state, progress={},
            queued_at=NOW, run_after=NOW,
        )
        for place, (kind, subject, state) in enumerate(
            (
                *(("filing", filing.id, each) for each in states),
                ("filing", filing.id + 1, JobState.QUEUED),
                ("levy_run", filing.id, JobState.QUEUED),
            )
        )
    ]  # fmt: skip
    session.add_all(jobs)
    session.flush()

    found = find.job_under_way(session, filing)

    assert found is (jobs[len(states) - 1] if is_under_way else None)


def test_what_is_followed_up_waits_oldest_first_in_its_region(session, filed, monkeypatch):
    monkeypatch.setattr(follow_up, "PAGE", 2)
    person = factories.make_person(session)
    late, plain = (
        {
            "person_id": person.id,
            "findings": [{"code": code, "level": "warning", "facts": {}} for code in codes],
        }
        for codes in (["late_hire", "jump"], ["jump"])
    )
    filing = filed(
        (RowState.APPLIED, late), (RowState.APPLIED, plain), (RowState.REFUSED, late),
        (RowState.APPLIED, late),
    )  # fmt: skip
    older = filed((RowState.APPLIED, late))
    open_follow_ups(session, filing, at=NOW)
    open_follow_ups(session, older, at=NOW - timedelta(days=1))
    expected = [(older.id, 1), (filing.id, 1), (filing.id, 4)]

    def page(number, scope=EVERYWHERE):
        rows, more = follow_up.list_open_hires(session, scope=scope, page=number)
        return [(row.filing_id, row.position) for row in rows], more

    def number(scope=EVERYWHERE):
        return session.scalar(follow_up.count_open_hires(NOW.date(), scope))

    here, there = Scope(frozenset({REGION})), Scope(frozenset({"110000"}))
    assert (page(1), page(2)) == ((expected[:2], True), (expected[2:], False))
    assert (page(1, here)[0], page(1, there)) == (expected[:2], ([], False))
    assert (number(), number(here), number(there)) == (3, 3, 0)
    # Only what is followed up is said of a row.
    (first, *_rest), _more = follow_up.list_open_hires(session, scope=EVERYWHERE)
    assert [each["code"] for each in first.findings] == ["late_hire"]

    def close(of, position):
        return follow_up.close_hire(session, of.id, position, actor=SYSTEM, at=NOW)

    assert (close(filing, 1), close(filing, 1), close(filing, 2)) == (True, False, False)
    session.expire_all()
    assert page(1) == ([(older.id, 1), (filing.id, 4)], False)
    assert number() == 2
    assert session.get_one(HireFollowUp, (filing.id, 4, REGION)).closed_at is None


@pytest.mark.parametrize(
    ("values", "waits"),
    [
        ({}, True),
        ({"reviewed_on": NOW.date()}, False),
        ({"review_due_on": None}, False),
        ({"status": "cancelled"}, False),
    ],
    ids=str,
)
def test_a_registration_waits_until_somebody_looked(session, values, waits):
    given = {"region_code": REGION, "review_due_on": NOW.date() + timedelta(days=1)} | values
    employer = factories.make_employer(session, **given)
    factories.make_employer(session, region_code=REGION)
    first = factories.make_employer(session, region_code=REGION, review_due_on=NOW.date())
    expected = [first, employer] if waits else [first]

    assert follow_up.list_registrations(session, scope=EVERYWHERE) == expected
    assert follow_up.list_registrations(session, scope=Scope(frozenset({"110000"}))) == []
    assert session.scalar(follow_up.count_registrations(NOW.date(), EVERYWHERE)) == len(expected)
    asked = {"actor": SYSTEM, "on": NOW.date(), "at": NOW}
    assert follow_up.accept_registration(session, employer.uscc, **asked) is waits
    assert follow_up.accept_registration(session, employer.uscc, **asked) is False
    assert follow_up.list_registrations(session, scope=EVERYWHERE) == [first]
