"""How far the yearly bases of an employer are: declared, confirmed, objected to, or neither.

Counted from the filings and the employees' answers themselves: there is no second copy of a case
that could say something else than they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, literal, select
from sqlalchemy.orm import Session

from siweb.collection.assessments.undeclared.conditions import NOT_YEARLY
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, is_about_row, row_month
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person

PAGE = 25


class BaseState(StrEnum):
    """Where one employee's yearly base stands; what needs the employer first comes first."""

    OBJECTED = "objected"
    UNDECLARED = "undeclared"
    SILENT = "silent"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class PaymentMonths:
    """The months of a payment year in a region, for which bases are declared."""

    region_code: str
    first_month: str
    last_month: str


class BaseLine(NamedTuple):
    """One employee, where their base stands, and what they say is wrong."""

    person_id: int
    name: str
    state: BaseState
    words: str | None
    filing: str | None


def count_bases(
    session: Session, employer_id: int, months: PaymentMonths
) -> Mapping[BaseState, int]:
    """Return how many employees stand in each state; one statement."""
    lines = _lines(employer_id, months).subquery()
    rows = session.execute(select(lines.c.state, func.count()).group_by(lines.c.state))
    found = {BaseState(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in BaseState}


def list_bases(
    session: Session, employer_id: int, months: PaymentMonths, *, page: int = 1
) -> tuple[list[BaseLine], bool]:
    """Return a page of an employer's people, those with something to do first; one statement."""
    lines = _lines(employer_id, months).subquery()
    order = case({state.value: at for at, state in enumerate(BaseState)}, value=lines.c.state)
    rows = session.execute(
        select(lines)
        .order_by(order, lines.c.name, lines.c.person_id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    found = [BaseLine(*row)._replace(state=BaseState(row.state)) for row in rows[:PAGE]]
    return found, len(rows) > PAGE


def unanswered_bases(months: PaymentMonths) -> Select[Any]:
    """Return the people of whom a base was declared for these months, and who said nothing to it.

    The statement gives their ids, each once; it is for messages to all of them.
    """
    return (
        select(FilingRow.person_id)
        .join(Filing, Filing.id == FilingRow.filing_id)
        .where(*is_yearly_base(months), ~exists().where(is_about_row(DeclarationAnswer)))
        .distinct()
    )


def is_yearly_base(months: PaymentMonths) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a filing's row declares a yearly base for these months."""
    start = row_month("start_month")
    return (
        FilingRow.region_code == months.region_code,
        FilingRow.state == RowState.APPLIED,
        Filing.kind == FilingKind.BASE,
        # A base is declared from the first month of a payment year, of which there is one in these.
        start >= literal(months.first_month, start.type),
        start <= literal(months.last_month, start.type),
    )


def _insured(employer_id: int, months: PaymentMonths) -> Subquery:
    return (
        select(Enrolment.person_id)
        .where(
            Enrolment.employer_id == employer_id,
            Enrolment.region_code == months.region_code,
            Enrolment.from_month < months.first_month,
            Enrolment.to_month.is_(None),
        )
        .distinct()
        .subquery()
    )


def _is_brought(employer_id: int, months: PaymentMonths) -> ColumnElement[bool]:
    # What an old system brought in is declared, though no filing here and no answer is about it.
    return exists().where(
        DeclaredBase.person_id == Person.id,
        DeclaredBase.employer_id == employer_id,
        DeclaredBase.from_month.between(months.first_month, months.last_month),
        DeclaredBase.origin.not_in(NOT_YEARLY),
        DeclaredBase.withdrawn_at.is_(None),
    )


def _lines(employer_id: int, months: PaymentMonths) -> Select[Any]:
    """Return everybody with a base to declare: insured since before the year (Order 20 Art. 4).

    Whoever came later was declared with the hire and has no yearly base.
    """
    insured = _insured(employer_id, months)
    agrees, words = (
        # The newest answer counts: somebody may object after all, or agree once it is put right.
        select(column)
        .where(is_about_row(DeclarationAnswer))
        .order_by(DeclarationAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
        for column in (DeclarationAnswer.agrees, DeclarationAnswer.words)
    )
    rows = (
        select(
            FilingRow.person_id,
            Filing.reference,
            agrees.label("agrees"),
            words.label("words"),
        )
        .join(Filing, Filing.id == FilingRow.filing_id)
        .where(Filing.employer_id == employer_id, *is_yearly_base(months))
        .subquery()
    )
    state = case(
        (
            rows.c.person_id.is_(None) & ~_is_brought(employer_id, months),
            BaseState.UNDECLARED.value,
        ),
        (rows.c.agrees.is_(None), BaseState.SILENT.value),
        (rows.c.agrees, BaseState.CONFIRMED.value),
        else_=BaseState.OBJECTED.value,
    )
    return (
        select(
            Person.id.label("person_id"),
            Person.name,
            state.label("state"),
            rows.c.words,
            rows.c.reference,
        )
        .join(insured, insured.c.person_id == Person.id)
        .outerjoin(rows, rows.c.person_id == Person.id)
    )
