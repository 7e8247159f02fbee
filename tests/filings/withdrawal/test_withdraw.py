"""What is sent and withdrawn leaves the register as it was; what is sealed stays and says so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.collection.tables.levy_run import LevyKind
from siweb.documents.tables.document import Document
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.tables.withdrawn_row import WithdrawnRow
from siweb.filings.withdrawal.obstacles import Obstacle, standings
from siweb.filings.withdrawal.withdraw import WithdrawalRefused, replace, withdrawals_of
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from tests import factories
from tests.bills import SEAL_KEY
from tests.conftest import NOW
from tests.filings.withdrawal.conftest import ALL, TODAY
from tests.levies import levy

NEW = factories.make_id_number(date(1990, 5, 1), serial=7101)
WOMAN = factories.make_id_number(date(1990, 5, 1), serial=7102)


def hire(**more):
    return {
        "id_number": NEW,
        "name": "陈新",
        "hired_on": "2026-11-02",
        "start_month": "2026-11",
        "wage_fen": 900_000,
        "insurances": ALL,
    } | more


def of(person, **more):
    return {"id_number": person.id_number, "name": person.name} | more


def rights(session):
    """Everything of the register that decides about money and rights, in a form to compare."""
    session.expire_all()
    enrolments = select(Enrolment.__table__).order_by(*Enrolment.__table__.primary_key)
    employments = select(
        Employment.person_id,
        Employment.employer_id,
        Employment.hired_on,
        Employment.ended_on,
        Employment.end_reason,
        Employment.form,
        Employment.declared_name,
    ).order_by(Employment.id)
    claims = select(EnrolmentClaim.__table__).order_by(*EnrolmentClaim.__table__.primary_key)
    people = select(Person.id, Person.mobile, Person.retirement_category).where(
        Person.id.in_(select(Enrolment.person_id))
    )
    bases = (
        select(DeclaredBase.person_id, DeclaredBase.from_month, DeclaredBase.declared_base_fen)
        .where(DeclaredBase.withdrawn_at.is_(None))
        .order_by(DeclaredBase.person_id, DeclaredBase.from_month, DeclaredBase.base_number)
    )
    queries = (enrolments, employments, claims, people.order_by(Person.id), bases)
    return [session.execute(query).all() for query in queries]


def bill_of_november(session, employer):
    """What a levy would bill the employer now, by insurance."""
    run = levy(session, employer.region_code, "2026-11", kind=LevyKind.PREVIEW)
    return run.totals


ROWS = {
    "leave": {
        "ended_on": "2026-11-20",
        "end_reason": "resigned",
        "is_voluntary": "yes",
        "stop_month": "2026-11",
    },
    "pause": {"stop_month": "2026-11"},
    "change": {
        "new_name": "张玮",
        "wage_fen": 990_000,
        "start_month": "2026-11",
        "mobile": "13800001234",
    },
    "base": {"wage_fen": 990_000, "start_month": "2026-07"},
}


@pytest.mark.parametrize("kind", ROWS)
def test_sent_and_withdrawn_leaves_all_as_before(session, employer, person, sent, take_back, kind):
    before, rows = rights(session), session.scalar(select(func.count()).select_from(DeclaredBase))
    billed = bill_of_november(session, employer)

    filing = sent(kind, of(person, **ROWS[kind]))
    assert rights(session) != before
    half_an_hour = NOW + timedelta(minutes=30)
    seal_day(session, key=SEAL_KEY, on=TODAY, at=half_an_hour, actor=SYSTEM)

    assert take_back(filing).rows == 1
    assert rights(session) == before
    assert bill_of_november(session, employer) == billed
    assert session.scalar(select(func.count()).select_from(DeclaredBase)) >= rows
    packs = packs_in_force(session)
    assert not list(check_books(session, packs, Scope(), seals=SEAL_KEY).lines())


def test_a_mistaken_hire_is_undone(session, employer, person, sent, take_back):
    before = rights(session)

    filing = sent("hire", hire())
    take_back(filing)

    assert rights(session) == before
    assert session.scalar(select(FilingRow.state)) is RowState.WITHDRAWN
    document = session.get_one(Document, filing.document_id)
    assert document.revoked_at is not None


def test_what_began_that_month_elsewhere_stays(session, employer, sent, take_back):
    """Work injury of another employer, with employment and base."""
    known = factories.make_person(session, id_number=NEW, name="陈新", region_code="310000")
    other = factories.make_employer(session, region_code="310000")
    factories.make_employment(session, known, other, hired_on=date(2026, 11, 2))
    factories.make_enrolment(
        session, known, Insurance.WORK_INJURY, employer=other, from_month="2026-11"
    )
    session.add(
        DeclaredBase(
            person_id=known.id,
            employer_id=other.id,
            region_code="310000",
            from_month="2026-11",
            declared_base_fen=700_000,
            origin="filing_hire",
            # The moment at which the other filing is sent.
            declared_at=NOW + timedelta(minutes=1),
        )
    )
    before = rights(session)

    filing = sent("hire", hire())
    assert rights(session) != before
    take_back(filing)

    assert rights(session) == before


def test_a_hire_that_was_announced_waits_again(session, employer, sent, take_back):
    known = factories.make_person(session, id_number=NEW, name="陈新", mobile=None)
    factories.make_employment(session, known, employer, hired_on=date(2026, 11, 3))
    before = rights(session)

    take_back(sent("hire", hire(mobile="13800001234", form="part_time", insurances=ALL)))

    assert rights(session) == before
    assert session.scalar(select(Person.mobile).where(Person.id == known.id)) is None


def test_who_insured_themselves_before_a_hire_does_so_again(session, employer, sent, take_back):
    known = factories.make_person(session, id_number=NEW, name="陈新", region_code="310000")
    factories.make_enrolment(session, known, from_month="2026-01")
    factories.make_enrolment(session, known, Insurance.MEDICAL, from_month="2026-11")
    before = rights(session)

    filing = sent("hire", hire())
    assert rights(session) != before
    take_back(filing)

    assert rights(session) == before


def test_a_resumption_is_undone_and_the_pause_stays(session, employer, person, sent, take_back):
    sent("pause", of(person, stop_month="2026-10"))
    before = rights(session)

    take_back(sent("resume", of(person, start_month="2026-11", wage_fen=900_000)))

    assert rights(session) == before


def test_what_was_withdrawn_can_be_sent_again(session, employer, sent, take_back):
    take_back(sent("hire", hire(start_month="2026-12", hired_on="2026-12-01")))

    sent("hire", hire())

    bases = session.scalars(
        select(DeclaredBase.from_month).where(DeclaredBase.withdrawn_at.is_(None))
    ).all()
    assert bases == ["2026-11"]


def test_some_rows_are_withdrawn_and_the_others_stay(session, employer, sent, take_back):
    filing = sent(
        "hire", hire(), hire(id_number=WOMAN, name="李静", retirement_category="female55")
    )

    assert take_back(filing, [2]).rows == 1

    states = session.execute(select(FilingRow.position, FilingRow.state)).all()
    assert dict(states) == {1: RowState.APPLIED, 2: RowState.WITHDRAWN}
    names = session.scalars(
        select(Person.name).where(Person.id.in_(select(Enrolment.person_id)))
    ).all()
    assert names == ["陈新"]
    document = session.get_one(Document, filing.document_id)
    assert document.revoked_at is None


def test_twice_is_once(session, sent, take_back, filer):
    filing = sent("hire", hire())
    take_back(filing)

    assert take_back(filing, at=NOW + timedelta(hours=2)).rows == 0
    assert session.scalar(select(func.count()).select_from(WithdrawnRow)) == 1
    [told] = withdrawals_of(session, filing)
    assert (told.name, told.rows, told.reason) == (filer.name, 1, "填错了人")


def test_once_its_month_is_levied_it_is_not_withdrawn(session, employer, person, sent, take_back):
    filing = sent("base", of(person, wage_fen=990_000, start_month="2026-07"))
    next_month = sent("pause", of(person, stop_month="2026-11"))
    run = levy(session, employer.region_code, "2026-11")
    run.issued_at = NOW + timedelta(minutes=40)
    session.commit()

    with pytest.raises(WithdrawalRefused) as refused:
        take_back(filing)
    assert refused.value.code == Obstacle.LEVIED
    # November is levied; what ends with it decides about December.
    assert take_back(next_month).rows == 1


def test_what_was_filed_later_about_a_person_goes_first(session, person, sent, take_back):
    first = sent("change", of(person, wage_fen=990_000, start_month="2026-11"))
    later = sent("pause", of(person, stop_month="2026-11"))

    with pytest.raises(WithdrawalRefused) as refused:
        take_back(first)
    assert refused.value.code == Obstacle.LATER

    take_back(later)
    assert take_back(first).rows == 1


def test_who_is_insured_elsewhere_by_now_does_not_go_on_here(session, person, sent, take_back):
    filing = sent("leave", of(person, **ROWS["leave"] | {"stop_month": "2026-10"}))
    other = factories.make_employer(session, region_code="310000")
    known = {"hired_on": "2026-11-21", "start_month": "2026-11", "wage_fen": 900_000}
    sent("hire", of(person, insurances=ALL, **known), of=other)

    with pytest.raises(WithdrawalRefused) as refused:
        take_back(filing)
    assert refused.value.code == Obstacle.ELSEWHERE


def test_of_what_was_sent_before_the_office_kept_it_nothing_is_undone(session, sent):
    filing = sent("hire", hire())
    filing.keeps_before = False
    session.flush()

    assert [row.obstacle for row in standings(session, filing)] == [Obstacle.TOO_OLD]


def test_a_replacement_is_a_draft_of_what_was_withdrawn(session, actor, sent):
    filing = sent("hire", hire())
    told = {"reason": "填错了工资", "packs": packs_in_force(session), "actor": actor}
    at = NOW + timedelta(hours=1)

    done, draft = replace(session, filing, None, on=TODAY, at=at, **told)
    again, same = replace(session, filing, None, on=TODAY, at=at, **told)

    assert (done.rows, again.rows, same) == (1, 0, draft)
    [row] = session.scalars(select(FilingRow).where(FilingRow.filing_id == draft.id)).all()
    assert row.state is RowState.GOOD
    assert row.row_values["wage_fen"] == 900_000
