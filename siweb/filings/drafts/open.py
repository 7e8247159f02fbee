"""Open a filing and add rows to it: each is checked at once and keeps what was found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.insert_many import insert_many
from siweb.db.reference_code import new_reference
from siweb.filings.drafts.totals import totals_of
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.finding import ERROR, finding
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.filings.validation.terms import Terms
from siweb.filings.validation.validate_rows import ReadRow, as_kept, validate_rows
from siweb.registry.tables.employer import Employer
from siweb.rules.parameters.pack_set import PackSet

_AT_A_TIME = 5_000


def open_filing(
    session: Session,
    employer_id: int,
    kind: FilingKind,
    *,
    origin: str,
    actor: Actor,
    at: datetime,
    **sheet: Any,
) -> Filing:
    """Return a new draft; `sheet` has the file's name, hash and defaults where there is one."""
    filing = Filing(
        reference=new_reference(12),
        employer_id=employer_id,
        kind=kind,
        origin=origin,
        opened_at=at,
        opened_by_account_id=actor.account_id,
        **sheet,
    )
    session.add(filing)
    session.flush()
    record_activity(session, "filing.opened", actor=actor, at=at, subject=("filing", filing.id))
    return filing


def lock_draft(session: Session, filing: Filing, row: FilingRow | None = None) -> bool:
    """Hold a draft, and a row of it, until the transaction ends; False when it is no draft now.

    Else somebody could send it meanwhile: what is changed then was applied as it was before.
    """
    if row is None:
        session.refresh(filing, with_for_update=True)
    elif not _lock_with_row(session, filing, row):
        return False
    return filing.state is FilingState.DRAFT and filing.is_read


def _lock_with_row(session: Session, filing: Filing, row: FilingRow) -> bool:
    """Read both anew in one statement, or return False where the row is gone.

    Both are locked: PostgreSQL reads only what it waits for as it is after the wait.
    """
    return (
        session.execute(
            select(Filing, FilingRow)
            .join(FilingRow, FilingRow.filing_id == Filing.id)
            .where(Filing.id == filing.id, FilingRow.position == row.position)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        is not None
    )


def add_rows(
    session: Session,
    filing: Filing,
    rows: Sequence[Mapping[str, Any]],
    *,
    packs: PackSet,
    on: date,
) -> list[FilingRow]:
    """Add rows behind those that are there, checked against the register as of a day."""
    first = append_rows(session, filing, rows, filing_terms(session, filing, packs, on))
    mark_doubles(session, filing)
    return list(
        session.scalars(
            select(FilingRow)
            .where(FilingRow.filing_id == filing.id, FilingRow.position >= first)
            .order_by(FilingRow.position)
            .execution_options(populate_existing=True)
        )
    )


def append_rows(
    session: Session, filing: Filing, rows: Sequence[Mapping[str, Any]], terms: Terms
) -> int:
    """Add rows behind those that are there, of which none is about the same person.

    Returns where the first of them stands.
    """
    last = session.scalar(
        select(func.coalesce(func.max(FilingRow.position), 0)).where(
            FilingRow.filing_id == filing.id
        )
    )
    first = int(last or 0) + 1
    placed = [ReadRow(position, row) for position, row in enumerate(rows, first)]
    insert_rows(session, filing, placed, terms)
    return first


def note_totals(session: Session, filing: Filing, *, packs: PackSet, on: date) -> None:
    """Note with a filing of many rows what its pages tell first: counts, and what it comes to."""
    filing.totals = {
        "codes": count_codes(session, filing),
        **totals_of(session, filing, packs=packs, on=on),
    }
    session.flush()


def count_codes(session: Session, filing: Filing) -> dict[str, int]:
    """Return how many rows of a filing there are by state and by code, counted anew."""
    of_filing = FilingRow.filing_id == filing.id
    states = select(FilingRow.state, func.count()).where(of_filing).group_by(FilingRow.state)
    counts = Counter({state.value: count for state, count in session.execute(states)})
    findings_there = select(FilingRow.findings).where(
        of_filing, cast(FilingRow.findings, String) != "[]"
    )
    for findings in session.scalars(findings_there.execution_options(yield_per=_AT_A_TIME)):
        counts.update(found["code"] for found in findings)
    return dict(counts)


def insert_rows(
    session: Session, filing: Filing, rows: Sequence[ReadRow], terms: Terms
) -> Counter[str]:
    """Check a few thousand rows and keep them; return how many there are by state and code."""
    if not rows:
        return Counter()
    checked = validate_rows(session, filing.kind, rows, terms)
    names = ("filing_id", "region_code", *checked[0])
    of_filing = (filing.id, terms.region_code)
    insert_many(
        session, FilingRow.__table__, names, ((*of_filing, *row.values()) for row in checked)
    )
    counts = Counter(row["state"].value for row in checked)
    counts.update(found["code"] for row in checked for found in row["findings"])
    return counts


def mark_doubles(session: Session, filing: Filing) -> int:
    """Refuse good rows about somebody of whom an earlier one of the filing tells; return how many.

    A filing does one thing with a person: a second row would undo or double it.
    """
    first = func.min(FilingRow.position).over(partition_by=FilingRow.number_digest).label("first")
    good = (
        select(FilingRow.position, first)
        .where(FilingRow.filing_id == filing.id, FilingRow.state == RowState.GOOD)
        .subquery("good")
    )
    doubles = session.execute(
        select(good.c.position, good.c.first).where(good.c.position > good.c.first)
    )
    marked = [
        {"at": position, "found": as_kept([finding("twice_in_filing", ERROR, row=row)])}
        for position, row in doubles
    ]
    if marked:
        rows: Any = FilingRow.__table__
        session.execute(
            update(rows)
            .where(rows.c.filing_id == filing.id, rows.c.position == bindparam("at"))
            .values(state=RowState.REFUSED, is_late=False, findings=bindparam("found")),
            marked,
        )
    return len(marked)


def filing_terms(session: Session, filing: Filing, packs: PackSet, on: date) -> Terms:
    """Return what the rows of a filing are checked by."""
    employer = session.get_one(Employer, filing.employer_id)
    return Terms(employer.id, employer.region_code, employer.status, packs, on)
