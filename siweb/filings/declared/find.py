"""What was declared about a person, and what they say to it (申报缴纳管理规定 5)."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, is_about_row
from siweb.messages.matter import matter
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer

# The newest so many: over a working life there are some hundred.
_SHOWN = 50


class Declared(NamedTuple):
    """One declaration about me, and my newest answer."""

    filing_id: int
    position: int
    kind: FilingKind
    employer: str
    confirmed_at: datetime
    row_values: dict[str, Any]
    agrees: bool | None
    words: str | None
    is_withdrawn: bool
    region_code: str


def declared_about(session: Session, person_id: int) -> list[Declared]:
    """Return what employers declared about a person, newest first; one statement."""
    newest = select(func.max(DeclarationAnswer.id)).group_by(
        DeclarationAnswer.filing_id, DeclarationAnswer.position
    )
    rows = session.execute(
        select(
            FilingRow.filing_id,
            FilingRow.position,
            Filing.kind,
            Employer.name,
            Filing.confirmed_at,
            FilingRow.row_values,
            DeclarationAnswer.agrees,
            DeclarationAnswer.words,
            FilingRow.state == RowState.WITHDRAWN,
            FilingRow.region_code,
        )
        .join(Filing, Filing.id == FilingRow.filing_id)
        .join(Employer, Employer.id == Filing.employer_id)
        .outerjoin(
            DeclarationAnswer,
            is_about_row(DeclarationAnswer) & DeclarationAnswer.id.in_(newest),
        )
        .where(
            is_of(FilingRow.person_id, person_id),
            FilingRow.state.in_((RowState.APPLIED, RowState.WITHDRAWN)),
        )
        .order_by(Filing.confirmed_at.desc(), FilingRow.filing_id.desc(), FilingRow.position.desc())
        .limit(_SHOWN)
    )
    return [Declared(*row) for row in rows]


def declared_unanswered(person_id: Any) -> Select[Any]:
    """Return the question how much was declared about a person that they have not answered."""
    is_answered = exists().where(is_about_row(DeclarationAnswer))
    return select(*matter("declared", number=func.count())).where(
        is_of(FilingRow.person_id, person_id), FilingRow.state == RowState.APPLIED, ~is_answered
    )


def answer_declaration(
    session: Session,
    person_id: int,
    filing_id: int,
    position: int,
    *,
    agrees: bool,
    words: str,
    actor: Actor,
    at: datetime,
) -> bool:
    """Keep what a person says to a declaration about them; False when there is no such one."""
    region_code = session.scalar(
        select(FilingRow.region_code).where(
            FilingRow.filing_id == filing_id,
            FilingRow.position == position,
            is_of(FilingRow.person_id, person_id),
            FilingRow.state == RowState.APPLIED,
        )
    )
    if region_code is None:
        return False
    session.add(
        DeclarationAnswer(
            filing_id=filing_id,
            position=position,
            region_code=region_code,
            person_id=person_id,
            agrees=agrees,
            words=words,
            answered_at=at,
        )
    )
    session.flush()
    record_activity(
        session,
        "declaration.answered",
        actor=actor,
        at=at,
        subject=("filing_row", f"{filing_id}/{position}"),
        person_id=person_id,
        facts={"agrees": agrees},
    )
    return True
