"""A filing answers nothing about people who do not work for the employer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.filings.confirmation.confirm import SendingRefused
from siweb.filings.drafts.revalidate import revalidate_refused
from siweb.filings.tables.stranger_count import StrangerCount
from siweb.filings.validation.strangers import AGREEING, FREE, Strangers
from siweb.filings.validation.terms import Terms
from siweb.registry.codes import EmployerStatus
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests import factories
from tests.filings.test_filing import MAN, TODAY, actor, codes, draft, hire, of, person, send

__all__ = ["actor", "draft", "person", "send"]


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
    given = {
        "id_number": MAN,
        "name": name,
        "ended_on": "2026-11-20",
        "end_reason": "resigned",
        "is_voluntary": "yes",
        "stop_month": "2026-11",
        "start_month": "2026-07" if kind == "base" else "2026-12",
        "wage_fen": 900_000,
    }

    _filing, [row] = draft(kind, given)

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
