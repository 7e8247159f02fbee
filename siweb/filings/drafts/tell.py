"""Tell an employer what became of a filing."""

from datetime import datetime

from sqlalchemy.orm import Session

from siweb.filings.tables.filing import Filing
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import notify
from siweb.registry.tables.employer import Employer


def tell_of_filing(session: Session, filing: Filing, kind: MessageKind, *, at: datetime) -> None:
    """Tell the employer of a filing."""
    notify(
        session,
        kind,
        filing.employer_id,
        region_code=session.get_one(Employer, filing.employer_id).region_code,
        subject=("filing", filing.id),
        at=at,
    )
