"""Whose matter a task is."""

from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.desk.tasks.actions import ACTIONS
from siweb.tasks.find import find_task
from siweb.web.read_once import read_once


def of_task(session: Session, reference: str) -> Subject | None:
    """Return whom a task concerns; it lies in its region, or is the whole office's."""
    shown = read_once(find_task, reference)
    if shown is None:
        return None
    about = ACTIONS[shown.task.kind].subject(session, shown.task)
    region = shown.task.region_code
    regions = frozenset() if region is None else frozenset({region})
    insurances = shown.task.insurances or frozenset()
    return Subject(regions, about.person_ids, about.employer_ids, insurances=insurances)
