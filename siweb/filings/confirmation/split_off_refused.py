"""What was not accepted of a sheet stays behind as a draft, to be corrected and sent later."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.drafts.open import open_filing
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState, within
from siweb.queue.portions import Positions


def split_off_refused(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Filing:
    """Move the refused rows of a filing that was sent into a new draft, and return it.

    With what portions of it were moved before, the draft is whole, and everybody finds it.
    """
    rest = split_off_portion(session, filing, None, actor=actor, at=at)
    rest.deleted_at = None
    session.flush()
    return rest


def split_off_portion(
    session: Session, filing: Filing, positions: Positions | None, *, actor: Actor, at: datetime
) -> Filing:
    """Move some of the refused rows of a filing into its rest, which stays hidden meanwhile.

    A draft with a part of the rows could be sent or deleted before the others come.
    """
    rest = begun_rest(session, filing) or _open_rest(session, filing, actor, at)
    refused = (
        FilingRow.filing_id == filing.id,
        FilingRow.state == RowState.REFUSED,
        within(positions),
    )
    findings = session.scalars(select(FilingRow.findings).where(*refused)).all()
    # Counted as they move: to count them all at the end would keep others waiting.
    codes = Counter(codes_of(rest))
    codes.update(found["code"] for of_row in findings for found in of_row)
    codes[RowState.REFUSED.value] += len(findings)
    rest.totals = {"codes": dict(codes)}
    session.execute(
        update(FilingRow)
        .where(*refused)
        # Moved with their places in the sheet: the returned list says the row that the filer has.
        .values(filing_id=rest.id)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return rest


def begun_rest(session: Session, filing: Filing) -> Filing | None:
    """Return the rest into which portions of a filing's refused rows have been moved so far."""
    return session.scalar(
        select(Filing).where(Filing.rest_of_id == filing.id, Filing.deleted_at.is_not(None))
    )


def _open_rest(session: Session, filing: Filing, actor: Actor, at: datetime) -> Filing:
    return open_filing(
        session,
        filing.employer_id,
        filing.kind,
        origin=filing.origin,
        actor=actor,
        at=at,
        rest_of_id=filing.id,
        file_name=filing.file_name,
        defaults=filing.defaults,
        read_at=filing.read_at,
        deleted_at=at,
    )
