"""What each part of a person's page shows; a part costs so few statements that eight are enough."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.access_log.read import AccessDay, access_page
from siweb.audit.access_log.store import AccessLog
from siweb.auth.access import runs
from siweb.auth.tables.account import Account
from siweb.auth.tables.mandate import Mandate
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Payment
from siweb.db.among import among
from siweb.desk.people.notes.writing import notes_part
from siweb.desk.people.pages.cases import cases_of_person
from siweb.desk.people.pages.head import PEOPLE_READERS
from siweb.desk.people.pages.messages import messages_part, newest_messages
from siweb.documents.find import own_documents
from siweb.ledgers.access_log.labels import FUNCTIONS, REASONS
from siweb.ledgers.access_log.names import employer_names
from siweb.ledgers.account.growth import draw_growth
from siweb.ledgers.account.years import load_account_years
from siweb.ledgers.labels import SHORT_INSURANCES
from siweb.ledgers.record.overview import load_overview
from siweb.ledgers.record.pictures import draw_insurances, key_of
from siweb.ledgers.record.twelve_months import twelve_months
from siweb.ledgers.record.years import load_years
from siweb.messages.message_kind import Reader
from siweb.notes.about import About
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of, keys_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.web.charts.columns import TALL
from siweb.web.database import db_session
from siweb.web.language.formats import yuan_number
from siweb.web.paging import page_asked

PAGE = 25
# An overview leads on; it does not list.
SHOWN = 5
_GROWTH = 6


class Enrolled(NamedTuple):
    """An enrolment, and the employer through whom."""

    enrolment: Enrolment
    employer: Employer | None


class Worked(NamedTuple):
    """An employment and its employer."""

    employment: Employment
    employer: Employer


def overview(session: Session, person: Person) -> dict[str, Any]:
    """Return what is open, the last twelve months, the account, and the newest papers."""
    found = load_overview(session.connection(), person.id, on=clock.today())
    # An agency sees the insurances that it runs, and is told which these are.
    marks = {insurance: states for insurance, states in found.marks.items() if runs(insurance)}
    cases, more_cases = cases_of_person(session, person.id, only_open=True)
    # 0 is nobody's account: what they were given in an employer's name is left out.
    papers, _more = own_documents(session, person.id, 0, on=clock.today(), most=SHOWN)
    return {
        "cases": cases[:SHOWN],
        "more_cases": more_cases or len(cases) > SHOWN,
        "overview": found,
        "twelve": twelve_months(found._replace(marks=marks)),
        "account": found.account[-1] if found.account and runs(Insurance.PENSION) else None,
        "growth": draw_growth(found.account[-_GROWTH:]),
        "write_yuan": yuan_number,
        "papers": papers,
        "told": newest_messages(session, Reader.PERSON, person.id, SHOWN),
        "sees_pension": runs(Insurance.PENSION),
    }


def employments(session: Session, person: Person) -> dict[str, Any]:
    """Return where somebody worked, and in which insurances they took part."""
    worked = session.execute(
        select(Employment, Employer)
        .join(Employer, Employer.id == Employment.employer_id)
        .where(is_of(Employment.person_id, person.id))
        .order_by(Employment.hired_on.desc(), Employment.id.desc())
        .limit(PAGE)
    )
    enrolled = session.execute(
        select(Enrolment, Employer)
        .outerjoin(Employer, Employer.id == Enrolment.employer_id)
        .where(is_of(Enrolment.person_id, person.id))
        .order_by(Enrolment.from_month.desc(), Enrolment.insurance)
        # Somebody changes work some twenty times, in five insurances each.
        .limit(4 * PAGE)
    )
    found = [Enrolled(*row) for row in enrolled]
    return {
        "worked": [Worked(*row) for row in worked],
        "enrolled": [each for each in found if runs(each.enrolment.insurance)],
    }


def record(session: Session, person: Person) -> dict[str, Any]:
    """Return the record over the years, of the insurances in the scope."""
    years = load_years(session, person.id, on=clock.today())
    pictures = [(each, drawn) for each, drawn in draw_insurances(years) if runs(each)]
    names = {each: name for each, name in SHORT_INSURANCES.items() if runs(Insurance(each))}
    return {"years": years, "pictures": pictures, "key": key_of(years), "insurances": names}


def account(session: Session, person: Person) -> dict[str, Any]:
    """Return the individual account over the years."""
    found = load_account_years(session, person.id)
    return {"account": found, "growth": draw_growth(found.growth, TALL), "write_yuan": yuan_number}


def bills(session: Session, person: Person) -> dict[str, Any]:
    """Return what somebody who pays alone was billed, and what was paid in their name."""
    page = page_asked()
    billed = session.scalars(
        select(Bill)
        .where(is_of(Bill.person_id, person.id), Bill.issued_at.is_not(None))
        .order_by(Bill.contribution_month.desc(), Bill.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    paid = session.scalars(
        select(Payment)
        .where(is_of(Payment.person_id, person.id))
        .order_by(Payment.received_on.desc(), Payment.id.desc())
        .limit(PAGE)
    ).all()
    return {"bills": billed[:PAGE], "payments": paid, "has_more": len(billed) > PAGE, "page": page}


def cases(session: Session, person: Person) -> dict[str, Any]:
    """Return every case of somebody."""
    page = page_asked()
    found, has_more = cases_of_person(session, person.id, page=page)
    return {"cases": found, "has_more": has_more, "page": page}


def papers(session: Session, person: Person) -> dict[str, Any]:
    """Return what was issued to somebody, but for what they got in an employer's name."""
    page = page_asked()
    found, has_more = own_documents(session, person.id, 0, on=clock.today(), most=PAGE, page=page)
    return {"papers": found, "has_more": has_more, "page": page}


