"""What begins to run once a notice is served: the days to answer, to pay, and of the remedies.

A benefit is not stopped here: `siweb day` does that when its month comes.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.collection.assessments.decide import count_days_to_pay
from siweb.collection.assessments.propose import count_hearing
from siweb.complaints.answer import count_remedies
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, ASSESSMENT_PROPOSED
from siweb.messages.kinds.benefits import PENSION_REFUSED
from siweb.messages.kinds.complaints import COMPLAINT_ANSWERED
from siweb.messages.kinds.registration import INJURY_RATE_RAISED
from siweb.messages.kinds.transfers import TRANSFER_REFUSED
from siweb.messages.tables.message import Message
from siweb.pensions.decide import count_remedies as count_remedies_of_pension
from siweb.rules.parameters.pack_set import PackSet
from siweb.service.raise_rate import raise_rate
from siweb.transfers.move import count_remedies as count_remedies_of_transfer

_COUNTS = {
    ASSESSMENT_PROPOSED.name: count_hearing,
    ASSESSMENT_DECIDED.name: count_days_to_pay,
    COMPLAINT_ANSWERED.name: count_remedies,
    PENSION_REFUSED.name: count_remedies_of_pension,
    TRANSFER_REFUSED.name: count_remedies_of_transfer,
}


def take_effect(
    session: Session, message: Message, served_on: date, *, packs: PackSet, at: datetime
) -> None:
    """Count from the day on which a notice is served, in one statement."""
    count, reference = _COUNTS.get(message.kind), message.subject.partition("-")[2]
    if message.kind == INJURY_RATE_RAISED.name:
        raise_rate(session, reference, served_on, at=at)
    elif count is not None:
        count(session, message.region_code, reference, served_on, packs=packs)
