"""Whose matter a scan belongs to."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.complaints.tables.complaint import Complaint
from siweb.desk.checking.may_open import MatterRow
from siweb.desk.subjects import of_complaint, of_review
from siweb.desk.tasks.subject import of_task
from siweb.evidence.find import find_scan
from siweb.evidence.tables.evidence_file import EvidenceFile
from siweb.reviews.tables.review import Review
from siweb.tasks.tables.task import Task
from siweb.web.read_once import read_once


@dataclass(frozen=True, slots=True)
class OfScan:
    """A scan with what it belongs to."""

    file: EvidenceFile
    matter: MatterRow
    subject: Subject

    @property
    def person_id(self) -> int | None:
        """Return whose affairs the matter is, where it is one person's."""
        return self.matter.person_id


def of_scan(_session: Session, scan: str) -> Subject | None:
    """Return whom the matter of a scan concerns, and where it lies."""
    found = read_once(matter_of_scan, scan)
    return None if found is None else found.subject


def matter_of_scan(session: Session, scan: str) -> OfScan | None:
    """Return a scan with its matter, by what stands in its address."""
    file = find_scan(session, scan)
    if file is None:
        return None
    matter: MatterRow
    if file.task_id is not None:
        matter = session.get_one(Task, file.task_id)
        subject = of_task(session, matter.reference)
    elif file.complaint_id is not None:
        matter = session.get_one(Complaint, file.complaint_id)
        subject = of_complaint(session, matter.reference)
    else:
        matter = session.get_one(Review, file.review_id)
        subject = of_review(session, matter.reference)
    if subject is None:
        return None
    return OfScan(file, matter, subject)
