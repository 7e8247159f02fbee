"""A filing answers nothing about people who do not work for the employer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.filings.confirmation.confirm import SendingRefused
from siweb.filings.drafts.revalidate import revalidate_refused
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.find import list_filings
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.tables.stranger_count import StrangerCount
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import AGREEING, FREE, Strangers
from siweb.registry.codes import EmployerStatus
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests import factories
from tests.filings.test_filing import MAN, TODAY, actor, codes, draft, hire, of, person, send

__all__ = ["actor", "draft", "person", "send"]


EVERYTHING = hire(
    ended_on="2026-11-20",
    end_reason="resigned",
    is_voluntary="yes",
    stop_month="2026-11",
    start_month="2026-12",
)


@pytest.fixture
def stranger(session):
    """Somebody who died and is insured elsewhere: both are nobody's business."""
    found = factories.make_person(
        session, id_number=MAN, name="陈新", died_on=date(2026, 10, 1), mobile="13900000001"
    )
    other = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(session, found, employer=other, region_code="310000")
    return found


def test_a_wrong_name_is_told_nothing_but_that(stranger, draft):
    _filing, [row] = draft("hire", hire(name="王五"))

    assert row.state.value == "refused"
    assert codes(row) == {"name_disagrees"}


def test_the_right_name_is_told_what_stands_against_it(stranger, draft):
    _filing, [row] = draft("hire", hire())

    assert {"died", "enrolled_elsewhere"} <= codes(row)


@pytest.mark.parametrize("kind", ["leave", "change", "pause", "resume", "base"])
@pytest.mark.parametrize("name", ["陈新", "王五"])
def test_other_filings_say_the_same_whatever_the_name(stranger, draft, kind, name):
    start = {"start_month": "2026-07"} if kind == "base" else {}

    _filing, [row] = draft(kind, EVERYTHING | start | {"name": name})

    assert codes(row) in ({"not_here"}, {"not_enrolled"})


def test_ones_own_employee_may_be_spelled_otherwise(person, draft):
    _filing, [row] = draft("pause", of(person, name="张炜", stop_month="2026-10"))

    assert row.state.value == "good"
    assert codes(row) == {"name_differs"}


def limit_of(session, employer):
    packs = packs_in_force(session)
    terms = Terms(employer.id, employer.region_code, EmployerStatus.ACTIVE, packs, TODAY)
    return Strangers(session, terms)


def test_after_many_wrong_names_nothing_is_said_until_tomorrow(session, employer, stranger, draft):
    wrong = [hire(name=f"王{number}") for number in range(FREE + 1)]
    draft("hire", *wrong)

    _filing, [row] = draft("hire", hire())

    assert codes(row) == {"too_many_disagree"}
    count = session.scalars(select(StrangerCount)).one()
    assert (count.disagreed, count.agreed) == (FREE + 1, 0)
    count.on -= timedelta(days=1)
    session.flush()
    _filing, [tomorrow] = draft("hire", hire())
    assert "too_many_disagree" not in codes(tomorrow)
    assert session.scalars(select(StrangerCount)).one().on == TODAY


def test_the_limit_is_passed_by_one_more_than_is_free(session, employer):
    strangers = limit_of(session, employer)
    for _number in range(FREE):
        strangers.count(agrees=False)

    assert not strangers.is_exhausted
    strangers.count(agrees=False)
    assert strangers.is_exhausted
    for _number in range(AGREEING):
        strangers.count(agrees=True)
    assert not strangers.is_exhausted
    strangers.keep()
    strangers.keep()
    session.expire_all()
    kept = session.scalars(select(StrangerCount)).one()
    assert (kept.agreed, kept.disagreed) == (AGREEING, FREE + 1)
    assert not limit_of(session, employer).is_exhausted


