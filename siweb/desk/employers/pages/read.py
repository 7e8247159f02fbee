"""What each part of an employer's page shows, each with so few statements that a page has eight."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import may_read, runs
from siweb.auth.mandates import mandates_of
from siweb.collection.bills.find import Payer, load_bills
from siweb.collection.tables.arrears import is_written_off
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.payment import Payment
from siweb.desk.employers.pages.head import EMPLOYER_READERS, MONEY
from siweb.desk.people.notes.writing import notes_part
from siweb.desk.people.pages.cases import cases_of_employer
from siweb.desk.people.pages.messages import messages_part, newest_messages
from siweb.filings.employers.labels import risk_in_words
from siweb.filings.employers.registration.labels import FIELDS
from siweb.filings.find import list_filings
from siweb.messages.message_kind import Reader
from siweb.notes.about import About
from siweb.registry.codes import Insurance
from siweb.registry.employers.change import changes_of
from siweb.registry.employers.injury_rate import Risk, decisions_of, risks_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.database import db_session
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

PAGE = 25
SHOWN = 5


class Employed(NamedTuple):
    """Somebody who works or worked there."""

    person_id: int
    name: str
    id_number: str
    employment: Employment


def overview(session: Session, employer: Employer) -> dict[str, Any]:
    """Return how many work there, what is owed, what is open, and the rate of this month."""
    at_work = select(func.count(Employment.id)).where(
        Employment.employer_id == employer.id, Employment.ended_on.is_(None)
    )
    left = Bill.total_fen - Bill.paid_fen
    mine = (Payer(employer_id=employer.id).owes(), left > 0)
    owed = select(func.coalesce(func.sum(left), 0)).where(*mine, ~is_written_off())
    off = select(func.coalesce(func.sum(left), 0)).where(*mine, is_written_off())
    asked = (at_work, owed, off)
    numbers = session.execute(select(*(part.scalar_subquery() for part in asked))).one()
    cases, more_cases = cases_of_employer(session, employer.id, only_open=True)
    return {
        "at_work": numbers[0],
        "owed_fen": int(numbers[1]) if may_read(*MONEY) else None,
        # Counted apart: it is neither paid nor asked for.
        "written_off_fen": int(numbers[2]) if may_read(*MONEY) else 0,
        "cases": cases[:SHOWN],
        "more_cases": more_cases or len(cases) > SHOWN,
        "told": newest_messages(session, Reader.EMPLOYER, employer.id, SHOWN),
        "now": _rate(employer) if runs(Insurance.WORK_INJURY) else None,
    }


def people(_session: Session, employer: Employer) -> dict[str, Any]:
    """Return a page of who works or worked there."""
    found, has_more = read_once(employed_at, employer.id, page_asked())
    return {"people": found, "has_more": has_more, "page": page_asked()}


def employed_at(session: Session, employer_id: int, page: int) -> tuple[list[Employed], bool]:
    """Return a page of who works or worked for an employer, who came last first."""
    rows = session.execute(
        select(Person.id, Person.name, PersonIdentity.number, Employment)
        .select_from(Employment)
        .join(Person, Person.id == Employment.person_id)
        .join(PersonIdentity, PersonIdentity.person_id == Person.id)
        .where(Employment.employer_id == employer_id)
        .order_by(Employment.hired_on.desc(), Employment.id.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [Employed(*row) for row in rows[:PAGE]], len(rows) > PAGE


def bills(session: Session, employer: Employer, packs: PackSet) -> dict[str, Any]:
    """Return a page of the bills as they stand today, and the last payments."""
    page = page_asked()
    found, has_more = load_bills(
        session,
        Payer(employer_id=employer.id),
        packs=packs,
        on=clock.today(),
        page=page,
    )
    paid = session.scalars(
        select(Payment)
        .where(Payment.employer_id == employer.id)
        .order_by(Payment.received_on.desc(), Payment.id.desc())
        .limit(PAGE)
    ).all()
    return {"bills": found, "payments": paid, "has_more": has_more, "page": page}


def filings(session: Session, employer: Employer) -> dict[str, Any]:
    """Return a page of what was handed in."""
    page = page_asked()
    found, has_more = list_filings(session, employer.id, page=page)
    return {"filings": found, "has_more": has_more, "page": page}


def rate(session: Session, employer: Employer) -> dict[str, Any]:
    """Return the rate for work injury of this month, and what was decided of it."""
    return {
        "now": _rate(employer),
        "decisions": [
            (each, risk_in_words(Risk(each.injury_class, each.injury_tier_ppm)))
            for each in decisions_of(session, employer.id)
        ],
    }


def _rate(employer: Employer) -> str:
    return str(risk_in_words(read_once(risks_of, employer).in_month(month_of(clock.today()))))


def mandates(_session: Session, employer: Employer) -> dict[str, Any]:
    """Return who acts or acted for the employer."""
    return {"holders": read_once(mandates_of, employer.id)}


def cases(session: Session, employer: Employer) -> dict[str, Any]:
    """Return every case about the employer."""
    page = page_asked()
    found, has_more = cases_of_employer(session, employer.id, page=page)
    return {"cases": found, "has_more": has_more, "page": page}


def messages(session: Session, employer: Employer) -> dict[str, Any]:
    """Return a page of what the employer was told; a look from here opens none of it."""
    return messages_part(session, Reader.EMPLOYER, employer.id)


def notes(_session: Session, employer: Employer) -> dict[str, Any]:
    """Return a page of what colleagues noted of the employer."""
    return notes_part(About(employer_id=employer.id), EMPLOYER_READERS)


def changes(session: Session, employer: Employer) -> dict[str, Any]:
    """Return what of the registration was changed."""
    return {"changes": changes_of(session, employer.id, 2 * PAGE), "fields": FIELDS}


READ: dict[str, Callable[[Session, Employer], dict[str, Any]]] = {
    "overview": overview,
    "people": people,
    "filings": filings,
    "rate": rate,
    "mandates": mandates,
    "cases": cases,
    "notes": notes,
    "messages": messages,
    "changes": changes,
}


def read_part(name: str, employer: Employer) -> dict[str, Any]:
    """Return what a part shows."""
    return READ[name](db_session(), employer)
