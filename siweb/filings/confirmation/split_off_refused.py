"""What was not accepted of a sheet stays behind as a draft, to be corrected and sent later."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.filings.drafts.open import open_filing
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState


def split_off_refused(session: Session, filing: Filing, *, actor: Actor, at: datetime) -> Filing:
    """Move the refused rows of a filing that was sent into a new draft, and return it."""
    rest = open_filing(
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
    )
    findings = session.scalars(
        select(FilingRow.findings).where(
            FilingRow.filing_id == filing.id, FilingRow.state == RowState.REFUSED
        )
    ).all()
    codes = Counter(found["code"] for of_row in findings for found in of_row)
    rest.totals = {"codes": {**codes, RowState.REFUSED.value: len(findings)}}
    session.execute(
        update(FilingRow)
        .where(FilingRow.filing_id == filing.id, FilingRow.state == RowState.REFUSED)
        # Moved with their places in the sheet: the returned list says the row that the filer has.
        .values(filing_id=rest.id)
        .execution_options(synchronize_session=False)
    )
    return rest
