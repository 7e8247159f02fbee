"""What begins to run once a notice is served: the days to answer, to pay, and of the remedies.

A benefit is not stopped here: `siweb day` does that when its month comes.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.collection.assessments.decide import count_days_to_pay
from siweb.collection.assessments.propose import count_hearing
from siweb.collection.tables.assessment import Assessment
from siweb.complaints.answer import count_remedies
from siweb.complaints.tables.complaint import Complaint
from siweb.messages import kinds
from siweb.messages.tables.message import Message
from siweb.rules.parameters.pack_set import PackSet

_OF_ASSESSMENTS = {kinds.ASSESSMENT_PROPOSED.name, kinds.ASSESSMENT_DECIDED.name}


def take_effect(session: Session, message: Message, served_on: date, *, packs: PackSet) -> None:
    """Count from the day on which a notice is served; earlier days than were told never result."""
    _about, _, named = message.subject.partition("-")
    if message.kind in _OF_ASSESSMENTS:
        assessment = session.scalar(select(Assessment).where(Assessment.reference == named))
        if assessment is not None:
            is_proposed = message.kind == kinds.ASSESSMENT_PROPOSED.name
            count = count_hearing if is_proposed else count_days_to_pay
            count(session, assessment, served_on, packs=packs)
    elif message.kind == kinds.COMPLAINT_ANSWERED.name:
        complaint = session.scalar(select(Complaint).where(Complaint.reference == named))
        if complaint is not None:
            count_remedies(session, complaint, served_on, packs=packs)
