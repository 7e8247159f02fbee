"""Take papers back whose words were corrected: others read it at once, and their owner is told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.documents.tables.document import Document
from siweb.messages.notify import notify
from siweb.messages.paper_kinds import PAPERS_REVOKED


def revoke_papers(session: Session, papers: Iterable[Document], *, at: datetime) -> None:
    """Revoke papers of people; each owner is told once, however many there are.

    Whoever gave a bank one of them has to hear it from the office before the bank does.
    """
    owners: dict[int, str] = {}
    for paper in papers:
        paper.revoked_at = at
        # What is in an employer's name is the employer's paper, whoever asked for it.
        if paper.person_id is not None and paper.employer_id is None:
            owners[paper.person_id] = paper.region_code
    for person_id, region in sorted(owners.items()):
        about = ("papers", person_id)
        notify(session, PAPERS_REVOKED, person_id, region_code=region, subject=about, at=at)
