"""Who of the staff opens the scans of a matter: its maker, its checker, and who audits."""

from sqlalchemy.orm import Session

from siweb.auth.access import OwnMatter, duties, require_others, visitor
from siweb.auth.staff.duties import acts
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.complaints.tables.complaint import Complaint
from siweb.reviews.tables.review import Review
from siweb.tasks.tables.first_check import FirstCheck
from siweb.tasks.tables.task import Task

MatterRow = Task | Complaint | Review


def may_open(session: Session, matter: MatterRow, subject: Subject) -> bool:
    """Return whether the visitor made a matter, checks it or checked it, or audits there."""
    held = duties()
    regions = subject.regions or {None}
    of = subject.insurances
    if any(acts(held, (Function.AUDIT,), region, of) for region in regions):
        return True
    if not isinstance(matter, Task):
        is_answering = any(acts(held, (Function.REVIEW,), region, of) for region in regions)
        return is_answering and _is_others(subject)
    me = visitor().account_id
    if me in {matter.made_by_account_id, matter.checked_by_account_id}:
        return True
    if matter.closed_at is None:
        place = (matter.region_code, of)
        may_check = acts(held, (matter.function,), *place, wholly=True)
        return may_check and _is_others(subject)
    first = session.get(FirstCheck, matter.id)
    return first is not None and first.checked_by_account_id == me


def _is_others(subject: Subject) -> bool:
    """Return whether the visitor may check it: nobody checks their own matter."""
    try:
        require_others(subject)
    except OwnMatter:
        return False
    return True