def test_after_many_wrong_names_nobody_learns_who_is_registered(session, employer, stranger, draft):
    draft("hire", *[hire(name=f"王{number}") for number in range(FREE + 1)])
    unregistered = factories.make_id_number(date(1992, 5, 1), serial=7511)

    _filing, rows = draft("hire", hire(), hire(id_number=unregistered))

    assert [codes(row) for row in rows] == [{"too_many_disagree"}, {"too_many_disagree"}]
    assert [row.person_id for row in rows] == [None, None]


def test_rows_that_were_never_compared_are_guesses_when_they_are_validated_again(
    session, stranger, draft
):
    names = [f"王{number}" for number in range(FREE + 1)]
    draft("hire", *[hire(name=name) for name in names])
    waiting = [draft("hire", *[hire(name=f"李{name}") for name in names])[0] for _ in range(2)]
    tomorrow = TODAY + timedelta(days=1)

    for filing in waiting:
        revalidate_refused(session, filing, packs=packs_in_force(session), on=tomorrow)

    count = session.scalars(select(StrangerCount)).one()
    assert (count.on, count.disagreed) == (tomorrow, FREE + 1)
    rows = session.scalars(select(FilingRow).where(FilingRow.filing_id == waiting[1].id)).all()
    assert {code for row in rows for code in codes(row)} == {"too_many_disagree"}


def test_a_row_that_cannot_be_read_neither_agrees_nor_names_anybody(session, stranger, draft):
    _filing, [row] = draft("hire", hire(wage_fen=None))

    assert codes(row) == {"cell_missing"}
    assert row.person_id is None
    assert session.scalars(select(StrangerCount)).all() == []


@pytest.mark.parametrize("kind", FilingKind)
def test_a_number_alone_leads_to_nobody(session, employer, stranger, draft, kind):
    """Lists of filings name people: whoever typed a number would learn whose it is."""
    _filing, [row] = draft(kind, EVERYTHING | {"name": "王五"})

    assert row.state.value == "refused"
    assert row.person_id is None
    listed, _has_more = list_filings(session, employer.id)
    assert [one.name for one in listed] == ["王五"]


def test_who_agreed_is_known_to_the_row_though_it_is_refused(stranger, draft):
    """What is said about somebody is noted as shown."""
    _filing, [row] = draft("hire", hire())

    assert row.state.value == "refused"
    assert row.person_id == stranger.id


def test_people_who_are_new_to_the_register_count_as_nobody(session, draft):
    draft("hire", hire())

    assert session.scalars(select(StrangerCount)).all() == []


def test_validating_again_is_no_new_guess(session, stranger, draft):
    filing, _rows = draft("hire", hire(name="王五"))

    revalidate_refused(session, filing, packs=packs_in_force(session), on=TODAY)

    assert session.scalars(select(StrangerCount)).one().disagreed == 1


def test_a_persons_own_mobile_number_is_never_overwritten(session, person, draft, send):
    person.mobile = "13900000001"
    session.flush()

    send(draft("change", of(person, mobile="13800001234"))[0])

    session.expire_all()
    assert session.get_one(Person, person.id).mobile == "13900000001"


@pytest.mark.parametrize("empty", [None, ""])
def test_a_mobile_number_that_nobody_has_is_filled_in(session, person, draft, send, empty):
    person.mobile = empty
    session.flush()

    send(draft("change", of(person, mobile="13800001234"))[0])

    session.expire_all()
    assert session.get_one(Person, person.id).mobile == "13800001234"


def test_a_made_up_employer_prepares_and_enrols_nobody(session, employer, draft, send):
    employer.review_due_on = date(2026, 12, 9)
    filing, [row] = draft("hire", hire())

    assert row.state.value == "good"
    with pytest.raises(SendingRefused) as refused:
        send(filing)
    assert (refused.value.code, refused.value.facts) == (
        "provisional",
        {"day": date(2026, 12, 9)},
    )
    employer.reviewed_on = TODAY
    assert send(filing) == (1, 0, True)


def test_a_provisional_employer_lets_people_go(session, employer, person, draft, send):
    employer.review_due_on = date(2026, 12, 9)

    filing, _rows = draft("pause", of(person, stop_month="2026-10"))

    assert send(filing) == (1, 0, True)