def messages(session: Session, person: Person) -> dict[str, Any]:
    """Return a page of what the office sent somebody; a look from here opens none of it."""
    return messages_part(session, Reader.PERSON, person.id)


def notes(_session: Session, person: Person) -> dict[str, Any]:
    """Return a page of what colleagues noted of somebody."""
    return notes_part(About(person_id=person.id), PEOPLE_READERS)


def contact(session: Session, person: Person) -> dict[str, Any]:
    """Return for whom somebody may act; how they are reached stands on the person."""
    rows = session.execute(
        select(Mandate, Employer)
        .join(Account, Account.id == Mandate.account_id)
        .join(Employer, Employer.id == Mandate.employer_id)
        .where(is_of(Account.person_id, person.id))
        .order_by(Mandate.revoked_at.is_not(None), Mandate.granted_at.desc(), Mandate.id.desc())
        .limit(PAGE)
    )
    return {"mandates": [(mandate, employer) for mandate, employer in rows]}


def access(session: Session, person: Person) -> dict[str, Any]:
    """Return who was shown somebody's data, by day, with the names of staff."""
    log = cast("AccessLog", current_app.extensions["siweb_access_log"])
    page = page_asked()
    found = access_page(log, session.scalars(keys_of(person.id)).all(), page=page)
    return {
        "days": found.days,
        "has_more": found.has_more,
        "page": page,
        "employers": employer_names(
            session, [entry for day in found.days for entry in day.entries]
        ),
        "names": _names(session, found.days),
        "functions": FUNCTIONS,
        "reasons": REASONS,
    }


def _names(session: Session, days: Sequence[AccessDay]) -> dict[int, str]:
    accounts = sorted({entry.account_id for day in days for entry in day.entries})
    rows = session.execute(
        select(Account.id, Person.name)
        .join(Person, Person.id == Account.person_id)
        .where(among(Account.id, accounts))
    )
    return {row.id: row.name for row in rows}


READ: dict[str, Callable[[Session, Person], dict[str, Any]]] = {
    "overview": overview,
    "employments": employments,
    "record": record,
    "account": account,
    "bills": bills,
    "cases": cases,
    "notes": notes,
    "papers": papers,
    "messages": messages,
    "contact": contact,
    "access": access,
}


def read_part(name: str, person: Person) -> dict[str, Any]:
    """Return what a part shows."""
    return READ[name](db_session(), person)
